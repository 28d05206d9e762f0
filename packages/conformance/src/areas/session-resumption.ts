import { TicketKeys } from '@tlsio/core'
import { hex, offeredSessions, RecordType } from '@tlsio/core/wire'
import { distinct, equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, pattern, record } from '../bytes.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forA, forAAndB, viaIntermediate } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import {
  bothResume,
  bothResumeBySession,
  bothResumeByTicket,
  connectOnce,
  copied,
  resumed,
} from '../resumption.js'
import { resumedVerification } from './resumed-verification.js'
import { resumptionOverStreams } from './resumption-over-streams.js'
import { separateSessions } from './separate-sessions.js'
import { sessionStores } from './session-stores.js'

/** With a fresh key exchange, so that who learns the key of a ticket cannot read old traffic. */
const pskDheKe = 1

const single = 'RFC 8446 Appendix C.4: clients should not reuse a ticket'

const cases: readonly ConformanceCase[] = [
  {
    title: 'automatic',
    source: 'GIO glib-networking: session cache',
    requires: bothResume,
    async run(context) {
      const first = await connectOnce(context)
      sameList(first.offered(), [], 'What the first connection offers')
      resumed(first, false)
      const second = await connectOnce(context)
      equal(second.offered().length, 1, 'The number of sessions on offer')
      resumed(second, true)
      if (context.version !== 'TLSv1.3') return
      const answer = second.streams.clientWire.received.serverHellos.at(-1)
      equal(answer?.selectedPsk, 0, 'The ticket that the server chose on the wire')
    },
  },
  {
    title: 'automatic-without-watching-for-truncation',
    source: 'GIO glib-networking: session cache; an engine may take the very stream',
    requires: bothResume,
    async run(context) {
      const off = { requireCloseNotify: false }
      const options = { bare: true, client: off, server: off }
      resumed(await connectOnce(context, options), false)
      resumed(await connectOnce(context, options), true)
    },
  },
  // wolfSSL/wolfssl#11082, rustls/rustls#466, openssl/openssl#6601
  {
    title: 'ticket-offered-once',
    source: single,
    requires: bothResumeByTicket,
    async run(context) {
      const offered: string[] = []
      let resumptions = 0
      for (let count = 0; count < 50; count++) {
        const pair = await connectOnce(context)
        offered.push(...pair.offered())
        if (pair.server.isSessionResumed === true) resumptions++
      }
      distinct(offered, 'The tickets offered in 50 connections')
      ok(resumptions > 0, 'the server resumed at all')
      equal(resumptions, offered.length, 'How many of the tickets were good')
    },
  },
  // scylladb/python-driver#985, openssl/openssl#19687
  {
    title: 'ticket-offered-once-at-the-same-time',
    source: single,
    requires: bothResumeByTicket,
    async run(context) {
      await connectOnce(context)
      const pairs = await Promise.all(Array.from({ length: 8 }, () => context.connect()))
      distinct(
        pairs.flatMap((pair) => pair.offered()),
        'The tickets offered by 8 connections at once',
      )
    },
  },
  {
    title: 'session-used-again',
    source: 'RFC 5246 §7.3: a session may be resumed any number of times',
    requires: bothResumeBySession,
    async run(context) {
      await connectOnce(context)
      for (let count = 0; count < 5; count++) resumed(await connectOnce(context), true)
    },
  },
  // nodejs/node#3940, nodejs/node#7672: the certificate was gone on a resumed connection.
  {
    title: 'facts-on-a-resumed-connection',
    source: 'GIO GTlsConnection:peer-certificate; TlsConnection.peerCertificate',
    requires: bothResume,
    async run(context) {
      const both = context.client.supports.alpn && context.server.supports.alpn
      const protocols = both ? ['x-one'] : null
      const options: PairOptions = {
        certificate: viaIntermediate,
        client: { advertisedProtocols: protocols },
        server: { advertisedProtocols: protocols },
      }
      const { client: first } = await connectOnce(context, options)
      const { client: again, server } = await context.connect(options)
      equal(server.isSessionResumed, true, 'Whether the server resumed a session')
      const { issuer } = certificateOf(viaIntermediate)
      const leaf = again.peerCertificate
      ok(leaf?.isSame(certificateOf(viaIntermediate)) === true, 'peerCertificate is there')
      ok(issuer !== null && leaf?.issuer?.isSame(issuer) === true, 'with its issuer')
      equal(again.peerCertificateErrors, 0, 'peerCertificateErrors')
      const [before, now] = [first, again].map(({ peerVerification }) => peerVerification)
      equal(now?.errors, 0, 'The errors in peerVerification')
      equal(now?.findings.length, 0, 'The number of findings in peerVerification')
      equal(now?.path.map(hex).join(), before?.path.map(hex).join(), 'The path that was judged')
      equal(now?.engineErrors, before?.engineErrors, 'The verdict of the engine')
      equal(again.negotiatedProtocol, protocols?.[0] ?? null, 'negotiatedProtocol')
      equal(again.protocolVersion, context.version, 'protocolVersion')
      ok(again.cipherSuite !== null, 'cipherSuite is there')
    },
  },
  // nodejs/node#28985, nodejs/node#57175, nodejs/node#62067
  {
    title: 'server-name-on-a-resumed-connection',
    source: 'RFC 6066 §3: the client sends it when it resumes too; TlsServerConnection.serverName',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const { server } = await connectOnce(context)
      equal(server.isSessionResumed, true, 'Whether the server resumed a session')
      equal(server.serverName, 'a.test', "The server's serverName")
    },
  },
  // curl/curl#6149, oven-sh/bun#36475
  {
    title: 'kept-although-nothing-is-read',
    source: 'RFC 8446 §4.6.1: tickets may come at any time; GIO glib-networking: during reads only',
    requires: bothResume,
    async run(context) {
      const pair = await context.pair()
      await pair.handshake()
      const session = await deadline(pair.client.getSession({ wait: 5000 }), 'A session')
      ok(session.isResumable, 'a session has come')
      await pair.close()
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'unused-connection-takes-nothing',
    source: 'GIO glib-networking OpenSSL: a ticket is taken at construction; ours at the handshake',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      for (let count = 0; count < 20; count++) {
        const { client } = await context.pair()
        await client.close()
      }
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'without-identity-nothing-is-kept',
    source: 'TlsClientConnection.serverIdentity: with null the session store is not used',
    requires: bothResume,
    async run(context) {
      const nobody = { client: { serverIdentity: null, acceptCertificate: () => true } }
      await connectOnce(context, nobody)
      const next = await connectOnce(context, nobody)
      sameList(next.offered(), [], 'What the next one offers')
    },
  },
  // denoland/deno#36228, dotnet/runtime#78305
  {
    title: 'off/offers-nothing',
    source: 'GIO session-resumption-enabled',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const off = await connectOnce(context, { client: { sessionResumption: 'off' } })
      sameList(off.offered(), [], 'What it offers')
      resumed(off, false)
      resumed(await connectOnce(context), true)
    },
  },
  {
    title: 'off/keeps-nothing',
    source: 'GIO session-resumption-enabled',
    requires: bothResume,
    async run(context) {
      const off = await connectOnce(context, { client: { sessionResumption: 'off' } })
      equal(off.sessions.length, 0, 'The number of session events')
      const next = await connectOnce(context)
      sameList(next.offered(), [], 'What the next connection offers')
    },
  },
  // nodejs/node#28931: early data can be replayed, so nobody gets it unasked.
  {
    title: 'ticket-with-fresh-keys-and-no-early-data',
    source:
      'RFC 8446 §2.2, §4.2.9: psk_dhe_ke; §8, Appendix E.5: early data only where it is asked for',
    requires: bothResumeByTicket,
    async run(context) {
      await connectOnce(context)
      const pair = await connectOnce(context)
      resumed(pair, true)
      const [hello] = pair.streams.clientWire.sent.clientHellos
      sameList(hello?.pskKeyExchangeModes ?? [], [pskDheKe], 'The ways a ticket may be used in')
      equal(hello?.earlyData, false, 'Whether early data is announced')
    },
  },
  {
    title: 'backends-share-nothing',
    source: 'BackendOptions.sessionStore: one of its own',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const other = await connectOnce(context, { clientBackend: context.createBackend() })
      sameList(other.offered(), [], 'What a client of another backend offers')
    },
  },
  {
    title: 'failed-handshake-drops-what-it-offered',
    source: 'GIO glib-networking up to 2.62: a failed handshake removes the cache entry',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const { client: stream, server, clientWire } = await context.streams()
      const connection = context.clientOn(stream)
      await server.write(bytesOf('220 ready\r\n'))
      await deadline(rejects(connection.handshake(), {}, 'The handshake'), 'The handshake')
      const lost = clientWire.sent.clientHellos.flatMap(offeredSessions)
      equal(lost.length, 1, 'The number of sessions it offered')
      // It is offered at most after all others that were there.
      for (let count = 0; count < 4; count++) {
        const next = await connectOnce(context)
        ok(!next.offered().includes(lost[0] ?? ''), 'it is not offered again')
      }
    },
  },
  {
    title: 'truncation-drops-the-session',
    source: 'RFC 5246 §7.2.1: a session that ended without close_notify; OpenSSL',
    requires: (subject) =>
      bothResumeBySession(subject) && subject.client.truncationDetection !== 'never',
    async run(context) {
      const pair = await context.connect()
      await pair.streams.server.closeWrite()
      await deadline(rejects(pair.client.read(), { code: 'TLS_EOF' }, 'A read'), 'The end')
      const next = await connectOnce(context)
      sameList(next.offered(), [], 'What the next connection offers')
    },
  },
  // Mbed-TLS/mbedtls#4614, openssl/openssl#1069
  ...(['sent', 'received'] as const).map(
    (which): ConformanceCase => ({
      title: `fatal-alert-${which}-drops-the-session`,
      source: 'RFC 5246 §7.2.2; RFC 8446 §6.2: a fatal alert ends the session as well',
      requires: bothResume,
      async run(context) {
        const pair = await context.connect()
        const damaged = record(context.version, RecordType.APPLICATION_DATA, pattern(64))
        const { client, server } = pair.streams
        const atServer = rejects(pair.server.read(), {}, "The server's read")
        await (which === 'sent' ? server : client).write(damaged)
        await deadline(rejects(pair.client.read(), { code: 'TLS_MISC' }, 'A read'), 'A read')
        await deadline(atServer, "The server's read")
        const next = await connectOnce(context)
        sameList(next.offered(), [], 'What the next connection offers')
        // Who asks for this connection's session by name may have it all the same.
        const copy = await copied(context, pair.client)
        equal(copy.offered().length, 1, 'The number of sessions that a copy offers')
      },
    }),
  ),
  {
    title: 'server-that-refuses-gets-a-full-handshake',
    source: 'RFC 8446 §2.2; RFC 5077 §3.1: resumption may always be refused',
    requires: bothResume,
    async run(context) {
      await connectOnce(context)
      const other = await connectOnce(context, { server: { ticketKeys: TicketKeys.generate() } })
      equal(other.offered().length, 1, 'The number of sessions on offer')
      resumed(other, false)
      equal(other.client.peerCertificateErrors, 0, 'peerCertificateErrors')
    },
  },
  // nodejs/node#39691, nodejs/node#60847
  {
    title: 'server-with-shared-ticket-keys',
    source: 'RFC 5077 §4; ServerConnectionOptions.ticketKeys',
    requires: bothResume,
    async run(context) {
      const ticketKeys = TicketKeys.generate()
      await connectOnce(context, { server: { ticketKeys } })
      resumed(await connectOnce(context, { server: { ticketKeys } }), true)
    },
  },
  {
    title: 'server-with-other-ticket-keys',
    source: 'RFC 5077 §4; ServerConnectionOptions.ticketKeys',
    requires: bothResume,
    async run(context) {
      for (let count = 0; count < 2; count++) {
        const ticketKeys = TicketKeys.generate()
        resumed(await connectOnce(context, { server: { ticketKeys } }), false)
      }
    },
  },
  {
    title: 'server-with-another-certificate',
    source: 'ServerConnectionOptions.ticketKeys: by default those of the certificate',
    requires: bothResume,
    async run(context) {
      await connectOnce(context, { certificate: forA })
      resumed(await connectOnce(context, { certificate: forAAndB }), false)
    },
  },
]

/**
 * What automatic resumption and the session methods do, with the server and the wire as witnesses.
 */
export const sessionResumption: ConformanceArea = {
  name: 'session-resumption',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [
    ...cases,
    ...separateSessions,
    ...sessionStores,
    ...resumedVerification,
    ...resumptionOverStreams,
  ],
}
