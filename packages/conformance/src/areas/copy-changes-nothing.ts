import type { TlsClientConnection } from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import { equal, ok, sameList } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseContext, Pair, PairOptions } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { expired, forAAndB, forB, fromOtherCa } from '../fixtures/fixtures.js'
import { ForeignBackend } from '../foreign-backend.js'
import { connectOnce, copied, copy, dataConnection } from '../resumption.js'

const nothing = 'GIO g_tls_client_connection_copy_session_state(): no difference but in time'

/** All that can be seen of one connection, but whether it resumed, and what follows from that. */
type Observation = ReadonlyMap<string, string>

/** What happens in one situation, with and without a copy: whether it helps is left open. */
interface Situation {
  readonly title: string
  readonly source: string
  readonly options?: PairOptions
  /** Of the connection copied from, if it is not that of the situation itself. */
  readonly control?: PairOptions
  /** What the application says about a certificate with errors; without it nobody asks. */
  readonly answer?: boolean
  readonly isAccepted: boolean
}

const situations: readonly Situation[] = [
  { title: 'good', source: nothing, isAccepted: true },
  {
    title: 'other-name-of-the-certificate',
    source: nothing,
    options: {
      certificate: forAAndB,
      client: { serverIdentity: { hostname: 'b.test', port: 50_000 } },
    },
    control: { certificate: forAAndB },
    isAccepted: true,
  },
  {
    title: 'wrong-name',
    source: `${nothing}: the same peer is refused`,
    options: { certificate: forB },
    isAccepted: false,
  },
  {
    title: 'unknown-authority',
    source: `${nothing}: the same peer is refused`,
    options: { certificate: fromOtherCa },
    isAccepted: false,
  },
  {
    title: 'expired',
    source: `${nothing}: the same peer is refused`,
    options: { certificate: expired },
    isAccepted: false,
  },
  {
    title: 'accepted-by-the-application',
    source: `${nothing}: the application is asked, and told the same`,
    options: { certificate: fromOtherCa },
    control: { certificate: fromOtherCa, client: { acceptCertificate: () => true } },
    answer: true,
    isAccepted: true,
  },
  {
    title: 'refused-by-the-application',
    source: `${nothing}: the application is asked, and told the same`,
    options: { certificate: forB },
    answer: false,
    isAccepted: false,
  },
]

/** Makes the connection of a situation, and notes all that can be seen of it. */
async function observe(
  context: CaseContext,
  { options = {}, answer, isAccepted }: Situation,
  source: TlsClientConnection | undefined,
): Promise<Observation> {
  const events: string[] = []
  const acceptCertificate = (_: unknown, errors: number) => {
    events.push(`asked about ${errors}`)
    return answer === true
  }
  const pair = await context.pair({
    ...options,
    // Without a copy nothing at all is to be resumed.
    clientBackend: source === undefined ? context.createBackend() : undefined,
    client: {
      ...dataConnection.client,
      ...options.client,
      acceptCertificate: answer === undefined ? undefined : acceptCertificate,
    },
  })
  const names = ['peerCertificate', 'peerCertificateErrors', 'negotiatedProtocol']
  for (const name of names) {
    pair.client.addEventListener(`change:${name}`, () => events.push(name))
  }
  if (source !== undefined) copy(pair.client, source)
  const seen = new Map<string, string>()
  if (isAccepted) {
    await pair.handshake()
    noteFacts(pair, seen)
    await noteDataAndEnd(pair, seen)
  } else {
    const { client: error } = await pair.attempt()
    ok(error !== undefined, 'the peer is refused')
    noteError(error, seen)
    noteFacts(pair, seen)
    await deadline(pair.client.close(), 'close')
  }
  seen.set('events', events.join(', '))
  seen.set('closed', String(pair.client.closed))
  return seen
}

function noteError(error: unknown, seen: Map<string, string>): void {
  const { code, alert, certificateErrors } = error as Record<string, unknown>
  seen.set('error', [code, alert, certificateErrors].join(' '))
}

function noteFacts({ client, server, streams }: Pair, seen: Map<string, string>): void {
  const { serverName, protocols, supportedVersions } = streams.clientWire.sent.clientHellos[0] ?? {}
  const { peerCertificate, peerVerification } = client
  const facts = {
    'name on the wire': serverName,
    'protocols on the wire': protocols?.join(),
    'versions on the wire': supportedVersions?.filter(isVersion).join(),
    protocolVersion: client.protocolVersion,
    cipherSuite: client.cipherSuite,
    negotiatedProtocol: client.negotiatedProtocol,
    peerCertificate: peerCertificate?.chain().map(({ pem }) => pem),
    peerCertificateErrors: client.peerCertificateErrors,
    'errors of peerVerification': peerVerification?.errors,
    'path of peerVerification': peerVerification?.path.map(hex),
    "the server's serverName": server.serverName,
    "the server's protocolVersion": server.protocolVersion,
    "the server's negotiatedProtocol": server.negotiatedProtocol,
  }
  for (const [name, value] of Object.entries(facts)) seen.set(name, String(value))
}

/** Made-up numbers keep servers tolerant (RFC 8701). */
function isVersion(number: number): boolean {
  return number >> 8 === 3
}

async function noteDataAndEnd({ client, server, streams }: Pair, seen: Map<string, string>) {
  const both = Promise.all([
    client.write(bytesOf('there')),
    server.write(bytesOf('back again')),
    readExactly(server, 5),
    readExactly(client, 10),
  ])
  const [, , atServer, atClient] = await deadline(both, 'Data each way')
  seen.set('bytes at the server', hex(atServer))
  seen.set('bytes at the client', hex(atClient))
  await deadline(client.close(), 'close')
  seen.set('end at the server', String(await deadline(server.read(), 'The end')))
  seen.set('last record is an alert', String(streams.clientWire.sent.endsWithAlert))
  seen.set('transport is closed', String(streams.clientWire.closed))
  await deadline(server.close(), "The server's close")
}

/** Copies from it may help or not: that is open, and nothing else is. */
function openOutcome(situation: Situation): ConformanceCase {
  return {
    title: `no-difference/${situation.title}`,
    source: situation.source,
    async run(context) {
      const control = await context.connect(situation.control)
      const without = await observe(context, situation, undefined)
      const withCopy = await observe(context, situation, control.client)
      sameList([...withCopy.keys()], [...without.keys()], 'What can be seen')
      for (const [name, value] of without) {
        equal(withCopy.get(name), value, `With a copy, ${name}`)
      }
      await control.settle()
    },
  }
}

/** Sources of every kind: such as help, and such as cannot. */
async function sources(context: CaseContext): Promise<readonly TlsClientConnection[]> {
  const good = await context.connect()
  const failed = await context.pair({ certificate: forB })
  await failed.attempt()
  const { client: unused } = await context.pair()
  const { client: stream } = await context.streams()
  const foreign = new ForeignBackend().createClientConnection(stream)
  return [good.client, failed.client, unused, foreign]
}

/** What a copy may change: nothing but the time it takes. Part of the area `copy-session-state`. */
export const copiesChangeNothing: readonly ConformanceCase[] = [
  ...situations.map(openOutcome),
  {
    title: 'no-difference/nothing-comes-later',
    source: `${nothing}: nothing is thrown now or later, and no event is late`,
    async run(context) {
      let closed = false
      const late: string[] = []
      for (const source of await sources(context)) {
        const pair = await context.pair(dataConnection)
        for (const name of ['session', 'change:peerCertificate', 'change:negotiatedProtocol']) {
          pair.client.addEventListener(name, () => closed && late.push(name))
        }
        copy(pair.client, source)
        await pair.handshake()
        await pair.settle()
        copy(pair.client, source)
        closed = true
        await pair.close()
        // Whatever the copy has left to do has had its turns when another connection is over. What
        // rejects meanwhile, and is handled by nobody, fails this case like any other.
        await connectOnce(context)
        closed = false
      }
      sameList(late, [], 'Events after the end')
    },
  },
  {
    title: 'no-difference/to-the-source',
    source: 'GIO g_tls_client_connection_copy_session_state(): the source is not changed',
    async run(context) {
      const control = await context.connect()
      const events: string[] = []
      const names = ['peerCertificate', 'peerCertificateErrors', 'negotiatedProtocol']
      for (const name of ['session', ...names.map((one) => `change:${one}`)]) {
        control.client.addEventListener(name, () => events.push(name))
      }
      const before = new Map<string, string>()
      noteFacts(control, before)
      const { isSessionResumed, serverIdentity, sessionResumption } = control.client
      for (let count = 0; count < 4; count++) {
        const pair = await copied(context, control.client)
        await pair.close()
      }
      const after = new Map<string, string>()
      noteFacts(control, after)
      for (const [name, value] of before) equal(after.get(name), value, `Afterwards, ${name}`)
      equal(control.client.isSessionResumed, isSessionResumed, 'isSessionResumed')
      equal(control.client.serverIdentity, serverIdentity, 'serverIdentity')
      equal(control.client.sessionResumption, sessionResumption, 'sessionResumption')
      sameList(events, [], 'Events of the source')
      equal(control.client.closed, false, 'closed')
      await noteDataAndEnd(control, new Map())
    },
  },
]
