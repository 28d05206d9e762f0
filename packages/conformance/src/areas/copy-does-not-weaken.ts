import { TlsDatabase } from '@tlsio/core'
import { ok, rejects, sameList } from '../assertions.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { forA, forB, fromOtherCa, otherCa, testCa } from '../fixtures/fixtures.js'
import { otherDatabase } from '../fixtures/load.js'
import { ManualClock } from '../manual-clock.js'
import { bothResume, copied, copy, dataConnection, resumed } from '../resumption.js'

const gio = 'GIO g_tls_client_connection_copy_session_state()'
const unweakened = `${gio}: never lets a connection accept a peer it would not accept otherwise`

/** A copied session is judged like any other: part of the area `copy-session-state`. */
export const copiesDoNotWeaken: readonly ConformanceCase[] = [
  {
    title: 'to-a-name-not-on-the-certificate',
    source: unweakened,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const onB: PairOptions = {
        certificate: forB,
        client: { serverIdentity: { hostname: 'b.test' } },
      }
      const pair = await copied(context, control.client, onB)
      sameList(pair.offered(), [], 'What it offers')
      resumed(pair, false)
      const impostor = await context.pair({
        certificate: forA,
        client: { serverIdentity: { hostname: 'b.test', port: 50_001 } },
      })
      copy(impostor.client, control.client)
      const { client: error } = await impostor.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 2 }
      await rejects(Promise.reject(error), expected, 'The handshake with the wrong server')
      sameList(impostor.offered(), [], 'What it offers to the wrong server')
    },
  },
  {
    title: 'to-no-identity',
    source: unweakened,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const pair = await context.pair({ client: { serverIdentity: null } })
      copy(pair.client, control.client)
      const { client: error } = await pair.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 2 }
      await rejects(Promise.reject(error), expected, 'The handshake')
    },
  },
  {
    title: 'to-other-trust',
    source: unweakened,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      for (const database of [otherDatabase(), null]) {
        const pair = await context.pair({ client: { database } })
        copy(pair.client, control.client)
        const { client: error } = await pair.attempt()
        const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 1 }
        await rejects(Promise.reject(error), expected, 'The handshake')
        sameList(pair.offered(), [], 'What it offers')
      }
      const database = TlsDatabase.fromPem(testCa + otherCa)
      resumed(await copied(context, control.client, { client: { database } }), false)
    },
  },
  {
    title: 'from-a-source-that-accepted-anything',
    source: unweakened,
    requires: bothResume,
    async run(context) {
      const certificate = fromOtherCa
      const acceptCertificate = () => true
      const control = await context.connect({ certificate, client: { acceptCertificate } })
      const strict = await context.pair({ certificate })
      copy(strict.client, control.client)
      const { client: error } = await strict.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      sameList(strict.offered(), [], 'What the strict connection offers')
      const lax = { certificate, client: { ...dataConnection.client, acceptCertificate } }
      const pair = await copied(context, control.client, lax)
      resumed(pair, true)
      ok(pair.client.peerCertificateErrors !== 0, 'the errors are told again')
    },
  },
  {
    title: 'after-the-certificate-has-expired',
    source: `${unweakened}: validity is judged now`,
    requires: bothResume,
    async run(context) {
      const clock = new ManualClock()
      const clientBackend = context.createBackend({ clock })
      const control = await context.connect({ clientBackend })
      clock.setTimeOfDay(Date.UTC(2125, 0))
      const pair = await context.pair({ ...dataConnection, clientBackend })
      copy(pair.client, control.client)
      const { client: error } = await pair.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 8 }
      await rejects(Promise.reject(error), expected, 'The handshake')
      sameList(pair.offered(), [], 'What it offers')
    },
  },
]
