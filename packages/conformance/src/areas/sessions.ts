import { TlsSession, TlsSessionEvent } from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import { equal, inBackground, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { CaseContext, PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forA, forAAndB, forB } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { Gate } from '../gate.js'
import { bothResume, bothResumeByTicket, connectOnce, copied, resumed } from '../resumption.js'
import { damagedSessions } from './damaged-sessions.js'

const weaken = 'GIO glib-networking: resumption must not weaken verification'

const onName = (hostname: string, port = 990): PairOptions => ({
  client: { serverIdentity: { hostname, port } },
  certificate: forAAndB,
})

const cases: readonly ConformanceCase[] = [
  // nodejs/node#30746, nodejs/node#27167, typelevel/fs2#3257
  {
    title: 'event',
    source: 'GnuTLS gnutls_handshake_set_hook_function(GNUTLS_HANDSHAKE_NEW_SESSION_TICKET)',
    requires: bothResume,
    async run(context) {
      const pair = await context.pair()
      const events: Event[] = []
      pair.client.addEventListener('session', (event) => events.push(event))
      await pair.handshake()
      await pair.settle()
      ok(events.length > 0, 'there is at least one event')
      const newest = events.at(-1)
      ok(newest instanceof TlsSessionEvent, 'it is a TlsSessionEvent')
      ok(newest.session.isResumable, 'the session can be resumed')
      equal(await pair.client.getSession(), newest.session, 'What getSession gives')
    },
  },
  // oven-sh/bun#33514: what a server gives again is to be known beforehand.
  {
    title: 'tickets-as-many-as-claimed',
    source: 'TlsCapabilities.ticketsPerHandshake; RFC 8446 §4.6.1',
    requires: (subject) =>
      bothResumeByTicket(subject) && subject.server.ticketsPerHandshake !== null,
    async run(context) {
      const claimed = context.server.supports.ticketsPerHandshake
      const control = await context.connect()
      equal(control.sessions.length, claimed?.full, 'Tickets of a full handshake')
      const pair = await copied(context, control.client)
      resumed(pair, true)
      equal(pair.sessions.length, claimed?.resumed, 'Tickets of a resumed one')
    },
  },
  {
    title: 'get-session/facts',
    source: 'GnuTLS gnutls_session_get_data2()',
    requires: bothResume,
    async run(context) {
      const pair = await context.connect()
      const session = await deadline(pair.client.getSession(), 'getSession')
      ok(session instanceof TlsSession, 'it is a TlsSession')
      ok(session.isResumable, 'it can be resumed')
      equal(session.backendName, context.client.name, 'backendName')
      equal(session.protocolVersion, context.version, 'protocolVersion')
      equal(session.serverName, 'a.test', 'serverName')
      ok(session.peerCertificate?.isSame(certificateOf(forA)) === true, 'it keeps the certificate')
    },
  },
  {
    title: 'nothing-secret-is-shown',
    source: 'TlsSession: whoever has its state can resume it',
    requires: bothResume,
    async run(context) {
      const { client } = await context.connect()
      const session = await deadline(client.getSession(), 'getSession')
      const data = TlsSession.dataOf(session)
      ok(data !== undefined, 'there is something to resume with')
      const shown = [session, ...membersOf(session)].flatMap(textsOf).join()
      for (const secret of [hex(data), base64(data), data.join()]) {
        ok(!shown.includes(secret), 'what it is resumed with is not in what it shows')
      }
    },
  },
  {
    title: 'get-session/before-the-handshake',
    source: 'TlsClientConnection.getSession',
    requires: bothResume,
    async run(context) {
      const pair = await context.pair()
      await rejects(pair.client.getSession(), { code: 'TLS_MISC' }, 'getSession')
      await pair.handshake()
    },
  },
  {
    title: 'get-session/after-a-failure',
    source: 'TlsClientConnection.getSession',
    requires: bothResume,
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      const { client: error } = await pair.attempt()
      await rejects(pair.client.getSession(), { value: error }, 'getSession')
    },
  },
  // nodejs/node#25831, oven-sh/bun#25190
  {
    title: 'get-session/waits-for-a-ticket',
    source: 'GnuTLS gnutls_session_get_data2(): waits for a ticket',
    requires: bothResume,
    async run(context) {
      const streams = await context.streams()
      const client = context.clientOn(streams.client)
      const gate = new Gate(streams.server)
      const server = context.serverOn(gate)
      // With TLS 1.3 the client is done before the server, which is to hear of it only later.
      if (context.version !== 'TLSv1.3') gate.open()
      const served = inBackground(server.handshake())
      await deadline(client.handshake(), 'The handshake of the client')
      const asked = client.getSession({ wait: 5000 })
      gate.open()
      const [session] = await deadline(Promise.all([asked, served]), 'getSession')
      ok(session.isResumable, 'it can be resumed')
    },
  },
  {
    title: 'get-session/after-close',
    source: 'TlsClientConnection.getSession',
    requires: bothResume,
    async run(context) {
      const pair = await context.connect()
      const open = await pair.client.getSession()
      await pair.close()
      equal(await deadline(pair.client.getSession(), 'getSession'), open, 'What it gives')
    },
  },
  {
    title: 'get-session/off',
    source: 'TlsClientConnection.getSession: TLS_NOT_SUPPORTED if resumption is off here',
    requires: bothResume,
    async run(context) {
      const pair = await context.connect({ client: { sessionResumption: 'off' } })
      await rejects(pair.client.getSession(), { code: 'TLS_NOT_SUPPORTED' }, 'getSession')
    },
  },
  {
    title: 'set-session/resumes',
    source: 'OpenSSL SSL_set_session()',
    requires: bothResume,
    async run(context) {
      const first = await context.connect(onName('a.test', 990))
      const session = await first.client.getSession()
      const pair = await context.pair(onName('a.test', 21))
      pair.client.setSession(session)
      await pair.handshake()
      equal(pair.offered().length, 1, 'The number of sessions on offer')
      resumed(pair, true)
      ok(session.uses > 0, 'its use was counted')
    },
  },
  {
    title: 'set-session/null-clears',
    source: 'TlsClientConnection.setSession',
    requires: bothResume,
    async run(context) {
      const first = await context.connect(onName('a.test', 990))
      const session = await first.client.getSession()
      const pair = await context.pair(onName('a.test', 21))
      pair.client.setSession(session)
      pair.client.setSession(null)
      await pair.handshake()
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'set-session/wrong-name',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const first = await context.connect()
      const session = await first.client.getSession()
      const impostor = await context.pair({ ...onName('b.test'), certificate: forA })
      impostor.client.setSession(session)
      const { client: error } = await impostor.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 2 }
      await rejects(Promise.reject(error), expected, 'The handshake')
      const honest = await context.pair({ ...onName('b.test'), certificate: forB })
      honest.client.setSession(session)
      await honest.handshake()
      resumed(honest, false)
    },
  },
  {
    title: 'set-session/refusals',
    source: 'TlsClientConnection.setSession',
    requires: bothResume,
    async run(context) {
      const pair = await context.connect()
      const session = await pair.client.getSession()
      const { client: fresh } = await context.pair()
      const facts = TlsSession.factsOf(session)
      const foreign = new TlsSession({ ...facts, backendName: 'elsewhere' }, { data: bytesOf('x') })
      const empty = new TlsSession(facts, undefined)
      const mismatch = { code: 'TLS_SESSION_MISMATCH' }
      const isType = { name: 'TypeError' }
      throws(() => fresh.setSession(foreign), mismatch, "Setting another backend's session")
      throws(() => fresh.setSession(empty), mismatch, 'Setting one that cannot be resumed')
      throws(() => fresh.setSession({} as TlsSession), isType, 'Setting what is no session')
      throws(() => pair.client.setSession(session), isType, 'Setting it after the handshake')
      const { client: off } = await context.pair({ client: { sessionResumption: 'off' } })
      const refused = { code: 'TLS_NOT_SUPPORTED' }
      throws(() => off.setSession(session), refused, 'Setting it where resumption is off')
    },
  },
  // denoland/deno#33595, denoland/deno#36592: a session that is none.
  {
    title: 'refused-where-unsupported',
    source: 'TlsCapabilities.sessionResumption: what a backend cannot do is refused, never ignored',
    expects: 'refusal',
    requires: ({ client: clientCan }) => clientCan.client && !clientCan.sessionResumption,
    async run(context) {
      const pair = await context.connect()
      const refused = { code: 'TLS_NOT_SUPPORTED' }
      await rejects(pair.client.getSession(), refused, 'getSession')
      const { client: fresh } = await context.pair()
      throws(() => fresh.setSession(sessionOf(context)), refused, 'setSession')
      equal(fresh.setSession(null) as unknown, undefined, 'setSession(null)')
      const next = await connectOnce(context)
      sameList(next.offered(), [], 'What the next connection offers')
    },
  },
]

/** A session as the backend would have made it, if it had any. */
function sessionOf({ client, version }: CaseContext): TlsSession {
  const facts = {
    backendName: client.name,
    protocolVersion: version,
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    identity: null,
    peerCertificate: null,
    peerCertificateErrors: 0,
    peerChain: [],
    engineErrors: undefined,
    trustFingerprint: '',
    certificateFingerprint: '',
    negotiatedProtocol: null,
    receivedAt: 0,
  }
  return new TlsSession(facts, { data: bytesOf('a session') })
}

/** What all that can be seen of an object holds: its own members, and those of its classes. */
function membersOf(object: object): readonly unknown[] {
  const values: unknown[] = []
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) values.push(Reflect.get(at, key, object))
  }
  return values
}

/** What a log would write of a value. */
function textsOf(value: unknown): readonly string[] {
  if (value instanceof Uint8Array) return [hex(value)]
  return [String(value), JSON.stringify(value) ?? '']
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Sessions that the application itself keeps: the event, `getSession` and `setSession`. */
export const sessions: ConformanceArea = {
  name: 'sessions',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...damagedSessions],
}
