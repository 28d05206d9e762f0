import { MemorySessionStore, type TlsClientConnection } from '@tlsio/core'
import { distinct, equal, ok, rejects, sameList } from '../assertions.js'
import { pattern, readToEnd } from '../bytes.js'
import type { CaseContext, Pair, PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forAAndB, forB } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { ManualClock } from '../manual-clock.js'
import { ScriptedServer, type ServerScript } from '../peers/scripted-server.js'
import { connectOnce, copied, dataConnection, resumed, resumesByTicket } from '../resumption.js'

const lifetimes = 'RFC 8446 §4.6.1: ticket_lifetime'
const supply = 'RFC 8446 §4.6.1: a server gives as many tickets as it likes, when it likes'
const refusals = 'RFC 8446 §2.2, §4.2.11: a ticket may always be refused'

const mebibyte = 2 ** 20
const minute = 60_000
const day = 24 * 60 * minute

/** A case with a scripted server of its own: its clients are the ones examined. */
function scripted(
  title: string,
  source: string,
  script: ServerScript,
  run: (context: CaseContext, server: ScriptedServer, to: PairOptions) => Promise<void>,
): ConformanceCase {
  return {
    title,
    source,
    requires: resumesByTicket,
    run: (context) => {
      const server = new ScriptedServer(script)
      return run(context, server, { serverBackend: server })
    },
  }
}

/** A data connection to a scripted server. */
function transfer(context: CaseContext, source: TlsClientConnection, to: PairOptions) {
  return copied(context, source, { ...to, client: { ...dataConnection.client, ...to.client } })
}

/** As many transfers as asked for, one after the other. */
async function transfers(
  context: CaseContext,
  source: TlsClientConnection,
  to: PairOptions,
  count: number,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = []
  for (let done = 0; done < count; done++) {
    const pair = await transfer(context, source, to)
    await pair.close()
    pairs.push(pair)
  }
  return pairs
}

/** How many of them the server resumed; the client must have noticed each time. */
function resumptions(pairs: readonly Pair[]): number {
  for (const { client, server } of pairs) {
    equal(client.isSessionResumed, server.isSessionResumed, 'Whether the client says it resumed')
  }
  return pairs.filter(({ server }) => server.isSessionResumed).length
}

/** A connection that closes when its late tickets have arrived: they would find nobody later. */
async function connectLateOnce(context: CaseContext, to: PairOptions): Promise<Pair> {
  const pair = await context.connect(to)
  // The tickets followed the first data; what follows them is read only after them.
  await pair.settle()
  await pair.close()
  return pair
}

const numbers: readonly ConformanceCase[] = [
  // denoland/deno#36228: a server without sessions is still a server.
  scripted('none/nothing-is-offered', supply, { tickets: 0 }, async (context, _, to) => {
    const clock = new ManualClock()
    const options = { ...to, clientBackend: context.createBackend({ clock }) }
    const pair = await context.connect(options)
    equal(pair.sessions.length, 0, 'The number of session events')
    const waiting = pair.client.getSession({ wait: 1000 })
    clock.advance(1000)
    equal((await deadline(waiting, 'getSession')).isResumable, false, 'isResumable')
    await pair.close()
    const next = await connectOnce(context, options)
    sameList(next.offered(), [], 'What the next connection offers')
  }),
  scripted('none/copies-do-without', supply, { tickets: 0 }, async (context, server, to) => {
    const control = await context.connect(to)
    const pairs = await transfers(context, control.client, to, 3)
    equal(resumptions(pairs), 0, 'How many were resumed')
    equal(
      server.handshakes.reduce((sum, { offered }) => sum + offered, 0),
      0,
      'The tickets offered in all',
    )
    await control.settle()
  }),
  scripted(
    'one/offered-once-by-the-store',
    'RFC 8446 Appendix C.4: clients should not reuse a ticket',
    { tickets: 1, renewals: 0 },
    async (context, _, to) => {
      await connectOnce(context, to)
      resumed(await connectOnce(context, to), true)
      const third = await connectOnce(context, to)
      sameList(third.offered(), [], 'What the third connection offers')
      // It was a full handshake, so there is one again.
      resumed(await connectOnce(context, to), true)
    },
  ),
  // patrickjuchli/basic-ftp#60, curl/curl#3002, curl/curl#4654, php/php-src#9348
  scripted(
    'one/many-transfers-one-after-the-other',
    `${supply}; used again where none is left, as FTP needs`,
    { tickets: 1, renewals: 0 },
    async (context, _, to) => {
      const control = await context.connect(to)
      equal(resumptions(await transfers(context, control.client, to, 6)), 6, 'How many resumed')
    },
  ),
  // scylladb/python-driver#985, scylladb/nodejs-rs-driver#549
  scripted(
    'one/many-transfers-at-the-same-time',
    `${supply}; used again where none is left, as FTP needs`,
    { tickets: 1, renewals: 0 },
    async (context, _, to) => {
      const control = await context.connect(to)
      const six = Array.from({ length: 6 }, () => transfer(context, control.client, to))
      equal(resumptions(await Promise.all(six)), 6, 'How many resumed')
    },
  ),
  // patrickjuchli/basic-ftp#277, iterate-ch/cyberduck#18399, rustls/rustls#2204
  scripted(
    'single-use/renewed-by-each-transfer',
    'TlsClientConnection.copySessionState: tickets of the family, too',
    { tickets: 2, renewals: 1, accepts: 'once' },
    async (context, _, to) => {
      const control = await context.connect(to)
      equal(resumptions(await transfers(context, control.client, to, 8)), 8, 'How many resumed')
    },
  ),
  // iterate-ch/cyberduck#18399: after two tickets a full handshake, and the client must stand that.
  scripted(
    'single-use/full-once-all-are-used',
    refusals,
    { tickets: 2, renewals: 0, accepts: 'once' },
    async (context, _, to) => {
      const control = await context.connect(to)
      const pairs = await transfers(context, control.client, to, 6)
      sameList(
        pairs.map(({ server }) => server.isSessionResumed),
        [true, true, false, false, false, false],
        'Which transfers were resumed',
      )
      resumptions(pairs)
    },
  ),
  // wolfSSL/wolfssl#11082, rustls/rustls#466, scylladb/python-driver#985
  scripted(
    'single-use/more-at-the-same-time-than-tickets',
    refusals,
    { tickets: 4, renewals: 0, accepts: 'once' },
    async (context, _, to) => {
      const control = await context.connect(to)
      const six = Array.from({ length: 6 }, () => transfer(context, control.client, to))
      equal(resumptions(await Promise.all(six)), 4, 'How many resumed with 4 tickets')
    },
  ),
]

const times: readonly ConformanceCase[] = [
  // nodejs/node#25831, oven-sh/bun#36475: tickets come when the server likes.
  scripted('late/copies', supply, { when: 'after-data' }, async (context, _, to) => {
    const control = await context.pair(to)
    await control.handshake()
    resumed(await transfer(context, control.client, to), false)
    await control.settle()
    await control.settle()
    resumed(await transfer(context, control.client, to), true)
  }),
  scripted('late/store', supply, { when: 'after-data' }, async (context, _, to) => {
    await connectLateOnce(context, to)
    resumed(await connectLateOnce(context, to), true)
  }),
  // curl/curl#6149: tickets that nobody reads end in a reset, and the upload is lost.
  scripted('late/write-only-client', supply, { when: 'after-data' }, async (context, _, to) => {
    const { client, server } = await context.pair(to)
    const data = pattern(mebibyte)
    const upload = async () => {
      await client.write(data)
      const session = await client.getSession({ wait: 5000 })
      ok(session.isResumable, 'a ticket has come although nobody reads')
      await client.close()
    }
    const [received] = await deadline(Promise.all([readToEnd(server), upload()]), 'An upload')
    sameList(received, data, 'What the server reads')
    resumed(await connectLateOnce(context, to), true)
  }),
  // proftpd/proftpd#1931: a stale ticket, and the upload has 0 bytes.
  scripted('lifetime/over', lifetimes, { lifetime: 60 }, async (context, _, to) => {
    const clock = new ManualClock()
    const options = { ...to, clientBackend: context.createBackend({ clock }) }
    const control = await context.connect(options)
    clock.advance(59_000)
    resumed(await transfer(context, control.client, options), true)
    clock.advance(61_000)
    const copy = await transfer(context, control.client, options)
    sameList(copy.offered(), [], 'What a copy offers')
    const automatic = await connectOnce(context, options)
    sameList(automatic.offered(), [], 'What the store offers')
  }),
  // openssl/openssl#32226, wolfSSL/wolfssl#10322: it is kept, and offered.
  scripted(
    'lifetime/zero-is-over-at-once',
    `${lifetimes}: zero means that the ticket should be discarded immediately`,
    { lifetime: 0 },
    async (context, _, to) => {
      const control = await context.connect(to)
      const copy = await transfer(context, control.client, to)
      sameList(copy.offered(), [], 'What a copy offers')
      const automatic = await connectOnce(context, to)
      sameList(automatic.offered(), [], 'What the store offers')
    },
  ),
  // openssl/openssl#17948, openssl/openssl#30808: a server that says 68 years, and a client that
  // believes it.
  scripted(
    'lifetime/seven-days-at-most',
    `${lifetimes}: clients must not cache tickets for longer than 7 days, whatever it says`,
    { lifetime: 30 * 24 * 3600, renewals: 0 },
    async (context, _, to) => {
      const clock = new ManualClock()
      const sessionStore = new MemorySessionStore({ maxAge: 30 * day, clock })
      const options = { ...to, clientBackend: context.createBackend({ clock, sessionStore }) }
      const control = await context.connect(options)
      resumed(await transfer(context, control.client, options), true)
      clock.advance(7 * day + minute)
      const copy = await transfer(context, control.client, options)
      sameList(copy.offered(), [], 'What a copy offers')
      const automatic = await connectOnce(context, options)
      sameList(automatic.offered(), [], 'What the store offers')
    },
  ),
  scripted(
    'lifetime/time-of-day-does-not-matter',
    'Clock.monotonicNow: ages are measured with it; an operator may set the time of day',
    { lifetime: 60 },
    async (context, _, to) => {
      const clock = new ManualClock()
      const options = { ...to, clientBackend: context.createBackend({ clock }) }
      const control = await context.connect(options)
      // To the day after, and then to the day before: a time at which nothing had come yet.
      for (const shift of [day, -2 * day]) {
        clock.setTimeOfDay(clock.now() + shift)
        resumed(await transfer(context, control.client, options), true)
        resumed(await connectOnce(context, options), true)
      }
    },
  ),
]

const refused: readonly ConformanceCase[] = [
  // proftpd/proftpd#1931: the server makes a new session of it, whose tickets are the good ones.
  {
    title: 'refused/expired-at-the-server',
    source: refusals,
    requires: resumesByTicket,
    async run(context) {
      const clock = new ManualClock()
      const to = { serverBackend: new ScriptedServer({ lifetime: 60, clock }) }
      const control = await context.connect(to)
      clock.advance(61_000)
      const copy = await transfer(context, control.client, to)
      equal(copy.offered().length, 1, 'The number of tickets that a copy offers')
      resumed(copy, false)
      resumed(await transfer(context, copy.client, to), true)
    },
  },
  // eclipse-threadx/netxduo#403: a server gives tickets out and never takes one.
  scripted('refused/each-time', refusals, { accepts: 'never' }, async (context, server, to) => {
    const control = await context.connect(to)
    await control.close()
    equal(resumptions(await transfers(context, control.client, to, 3)), 0, 'How many resumed')
    for (let count = 0; count < 3; count++) resumed(await connectOnce(context, to), false)
    ok(
      server.handshakes.slice(1).some(({ offered }) => offered > 0),
      'tickets were offered at all',
    )
  }),
  // CVE-2026-48934: what the kept certificate was good for says nothing about the one shown now.
  scripted(
    'refused/certificate-shown-is-judged',
    `${refusals}; then the certificate shown is the one that counts`,
    { accepts: 'never' },
    async (context, _, to) => {
      const control = await context.connect(to)
      const other = await transfer(context, control.client, { ...to, certificate: forAAndB })
      equal(other.offered().length, 1, 'The number of tickets on offer')
      const shown = other.client.peerCertificate?.isSame(certificateOf(forAAndB))
      equal(shown, true, 'Whether peerCertificate is the one shown')
      const impostor = await context.pair({ ...to, certificate: forB })
      impostor.client.copySessionState(control.client)
      const { client: error } = await impostor.attempt()
      const expected = { code: 'TLS_BAD_CERTIFICATE', flags: 2 }
      await rejects(Promise.reject(error), expected, 'The handshake with the wrong server')
    },
  ),
]

const families: readonly ConformanceCase[] = [
  // proftpd/proftpd#968, proftpd/proftpd#972, rustls/rustls#705, openssl/openssl#16576
  scripted(
    'session/of-the-control-connection',
    'TlsClientConnection.copySessionState: a server tells by it whom a data connection is for',
    { tickets: 2, renewals: 1, accepts: 'once' },
    async (context, server, to) => {
      const controls = [await context.connect(to), await context.connect({ ...to, ...apart })]
      const sessions = server.handshakes.map(({ session }) => session)
      distinct(sessions.map(String), 'The sessions of two control connections')
      for (let count = 0; count < 4; count++) {
        for (const [at, control] of controls.entries()) {
          resumed(await transfer(context, control.client, to), true)
          equal(server.handshakes.at(-1)?.session, sessions[at], 'The session of a transfer')
        }
      }
    },
  ),
  scripted(
    'session/of-a-resumed-control-connection',
    'TlsClientConnection.copySessionState: it passes on what it inherited',
    { tickets: 1, renewals: 0 },
    async (context, server, to) => {
      await connectOnce(context, to)
      const control = await context.connect(to)
      resumed(control, true)
      await transfers(context, control.client, to, 3)
      equal(
        new Set(server.handshakes.map(({ session }) => session)).size,
        1,
        'The number of sessions that the server knows of',
      )
    },
  ),
]

/** Another control connection to the same host, which does not resume the first one's session. */
const apart: PairOptions = { client: { serverIdentity: { hostname: 'a.test', port: 991 } } }

/**
 * Tickets of TLS 1.3 as servers deal with them: few, late, short-lived, good once or refused. The
 * server is scripted, and so is the witness.
 */
export const tickets: ConformanceArea = {
  name: 'tickets',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...numbers, ...times, ...refused, ...families],
}
