import { TlsDatabase } from '@tlsio/core'
import { equal, ok, rejects, sameList } from '../assertions.js'
import type { PairOptions } from '../case-context.js'
import { type ConformanceCase, sharedVersions } from '../conformance-case.js'
import {
  client,
  forA,
  forB,
  forLocalhost,
  fromOtherCa,
  otherCa,
  otherClient,
  testCa,
} from '../fixtures/fixtures.js'
import { certificateOf, otherDatabase } from '../fixtures/load.js'
import { ManualClock } from '../manual-clock.js'
import { bothResume, copied, copy, dataConnection, resumed } from '../resumption.js'

const gio = 'GIO g_tls_client_connection_copy_session_state()'
const unweakened = `${gio}: never lets a connection accept a peer it would not accept otherwise`

/** A copied session is judged like any other: part of the area `copy-session-state`. */
export const copiesDoNotWeaken: readonly ConformanceCase[] = [
  // CVE-2026-48934: node:tls connected with a session of another name, and checked none.
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
  // rustls/rustls#2284, rustls/rustls#2361, sidorares/node-mysql2#4529
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
  // Xor-el/TlsLib4Pascal#34, nodejs/node#35317
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
  // patrickjuchli/basic-ftp#282: a data connection to the address that PASV gave.
  {
    title: 'to-an-address-not-on-the-certificate',
    source: unweakened,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const pair = await context.pair({ client: { serverIdentity: { address: '192.0.2.1' } } })
      copy(pair.client, control.client)
      const { client: error } = await pair.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 2 }
      await rejects(Promise.reject(error), expected, 'The handshake')
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  // nodejs/node#64402
  {
    title: 'between-a-name-and-an-address-of-one-certificate',
    source: gio,
    requires: bothResume,
    async run(context) {
      const certificate = forLocalhost
      const named = { certificate, client: { serverIdentity: { hostname: 'localhost' } } }
      const addressed = { certificate, client: { serverIdentity: { address: '127.0.0.1' } } }
      for (const [from, to] of [
        [named, addressed],
        [addressed, named],
      ] as const) {
        const control = await context.connect(from)
        const pair = await copied(context, control.client, to)
        resumed(pair, true)
        equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
      }
    },
  },
  // nodejs/node#64402: the session was bound to the very letters of the name.
  {
    title: 'to-the-same-name-in-other-spelling',
    source: 'RFC 4343: names are compared without case; RFC 6066 §3: without a trailing dot',
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      for (const hostname of ['A.TEST', 'a.test.']) {
        const pair = await copied(context, control.client, {
          client: { serverIdentity: { hostname } },
        })
        resumed(pair, true)
        equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
      }
    },
  },
  // nodejs/node#35317
  {
    title: 'to-another-client-certificate',
    source: `${gio}; a session stands for the one who authenticated`,
    requires: (subject) => bothResume(subject) && subject.client.clientCertificates,
    async run(context) {
      const certificates = [undefined, certificateOf(client), certificateOf(otherClient)]
      for (const theirs of certificates) {
        const control = await context.connect({ client: { certificate: theirs } })
        for (const ours of certificates) {
          const to = { client: { ...dataConnection.client, certificate: ours } }
          const pair = await copied(context, control.client, to)
          equal(pair.offered().length, ours === theirs ? 1 : 0, 'The number of sessions on offer')
          resumed(pair, ours === theirs)
        }
      }
    },
  },
  {
    title: 'to-other-versions',
    source: 'RFC 8446 §4.2.11: a session resumes in the version it was agreed with',
    requires: (subject) => bothResume(subject) && sharedVersions(subject).length > 1,
    async run(context) {
      const { client: here, server: there } = context
      const shared = sharedVersions({ client: here.supports, server: there.supports })
      const other = shared.find((version) => version !== context.version)
      const versions = { minVersion: other, maxVersion: other }
      const control = await context.connect({ client: versions, server: versions })
      const pair = await copied(context, control.client)
      sameList(pair.offered(), [], 'What it offers')
      resumed(pair, false)
      equal(pair.client.protocolVersion, context.version, 'protocolVersion')
    },
  },
]
