import {
  MemorySessionStore,
  type SessionStore,
  TicketKeys,
  type TlsClientConnection,
} from '@tlsio/core'
import { distinct, equal, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forAAndB } from '../fixtures/fixtures.js'
import {
  bothResume,
  bothResumeByTicket,
  copied,
  copy,
  dataConnection,
  resumed,
} from '../resumption.js'
import { copiesChangeNothing } from './copy-changes-nothing.js'
import { copiesDoNotWeaken } from './copy-does-not-weaken.js'
import { harmlessCopies } from './copy-is-harmless.js'

const gio = 'GIO g_tls_client_connection_copy_session_state()'
const family = `${gio}; not glib-networking: never a session of another connection to the same host`

const cases: readonly ConformanceCase[] = [
  // The peer proves to resume, and the client claims to: here nothing is left open.
  {
    title: 'resumes',
    source: gio,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const pair = await copied(context, control.client)
      equal(pair.offered().length, 1, 'The number of sessions on offer')
      resumed(pair, true)
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
      ok(pair.client.peerCertificate !== null, 'peerCertificate is there')
    },
  },
  {
    title: 'resumes-without-watching-for-truncation',
    source: `${gio}; an engine may take the very stream`,
    requires: bothResume,
    async run(context) {
      const off = { requireCloseNotify: false }
      const control = await context.connect({ bare: true, client: off, server: off })
      const client = { ...dataConnection.client, ...off }
      resumed(await copied(context, control.client, { bare: true, client, server: off }), true)
    },
  },
  {
    title: 'after-the-source-has-closed',
    source: gio,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      await control.close()
      resumed(await copied(context, control.client), true)
    },
  },
  {
    title: 'from-a-half-closed-source',
    source: gio,
    requires: (subject) =>
      bothResume(subject) && subject.client.halfClose && subject.server.halfClose,
    async run(context) {
      const control = await context.connect()
      await deadline(control.client.closeWrite(), 'closeWrite')
      resumed(await copied(context, control.client), true)
    },
  },
  // nodejs/node#25831: the ticket comes after the handshake.
  {
    title: 'before-the-source-has-a-session',
    source: 'TlsClientConnection.copySessionState: chosen when the handshake starts',
    requires: bothResume,
    async run(context) {
      const control = await context.pair()
      const pair = await context.pair(dataConnection)
      copy(pair.client, control.client)
      await control.handshake()
      await control.settle()
      await pair.handshake()
      resumed(pair, true)
    },
  },
  // patrickjuchli/basic-ftp#60, curl/curl#3002, curl/curl#4654, php/php-src#9348
  {
    title: 'ten-one-after-the-other',
    source: `${gio}: used again where no ticket is left, as FTP needs`,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      for (let count = 0; count < 10; count++) {
        const pair = await copied(context, control.client)
        resumed(pair, true)
        await pair.close()
      }
    },
  },
  // scylladb/python-driver#985, scylladb/nodejs-rs-driver#549
  {
    title: 'six-at-the-same-time',
    source: `${gio}: used again where no ticket is left, as FTP needs`,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const six = Array.from({ length: 6 }, () => copied(context, control.client))
      for (const pair of await Promise.all(six)) resumed(pair, true)
    },
  },
  // wolfSSL/wolfssl#11082, openssl/openssl#19687
  {
    title: 'at-the-same-time/unused-tickets-first',
    source: `${gio}: a ticket is used again only where none is left`,
    requires: bothResumeByTicket,
    async run(context) {
      const control = await context.connect()
      const copies = control.sessions.map(() => copied(context, control.client))
      const pairs = await Promise.all(copies)
      distinct(
        pairs.flatMap((pair) => pair.offered()),
        'The tickets that as many copies offer',
      )
    },
  },
  {
    title: 'at-the-same-time/never-the-ticket-of-an-automatic-connection',
    source: 'RFC 8446 Appendix C.4: a ticket is offered once on the automatic path',
    requires: bothResumeByTicket,
    async run(context) {
      for (const copyFirst of [true, false]) {
        const control = await context.connect()
        const automatic = await context.pair()
        const copying = await context.pair()
        copy(copying.client, control.client)
        const order = copyFirst ? [copying, automatic] : [automatic, copying]
        await Promise.all(order.map((pair) => pair.handshake()))
        distinct([...automatic.offered(), ...copying.offered()], 'The tickets that the two offer')
      }
    },
  },
  {
    title: 'from-a-resumed-source',
    source: 'TlsClientConnection.copySessionState: it passes on what it inherited',
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      await control.close()
      const again = await context.connect()
      resumed(again, true)
      for (let count = 0; count < 3; count++) resumed(await copied(context, again.client), true)
    },
  },
  // patrickjuchli/basic-ftp#277, rustls/rustls#2204
  {
    title: 'from-a-copy',
    source: 'TlsClientConnection.copySessionState: it passes on what it inherited',
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const first = await copied(context, control.client)
      resumed(await copied(context, first.client), true)
    },
  },
  {
    title: 'unused-tickets-first',
    source: 'RFC 8446 Appendix C.4; TlsClientConnection.copySessionState',
    requires: bothResumeByTicket,
    async run(context) {
      const control = await context.connect()
      const offered: string[] = []
      for (const _ of control.sessions) {
        offered.push(...(await copied(context, control.client)).offered())
      }
      equal(offered.length, control.sessions.length, 'The number of tickets offered')
      distinct(offered, 'The tickets offered while there were unused ones')
    },
  },
  {
    title: 'what-a-copy-offered-is-not-offered-by-the-store',
    source: 'RFC 8446 Appendix C.4: the automatic path offers no ticket twice',
    requires: bothResumeByTicket,
    async run(context) {
      const control = await context.connect()
      const offered = (await copied(context, control.client)).offered()
      for (let count = 0; count < 4; count++) {
        const automatic = (await context.connect()).offered()
        ok(!automatic.some((ticket) => offered.includes(ticket)), 'the store offers another one')
      }
    },
  },
  // proftpd/proftpd#968, proftpd/proftpd#972, rustls/rustls#705
  {
    title: 'own-control-connection',
    source: family,
    requires: bothResume,
    async run(context) {
      const [one, other] = [TicketKeys.generate(), TicketKeys.generate()]
      const first = await context.connect({ server: { ticketKeys: one } })
      const second = await context.connect({ server: { ticketKeys: other } })
      for (let count = 0; count < 4; count++) {
        const ofFirst = { ...dataConnection, server: { ticketKeys: one } }
        const ofSecond = { ...dataConnection, server: { ticketKeys: other } }
        resumed(await copied(context, first.client, ofFirst), true)
        resumed(await copied(context, second.client, ofSecond), true)
      }
    },
  },
  {
    title: 'own-control-connection-on-the-wire',
    source: family,
    requires: bothResumeByTicket,
    async run(context) {
      const first = await context.connect()
      const second = await context.connect({ clientBackend: context.createBackend() })
      const [ofFirst, ofSecond]: [string[], string[]] = [[], []]
      for (let count = 0; count < 4; count++) {
        ofFirst.push(...(await copied(context, first.client)).offered())
        ofSecond.push(...(await copied(context, second.client)).offered())
      }
      ok(!ofFirst.some((ticket) => ofSecond.includes(ticket)), 'no ticket is offered for both')
    },
  },
  {
    title: 'refused-copy-gives-the-source-nothing',
    source: family,
    requires: bothResumeByTicket,
    async run(context) {
      const ticketKeys = TicketKeys.generate()
      const control = await context.connect({ server: { ticketKeys } })
      // This one is refused, so its tickets belong to a session that is not the source's.
      const elsewhere = await copied(context, control.client)
      resumed(elsewhere, false)
      for (let count = 0; count < 4; count++) {
        const pair = await copied(context, control.client, {
          ...dataConnection,
          server: { ticketKeys },
        })
        resumed(pair, true)
      }
    },
  },
  {
    title: 'source-is-unchanged',
    source: gio,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const before = await control.client.getSession()
      await copied(context, control.client)
      equal(await control.client.getSession(), before, 'What getSession gives')
      equal(control.client.isSessionResumed, false, 'isSessionResumed')
      await control.settle()
    },
  },
  {
    title: 'failed-target-does-not-harm-the-source',
    source: gio,
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const { client, server } = await context.streams()
      const target = context.clientOn(client, dataConnection)
      copy(target, control.client)
      await server.write(bytesOf('425 no data connection\r\n'))
      await deadline(rejects(target.handshake(), {}, 'The handshake'), 'The handshake')
      await control.settle()
      if (context.version === 'TLSv1.3') resumed(await copied(context, control.client), true)
      else await copied(context, control.client)
    },
  },
  // jlaffaye/ftp#435, veeso/suppaftp#55
  {
    title: 'between-two-names-of-one-certificate',
    source: gio,
    requires: bothResume,
    async run(context) {
      const certificate = forAAndB
      const control = await context.connect({ certificate })
      const onB: PairOptions = { certificate, client: { serverIdentity: { hostname: 'b.test' } } }
      const pair = await copied(context, control.client, onB)
      resumed(pair, true)
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
    },
  },
  {
    title: 'bypasses-the-store',
    source: `${gio}: overrides the session cache`,
    requires: bothResume,
    async run(context) {
      const store = new MemorySessionStore()
      let calls = 0
      const sessionStore: SessionStore = {
        put: (key, session) => {
          calls++
          store.put(key, session)
        },
        take: (key) => {
          calls++
          return store.take(key)
        },
        remove: (key, session) => store.remove(key, session),
      }
      const clientBackend = context.createBackend({ sessionStore })
      const control = await context.connect({ clientBackend })
      ok(calls > 0, 'the source uses the store')
      calls = 0
      resumed(await copied(context, control.client, { ...dataConnection, clientBackend }), true)
      const { client: empty } = await context.pair({ clientBackend })
      resumed(await copied(context, empty, { ...dataConnection, clientBackend }), false)
      equal(calls, 0, 'How often the copies use the store')
    },
  },
  // denoland/deno#36228, dotnet/runtime#78305
  {
    title: 'resumption-off-wins',
    source: 'TlsClientConnection.sessionResumption: whatever else was asked for',
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const off: PairOptions = { client: { ...dataConnection.client, sessionResumption: 'off' } }
      const pair = await copied(context, control.client, off)
      sameList(pair.offered(), [], 'What it offers')
      resumed(pair, false)
    },
  },
  {
    title: 'replaced-by-a-later-call',
    source: 'TlsClientConnection.copySessionState: a later call replaces an earlier one',
    requires: bothResume,
    async run(context) {
      const [one, other] = [TicketKeys.generate(), TicketKeys.generate()]
      const first = await context.connect({ server: { ticketKeys: one } })
      const second = await context.connect({ server: { ticketKeys: other } })
      const pair = await context.pair({ ...dataConnection, server: { ticketKeys: other } })
      copy(pair.client, first.client)
      copy(pair.client, second.client)
      await pair.handshake()
      resumed(pair, true)
    },
  },
  {
    title: 'replaced-by-set-session',
    source: 'TlsClientConnection.setSession: replaces what was set or copied',
    requires: bothResume,
    async run(context) {
      const control = await context.connect()
      const cleared = await context.pair(dataConnection)
      copy(cleared.client, control.client)
      cleared.client.setSession(null)
      await cleared.handshake()
      sameList(cleared.offered(), [], 'What is offered after setSession(null)')
    },
  },
  {
    title: 'only-from-a-client-connection',
    source: 'TlsClientConnection.copySessionState: TypeError for anything else',
    async run(context) {
      const pair = await context.pair()
      for (const wrong of [undefined, null, 0, 'a.test', {}, pair.server, pair.streams.client]) {
        const attempt = () => pair.client.copySessionState(wrong as unknown as TlsClientConnection)
        throws(attempt, { name: 'TypeError' }, `Copying from ${String(wrong)}`)
      }
      await pair.handshake()
    },
  },
]

/** The promise of `copySessionState`: it may help, and can never do harm. */
export const copySessionState: ConformanceArea = {
  name: 'copy-session-state',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...harmlessCopies, ...copiesChangeNothing, ...copiesDoNotWeaken],
}
