import { TlsDatabase } from '@tlsio/core'
import { equal, ok, rejects, sameList } from '../assertions.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { endsIn2100, forA, forAAndB, fromOtherCa } from '../fixtures/fixtures.js'
import { certificateOf, otherDatabase } from '../fixtures/load.js'
import { ManualClock } from '../manual-clock.js'
import { bothResume, connectOnce } from '../resumption.js'

const weaken = 'GIO glib-networking: resumption must not weaken verification'

const onName = (hostname: string, port = 990): PairOptions => ({
  client: { serverIdentity: { hostname, port } },
  certificate: forAAndB,
})

/** A resumed peer is judged like any other: part of the area `session-resumption`. */
export const resumedVerification: readonly ConformanceCase[] = [
  // CVE-2026-48934, oven-sh/bun#36131, oven-sh/bun#33734
  {
    title: 'wrong-name-is-not-accepted',
    source: weaken,
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const pair = await context.pair(onName('b.test'))
      const wrong = await context.pair({ ...onName('b.test'), certificate: forA })
      const { client: error } = await wrong.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      sameList(wrong.offered(), [], 'What it offers')
      await pair.handshake()
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
    },
  },
  // Xor-el/TlsLib4Pascal#34
  {
    title: 'accepted-certificate-is-not-remembered',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const lax: PairOptions = {
        certificate: fromOtherCa,
        client: { acceptCertificate: () => true },
      }
      await connectOnce(context, lax)
      const strict = await context.pair({ certificate: fromOtherCa })
      const { client: error } = await strict.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      sameList(strict.offered(), [], 'What the strict connection offers')
    },
  },
  {
    title: 'application-is-asked-each-time',
    source: weaken,
    requires: bothResume,
    async run(context) {
      let asked = 0
      const lax: PairOptions = {
        certificate: fromOtherCa,
        client: { acceptCertificate: () => ++asked > 0 },
      }
      await connectOnce(context, lax)
      const again = await connectOnce(context, lax)
      equal(asked, 2, 'How often it was asked for two connections')
      ok(again.client.peerCertificateErrors !== 0, 'the errors are told again')
    },
  },
  // rustls/rustls#2284, rustls/rustls#2361
  {
    title: 'no-trust-anchors-no-acceptance',
    source: 'GIO GTlsConnection:database: null gives every peer UNKNOWN_CA',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      for (const database of [null, TlsDatabase.fromCertificates([]), otherDatabase()]) {
        const pair = await context.pair({ client: { database } })
        const { client: error } = await pair.attempt()
        const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 1 }
        await rejects(Promise.reject(error), expected, 'The handshake')
        sameList(pair.offered(), [], 'What it offers')
      }
    },
  },
  {
    title: 'default-database-replaced',
    source: 'GIO g_tls_backend_set_default_database(); sessions are bound to what was trusted',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      context.client.setDefaultDatabase(otherDatabase())
      const pair = await context.pair()
      const { client: error } = await pair.attempt()
      await rejects(Promise.reject(error), { code: 'TLS_BAD_CERTIFICATE' }, 'The handshake')
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'certificate-expired-since',
    source: `${weaken}: validity is judged now`,
    requires: bothResume,
    async run(context) {
      const clock = new ManualClock()
      const options = { clientBackend: context.createBackend({ clock }) }
      await connectOnce(context, { ...options, certificate: endsIn2100 })
      clock.setTimeOfDay(Date.UTC(2110, 0))
      const next = await connectOnce(context, { ...options, certificate: forA })
      sameList(next.offered(), [], 'What is offered after the certificate has expired')
      ok(next.client.peerCertificate?.isSame(certificateOf(forA)) === true, 'the new one is shown')
    },
  },
]
