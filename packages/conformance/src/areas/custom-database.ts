import {
  type TlsCertificate,
  TlsCertificateFlags,
  TlsDatabase,
  type TlsError,
  type VerifyChainOptions,
} from '@tlsio/core'
import { equal, inBackground, ok, rejects, sameList } from '../assertions.js'
import { asking, bothAuthenticate, clientOutcome } from '../authentication.js'
import type { CaseContext, Pair, PairOptions } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import {
  client as clientFixture,
  expired,
  forA,
  fromOtherCa,
  selfSigned,
  viaIntermediate,
} from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { ManualClock } from '../manual-clock.js'
import { bothResume, connectOnce, copied, copy, dataConnection, resumed } from '../resumption.js'

const { UNKNOWN_CA, REVOKED, GENERIC_ERROR } = TlsCertificateFlags

const source = 'GIO GTlsDatabase: a subclass that a connection is given must be honoured'
const weaken = 'GIO glib-networking: resumption must not weaken verification'

interface Question {
  readonly certificate: TlsCertificate
  readonly options: VerifyChainOptions
}

/** Decides as it is told, and notes what it was asked. */
class OwnDatabase extends TlsDatabase {
  readonly asked: Question[] = []
  decide: (question: Question) => unknown

  constructor(decide: (question: Question) => unknown) {
    super()
    this.decide = decide
  }

  override async verifyChain(
    certificate: TlsCertificate,
    options: VerifyChainOptions = {},
  ): Promise<number> {
    const question = { certificate, options }
    this.asked.push(question)
    return (await this.decide(question)) as number
  }
}

/** Accepts just this certificate, whatever else is to be said of it. */
function pinned(pin: TlsCertificate): OwnDatabase {
  return new OwnDatabase(({ certificate }) => (certificate.isSame(pin) ? 0 : UNKNOWN_CA))
}

/** Fails unless the client refuses, with these errors; gives its error. */
async function clientRefuses(pair: Pair, flags: number): Promise<TlsError> {
  const { client: error } = await pair.attempt()
  const expected = { code: 'TLS_BAD_CERTIFICATE', flags }
  await rejects(Promise.reject(error), expected, 'The handshake')
  equal(pair.client.peerCertificateErrors, flags, 'peerCertificateErrors')
  return error as TlsError
}

/** Fails unless the server refuses, with these errors; gives its error. */
async function serverRefuses(pair: Pair, flags: number): Promise<TlsError> {
  const handshake = inBackground(pair.server.handshake())
  await deadline(clientOutcome(pair), "The client's end")
  const expected = { code: 'TLS_BAD_CERTIFICATE', flags }
  const error = await rejects(handshake, expected, "The server's handshake")
  equal(pair.server.peerCertificateErrors, flags, "The server's peerCertificateErrors")
  return error as TlsError
}

/** A server that asks for certificates and judges them by a database of its own. */
function serverWith(database: TlsDatabase, certificate = clientFixture): PairOptions {
  return asking('required', {
    client: { certificate: certificateOf(certificate) },
    server: { database, acceptCertificate: (_, errors) => errors === 0 },
  })
}

/** What is no set of flags. */
const noAnswers: readonly unknown[] = [Number.NaN, undefined, null, -1, 0.5, '0', false]

const clients: readonly ConformanceCase[] = [
  {
    title: 'client/accepts-whom-nobody-else-would',
    source,
    async run(context) {
      for (const fixture of [selfSigned, fromOtherCa, expired]) {
        const database = pinned(certificateOf(fixture))
        const serverIdentity = { hostname: 'elsewhere.test' }
        const certificate = fixture
        const off = { sessionResumption: 'off' } as const
        const client = { ...off, database, serverIdentity }
        const { client: connection } = await context.connect({ certificate, client })
        equal(connection.peerCertificateErrors, 0, 'peerCertificateErrors')
        equal(connection.peerVerification?.findings.length, 0, 'The number of findings')
        const other = await context.pair({ certificate: forA, client })
        await clientRefuses(other, UNKNOWN_CA)
      }
    },
  },
  {
    title: 'client/refuses-whom-everybody-accepts',
    source,
    async run(context) {
      const database = new OwnDatabase(() => REVOKED)
      await clientRefuses(await context.pair({ client: { database } }), REVOKED)
    },
  },
  {
    title: 'client/as-the-default-database',
    source,
    async run(context) {
      context.client.setDefaultDatabase(pinned(certificateOf(selfSigned)))
      await context.connect({ certificate: selfSigned })
      await clientRefuses(await context.pair(), UNKNOWN_CA)
    },
  },
  {
    title: 'client/what-it-is-asked',
    source,
    async run(context) {
      const database = new OwnDatabase(() => 0)
      const clock = new ManualClock(Date.parse('2031-02-03T04:05:06Z'))
      const interaction = {}
      const { client } = await context.connect({
        certificate: viaIntermediate,
        clientBackend: context.createBackend({ clock }),
        client: { database, interaction },
      })
      equal(database.asked.length, 1, 'How often it was asked')
      const { certificate, options } = database.asked[0] as Question
      ok(client.peerCertificate === certificate, 'it is asked about the one shown')
      const [leaf, issuer] = certificateOf(viaIntermediate).chain() as [
        TlsCertificate,
        TlsCertificate,
      ]
      ok(certificate.isSame(leaf), 'the leaf is the one shown')
      ok(certificate.issuer?.isSame(issuer) === true, 'its issuer is linked')
      equal(options.purpose, 'serverAuth', 'The purpose')
      equal(JSON.stringify(options.identity), '{"hostname":"a.test","port":990}', 'The identity')
      equal(options.time, clock.now(), 'The time')
      equal(options.others?.length, 1, 'The number of others')
      sameList(options.others?.[0] ?? [], issuer.der, 'The other')
      equal(options.interaction, interaction, 'The interaction')
      equal(options.signal?.aborted, false, 'Whether the signal is aborted')
    },
  },
  {
    title: 'client/nobody-expected',
    source: 'GIO GTlsClientConnection:server-identity; CVE-2020-13645',
    async run(context) {
      const database = new OwnDatabase(() => 0)
      const pair = await context.pair({ client: { database, serverIdentity: null } })
      await clientRefuses(pair, TlsCertificateFlags.BAD_IDENTITY)
      equal(database.asked[0]?.options.identity, null, 'The identity it was asked about')
    },
  },
  {
    title: 'client/no-answer-refuses',
    source: 'TlsDatabase.verifyChain: who does not answer with flags has vouched for nobody',
    async run(context) {
      for (const answer of noAnswers) {
        const database = new OwnDatabase(() => answer)
        const error = await clientRefuses(
          await context.pair({ client: { database } }),
          GENERIC_ERROR,
        )
        ok(error.cause instanceof TypeError, 'the cause says so')
      }
    },
  },
  {
    title: 'client/failure-refuses',
    source: 'GIO g_tls_database_verify_chain(): an error is GENERIC_ERROR',
    async run(context) {
      const failure = new Error('The card was taken out.')
      class Throwing extends TlsDatabase {
        override verifyChain(): never {
          throw failure
        }
      }
      const rejecting = new OwnDatabase(() => Promise.reject(failure))
      for (const database of [rejecting, new Throwing()]) {
        const error = await clientRefuses(
          await context.pair({ client: { database } }),
          GENERIC_ERROR,
        )
        equal(error.cause, failure, 'The cause')
      }
    },
  },
  {
    title: 'client/application-decides-last',
    source: 'GIO GTlsConnection::accept-certificate',
    async run(context) {
      const asked: number[] = []
      const acceptCertificate = (_: TlsCertificate, errors: number) => asked.push(errors) > 0
      const database = new OwnDatabase(() => REVOKED)
      const { client } = await context.connect({ client: { database, acceptCertificate } })
      sameList(asked, [REVOKED], 'The errors it was asked about')
      equal(client.peerCertificateErrors, REVOKED, 'peerCertificateErrors')
    },
  },
  {
    title: 'client/abort-ends-the-wait-for-an-answer',
    source: 'GIO GCancellable; VerifyChainOptions.signal',
    async run(context) {
      const reason = new Error('too long')
      const { database, awaited } = hanging()
      const pair = await context.pair({ client: { database } })
      const controller = new AbortController()
      const server = pair.server.handshake().then(() => pair.server.read())
      const refused = inBackground(server)
      const handshake = pair.client.handshake({ signal: controller.signal })
      const ended = rejects(handshake, { value: reason }, 'The handshake')
      await deadline(awaited, 'The question')
      controller.abort(reason)
      await deadline(ended, 'The end of the handshake')
      equal(database.asked[0]?.options.signal?.reason, reason, 'What the database hears')
      equal(pair.client.peerCertificate, null, 'peerCertificate')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
      await deadline(rejects(refused, {}, 'The server'), "The server's end")
    },
  },
]

const servers: readonly ConformanceCase[] = [
  {
    title: 'server/accepts-whom-nobody-else-would',
    source,
    requires: bothAuthenticate,
    async run(context) {
      const database = pinned(certificateOf(selfSigned))
      const { server } = await context.connect(serverWith(database, selfSigned))
      equal(server.peerCertificateErrors, 0, 'peerCertificateErrors')
      await serverRefuses(await context.pair(serverWith(database)), UNKNOWN_CA)
    },
  },
  {
    title: 'server/refuses-whom-everybody-accepts',
    source,
    requires: bothAuthenticate,
    async run(context) {
      const database = new OwnDatabase(() => REVOKED)
      await serverRefuses(await context.pair(serverWith(database)), REVOKED)
    },
  },
  {
    title: 'server/what-it-is-asked',
    source,
    requires: bothAuthenticate,
    async run(context) {
      const database = new OwnDatabase(() => 0)
      const interaction = {}
      const pair = serverWith(database, viaIntermediate)
      const before = Date.now()
      const { server } = await context.connect({
        ...pair,
        server: { ...pair.server, interaction },
      })
      const after = Date.now()
      equal(database.asked.length, 1, 'How often it was asked')
      const { certificate, options } = database.asked[0] as Question
      ok(server.peerCertificate === certificate, 'it is asked about the one shown')
      equal(options.purpose, 'clientAuth', 'The purpose')
      equal(options.identity, undefined, 'The identity')
      equal(options.interaction, interaction, 'The interaction')
      equal(options.others?.length, 1, 'The number of others')
      const { time = 0 } = options
      ok(time >= before && time <= after, 'it is the present time')
      equal(options.signal?.aborted, false, 'Whether the signal is aborted')
    },
  },
  {
    title: 'server/failure-refuses',
    source: 'GIO g_tls_database_verify_chain(): an error is GENERIC_ERROR',
    requires: bothAuthenticate,
    async run(context) {
      const failure = new Error('The card was taken out.')
      const rejecting = new OwnDatabase(() => Promise.reject(failure))
      const error = await serverRefuses(await context.pair(serverWith(rejecting)), GENERIC_ERROR)
      equal(error.cause, failure, 'The cause')
      const silent = new OwnDatabase(() => undefined)
      await serverRefuses(await context.pair(serverWith(silent)), GENERIC_ERROR)
    },
  },
  {
    title: 'server/abort-ends-the-wait-for-an-answer',
    source: 'GIO GCancellable; VerifyChainOptions.signal',
    requires: bothAuthenticate,
    async run(context) {
      const reason = new Error('too long')
      const { database, awaited } = hanging()
      const pair = await context.pair(serverWith(database))
      const controller = new AbortController()
      const client = inBackground(pair.client.handshake().then(() => pair.client.read()))
      const handshake = pair.server.handshake({ signal: controller.signal })
      const ended = rejects(handshake, { value: reason }, 'The handshake')
      await deadline(awaited, 'The question')
      controller.abort(reason)
      await deadline(ended, 'The end of the handshake')
      equal(database.asked[0]?.options.signal?.reason, reason, 'What the database hears')
      await deadline(rejects(client, {}, 'The client'), "The client's end")
    },
  },
]

const sessions: readonly ConformanceCase[] = [
  {
    title: 'session/asked-again-at-the-present-time',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const database = new OwnDatabase(() => 0)
      const { clock, clientBackend } = withClock(context)
      const options = { clientBackend, client: { database } }
      await connectOnce(context, options)
      clock.advance(60_000)
      const again = await connectOnce(context, options)
      resumed(again, true)
      equal(database.asked.length, 2, 'How often it was asked')
      const { certificate, options: asked } = database.asked[1] as Question
      equal(asked.time, clock.now(), 'The time')
      equal(asked.purpose, 'serverAuth', 'The purpose')
      ok(certificate.isSame(certificateOf(forA)), 'it is asked about the one shown then')
      ok(again.client.peerCertificate === certificate, 'that is the peer now')
    },
  },
  {
    title: 'session/refused-is-not-offered',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const database = new OwnDatabase(() => 0)
      await connectOnce(context, { client: { database } })
      database.decide = () => REVOKED
      const pair = await context.pair({ client: { database } })
      await clientRefuses(pair, REVOKED)
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'session/failure-is-not-offered',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const database = new OwnDatabase(() => 0)
      await connectOnce(context, { client: { database } })
      // Only the question about the session goes wrong: a full handshake is the answer to that.
      let failures = 1
      database.decide = () => (failures-- > 0 ? Promise.reject(new Error('Busy.')) : 0)
      const pair = await context.connect({ client: { database } })
      sameList(pair.offered(), [], 'What it offers')
      resumed(pair, false)
    },
  },
  {
    title: 'session/the-new-connection-decides',
    source: weaken,
    requires: bothResume,
    async run(context) {
      const source = await context.connect({ client: { database: new Alike(() => 0) } })
      const willing = new Alike(() => 0)
      const options = { client: { ...dataConnection.client, database: willing } }
      resumed(await copied(context, source.client, options), true)
      equal(willing.asked.length, 1, 'How often the willing one was asked')
      const unwilling = new Alike(() => REVOKED)
      const pair = await context.pair({
        client: { ...dataConnection.client, database: unwilling },
      })
      copy(pair.client, source.client)
      await clientRefuses(pair, REVOKED)
      sameList(pair.offered(), [], 'What it offers')
    },
  },
  {
    title: 'session/of-another-database-is-not-offered',
    source: 'TlsDatabase.fingerprint: one with a verification of its own is like no other',
    requires: bothResume,
    async run(context) {
      await connectOnce(context, { client: { database: new OwnDatabase(() => 0) } })
      const pair = await context.connect({ client: { database: new OwnDatabase(() => 0) } })
      sameList(pair.offered(), [], 'What it offers')
      resumed(pair, false)
    },
  },
]

/** Those of this class share their sessions: they say that they decide alike. */
class Alike extends OwnDatabase {
  override async fingerprint(): Promise<string> {
    return 'alike'
  }
}

/** A database that never answers, and the word that it was asked. */
function hanging(): { readonly database: OwnDatabase; readonly awaited: Promise<void> } {
  let tell = (): void => {}
  const awaited = new Promise<void>((resolve) => {
    tell = resolve
  })
  const database = new OwnDatabase(() => {
    tell()
    return new Promise<never>(() => {})
  })
  return { database, awaited }
}

function withClock(context: CaseContext) {
  const clock = new ManualClock()
  return { clock, clientBackend: context.createBackend({ clock }) }
}

/** Databases with a verification of their own, on both ends. */
export const customDatabase: ConformanceArea = {
  name: 'custom-database',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...clients, ...servers, ...sessions],
}
