import { ManualClock } from '@tlsio/conformance'
import { expired, forA, fromOtherCa, testCa } from '@tlsio/conformance/fixtures'
import {
  TlsCertificate,
  TlsCertificateFlags,
  type TlsClientConnection,
  TlsDatabase,
  type TlsError,
  type TlsSession,
  type TlsSessionEvent,
  type VerifyChainOptions,
} from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import test, { type ExecutionContext } from 'ava'
import { fullHandshake, ScriptedBackend, someStream } from './support/scripted-backend.js'

const { UNKNOWN_CA, BAD_IDENTITY, EXPIRED, REVOKED, GENERIC_ERROR } = TlsCertificateFlags

type Verify = (certificate: TlsCertificate, options: VerifyChainOptions) => unknown

/** Decides as it is told, and notes what it was asked. */
class OwnDatabase extends TlsDatabase {
  readonly asked: { readonly certificate: TlsCertificate; readonly options: VerifyChainOptions }[] =
    []
  decide: Verify

  constructor(decide: Verify) {
    super()
    this.decide = decide
  }

  override async verifyChain(
    certificate: TlsCertificate,
    options: VerifyChainOptions = {},
  ): Promise<number> {
    this.asked.push({ certificate, options })
    return (await this.decide(certificate, options)) as number
  }
}

function derOf(pem: string): Uint8Array {
  return TlsCertificate.fromPem(pem).der
}

const NOW = Date.parse('2026-01-01T00:00:00Z')
const shown = [forA.certificate, testCa].map(derOf)

interface Attempt {
  readonly database?: TlsDatabase
  readonly backend?: ScriptedBackend
  readonly result?: Partial<HandshakeResult>
  readonly options?: object
}

function backendAt(time: number): { backend: ScriptedBackend; clock: ManualClock } {
  const clock = new ManualClock(time)
  return { backend: new ScriptedBackend({ clock }), clock }
}

/** A client whose peer shows a certificate; its handshake runs. */
async function attempt({ database, backend, result, options }: Attempt) {
  const { backend: another } = backendAt(NOW)
  const used = backend ?? another
  const connection = used.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'A.test', port: 990 },
    database,
    ...options,
  })
  const made = used.nextDriver()
  const handshake = connection.handshake()
  handshake.catch(() => {})
  const driver = await made
  driver.handshakeResult.resolve(fullHandshake({ peerChain: shown, ...result }))
  return { connection, handshake, driver }
}

async function refusal(t: ExecutionContext, run: Attempt): Promise<TlsError> {
  const { handshake, connection } = await attempt(run)
  const error = await t.throwsAsync<TlsError>(handshake, { code: 'TLS_BAD_CERTIFICATE' })
  t.is(connection.peerCertificateErrors, error?.certificateErrors)
  return error as TlsError
}

test('custom-database/accepts-whom-nobody-else-would', async (t) => {
  const pin = derOf(fromOtherCa.certificate)
  const database = new OwnDatabase(({ der }) => (Buffer.compare(der, pin) === 0 ? 0 : UNKNOWN_CA))
  const result = { peerChain: [pin], chainErrors: UNKNOWN_CA | EXPIRED }
  const { connection, handshake, driver } = await attempt({
    database,
    result,
    options: { serverIdentity: { hostname: 'z.test' } },
  })
  await handshake
  t.is(connection.peerCertificateErrors, 0)
  t.deepEqual(connection.peerVerification, {
    errors: 0,
    findings: [],
    path: [],
    engineErrors: UNKNOWN_CA | EXPIRED,
  })
  // The engine is not to accept anybody by itself.
  t.deepEqual(driver.parameters?.anchors, [])
  await refusal(t, { database })
})

test('custom-database/refuses-whom-everybody-accepts', async (t) => {
  const database = new OwnDatabase(() => REVOKED)
  const error = await refusal(t, { database })
  t.is(error.certificateErrors, REVOKED)
  t.is(error.cause, undefined)
})

test('custom-database/what-it-is-asked', async (t) => {
  const database = new OwnDatabase(() => 0)
  const { backend, clock } = backendAt(NOW)
  clock.setTimeOfDay(NOW + 5)
  const interaction = {}
  const { connection, handshake } = await attempt({ database, backend, options: { interaction } })
  await handshake
  t.is(database.asked.length, 1)
  const [{ certificate, options }] = database.asked as [OwnDatabase['asked'][number]]
  t.true(connection.peerCertificate === certificate)
  t.deepEqual(
    certificate.chain().map(({ der }) => der),
    shown,
  )
  t.is(options.purpose, 'serverAuth')
  t.deepEqual(options.identity, { hostname: 'a.test', port: 990 })
  t.is(options.time, NOW + 5)
  t.deepEqual(options.others, shown.slice(1))
  t.is(options.interaction, interaction)
  t.false(options.signal?.aborted)
})

test('custom-database/address-as-identity', async (t) => {
  const database = new OwnDatabase(() => 0)
  const serverIdentity = { hostname: '0:0::1', port: 1 }
  await (await attempt({ database, options: { serverIdentity } })).handshake
  t.deepEqual(database.asked[0]?.options.identity, { address: '::1', port: 1 })
})

test('custom-database/nobody-expected-is-nobody', async (t) => {
  const database = new OwnDatabase(() => 0)
  const error = await refusal(t, { database, options: { serverIdentity: null } })
  t.is(error.certificateErrors, BAD_IDENTITY)
  t.is(database.asked[0]?.options.identity, null)
})

test('custom-database/can-build-on-the-one-it-extends', async (t) => {
  class Stricter extends TlsDatabase {
    override async verifyChain(
      certificate: TlsCertificate,
      options: VerifyChainOptions = {},
    ): Promise<number> {
      return (await super.verifyChain(certificate, options)) | REVOKED
    }
  }
  const database = new Stricter(TlsDatabase.fromPem(testCa).anchors)
  const { connection, handshake } = await attempt({
    database,
    result: { peerChain: [derOf(expired.certificate)] },
    options: { acceptCertificate: () => true },
  })
  await handshake
  const { errors, findings, path } = connection.peerVerification ?? {}
  t.is(errors, EXPIRED | REVOKED)
  t.deepEqual(
    findings?.map(({ rule }) => rule),
    ['expired'],
  )
  t.is(path?.length, 2)
})

test('custom-database/accepting-in-spite-of-findings-tells-of-none', async (t) => {
  class Lenient extends TlsDatabase {
    override async verifyChain(
      certificate: TlsCertificate,
      options: VerifyChainOptions = {},
    ): Promise<number> {
      await super.verifyChain(certificate, options)
      return 0
    }
  }
  const { connection, handshake } = await attempt({ database: new Lenient() })
  await handshake
  t.is(connection.peerVerification?.errors, 0)
  t.deepEqual(connection.peerVerification?.findings, [])
})

test('custom-database/given-up-while-the-usual-one-verifies-asks-nobody', async (t) => {
  let giveUp: (() => void) | undefined
  class Watched extends TlsDatabase {
    // Read in the middle of the first verification.
    protected override get toleratesAnchors(): boolean {
      giveUp?.()
      return false
    }
  }
  const asked: number[] = []
  const acceptCertificate = (_: TlsCertificate, errors: number) => asked.push(errors) > 0
  const { backend } = backendAt(NOW)
  const connection = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test' },
    database: new Watched(),
    acceptCertificate,
  })
  const made = backend.nextDriver()
  const handshake = connection.handshake()
  const driver = await made
  const reason = new Error('no longer')
  let gaveUp = false
  giveUp = () => {
    gaveUp = true
    connection.abort(reason)
  }
  driver.handshakeResult.resolve(fullHandshake({ peerChain: shown }))
  t.is(await t.throwsAsync(handshake), reason)
  // The verification goes on by itself: it has come to its end when others have that began later.
  const chain = TlsCertificate.fromDerChain(shown)
  for (let count = 0; count < 5; count++) await new TlsDatabase().verifyChain(chain)
  t.true(gaveUp)
  t.deepEqual(asked, [])
  t.is(connection.peerCertificate, null)
})

const noAnswers: Readonly<Record<string, unknown>> = {
  nan: Number.NaN,
  undefined: undefined,
  null: null,
  negative: -1,
  fraction: 0.5,
  infinite: Number.POSITIVE_INFINITY,
  'too-big': 2 ** 31,
  text: '0',
  false: false,
  list: [],
}

for (const [name, answer] of Object.entries(noAnswers)) {
  test(`custom-database/no-answer/${name}`, async (t) => {
    const error = await refusal(t, { database: new OwnDatabase(() => answer) })
    t.is(error.certificateErrors, GENERIC_ERROR)
    t.true(error.cause instanceof TypeError)
  })
}

test('custom-database/bits-that-are-unknown-refuse', async (t) => {
  const error = await refusal(t, { database: new OwnDatabase(() => 1 << 20) })
  t.is(error.certificateErrors, 1 << 20)
})

test('custom-database/one-that-fails-has-not-decided', async (t) => {
  const failure = new Error('The card was taken out.')
  const database = new OwnDatabase(() => Promise.reject(failure))
  const error = await refusal(t, { database })
  t.is(error.certificateErrors, GENERIC_ERROR)
  t.is(error.cause, failure)
  class Throwing extends TlsDatabase {
    override verifyChain(): never {
      throw failure
    }
  }
  t.is((await refusal(t, { database: new Throwing() })).cause, failure)
})

test('custom-database/application-may-accept-what-it-could-not-decide', async (t) => {
  const asked: number[] = []
  const acceptCertificate = (_: TlsCertificate, errors: number) => asked.push(errors) > 0
  const database = new OwnDatabase(() => Promise.reject(new Error('No idea.')))
  const { connection, handshake } = await attempt({ database, options: { acceptCertificate } })
  await handshake
  t.deepEqual(asked, [GENERIC_ERROR])
  t.deepEqual(Object.keys(connection.peerVerification ?? {}).sort(), [
    'engineErrors',
    'errors',
    'findings',
    'path',
  ])
})

/** A promise that is never settled, and the word that it is awaited. */
function hanging() {
  let tell = () => {}
  const awaited = new Promise<void>((resolve) => {
    tell = resolve
  })
  const decide = () => {
    tell()
    return new Promise<never>(() => {})
  }
  return { awaited, decide }
}

test('custom-database/one-that-never-answers-ends-with-an-abort', async (t) => {
  const { awaited, decide } = hanging()
  const database = new OwnDatabase(decide)
  const { backend } = backendAt(NOW)
  const connection = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test' },
    database,
  })
  const controller = new AbortController()
  const made = backend.nextDriver()
  const handshake = connection.handshake({ signal: controller.signal })
  ;(await made).handshakeResult.resolve(fullHandshake({ peerChain: shown }))
  await awaited
  const reason = new Error('too long')
  controller.abort(reason)
  t.is(await t.throwsAsync(handshake), reason)
  const { signal } = database.asked[0]?.options ?? {}
  t.true(signal?.aborted)
  t.is(signal?.reason, reason)
  t.is(connection.peerCertificate, null)
  t.true(backend.drivers[0]?.log.includes('abort'))
})

test('custom-database/answer-after-the-end-is-not-heard', async (t) => {
  for (const answer of [0, UNKNOWN_CA]) {
    let settle = (_: number) => {}
    const database = new OwnDatabase(() => new Promise<number>((resolve) => (settle = resolve)))
    let told = 0
    const acceptCertificate = () => ++told > 0
    const run = await attempt({ database, options: { acceptCertificate } })
    const { connection, handshake } = run
    connection.addEventListener('change:peerCertificate', () => told++)
    connection.addEventListener('change:peerCertificateErrors', () => told++)
    while (database.asked.length === 0) await Promise.resolve()
    const reason = new Error('no longer wanted')
    connection.abort(reason)
    t.is(await t.throwsAsync(handshake), reason)
    settle(answer)
    await new Promise(setImmediate)
    t.is(told, 0)
    t.is(connection.peerCertificate, null)
  }
})

/** Connects, and gets a ticket. */
async function connectWithTicket(backend: ScriptedBackend, database: TlsDatabase) {
  const run = await attempt({ backend, database })
  const sessions: TlsSession[] = []
  run.connection.addEventListener('session', (event) => {
    sessions.push((event as TlsSessionEvent).session)
  })
  await run.handshake
  run.driver.events.session({ data: Uint8Array.of(1), lifetime: 600_000 })
  return { ...run, session: sessions[0] as TlsSession }
}

test('custom-database/asked-again-for-a-session-at-the-present-time', async (t) => {
  const database = new OwnDatabase(() => 0)
  const { backend, clock } = backendAt(NOW)
  await connectWithTicket(backend, database)
  clock.advance(60_000)
  const interaction = {}
  const { driver, handshake, connection } = await attempt({
    backend,
    database,
    result: { isSessionResumed: true, peerChain: [] },
    options: { interaction },
  })
  await handshake
  t.deepEqual(driver.parameters?.session, Uint8Array.of(1))
  t.is(database.asked.length, 2)
  const { options, certificate } = database.asked[1] as OwnDatabase['asked'][number]
  t.is(options.time, NOW + 60_000)
  t.is(options.interaction, interaction)
  t.is(options.purpose, 'serverAuth')
  t.deepEqual(options.others, shown.slice(1))
  t.is(connection.peerCertificate, certificate)
  t.is(connection.peerVerification?.errors, 0)
})

test('custom-database/refuses-a-session-so-it-is-not-offered', async (t) => {
  const answers: readonly Verify[] = [
    () => REVOKED,
    () => Number.NaN,
    () => Promise.reject(new Error('No idea.')),
  ]
  for (const answer of answers) {
    const { backend } = backendAt(NOW)
    const database = new OwnDatabase(() => 0)
    const { session } = await connectWithTicket(backend, database)
    database.decide = answer
    const { driver, handshake } = await attempt({ backend, database })
    t.is(driver.parameters?.session, undefined)
    await t.throwsAsync(handshake, { code: 'TLS_BAD_CERTIFICATE' })
    t.is(session.uses, 0)
    t.is(database.asked.length, 3)
  }
})

test('custom-database/of-the-new-connection-decides-about-a-session', async (t) => {
  class Alike extends OwnDatabase {
    override async fingerprint(): Promise<string> {
      return 'alike'
    }
  }
  const { backend } = backendAt(NOW)
  const [first, second] = [new Alike(() => 0), new Alike(() => REVOKED)]
  const { connection: source } = await connectWithTicket(backend, first)
  const target = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test', port: 990 },
    database: second,
  })
  target.copySessionState(source)
  const made = backend.nextDriver()
  const handshake = target.handshake()
  const driver = await made
  t.is(driver.parameters?.session, undefined)
  t.is(first.asked.length, 1)
  t.is(second.asked.length, 1)
  driver.handshakeResult.resolve(fullHandshake({ peerChain: shown }))
  await t.throwsAsync(handshake, { code: 'TLS_BAD_CERTIFICATE' })
})

test('custom-database/of-another-connection-shares-no-session', async (t) => {
  const { backend } = backendAt(NOW)
  const [first, second] = [new OwnDatabase(() => 0), new OwnDatabase(() => 0)]
  await connectWithTicket(backend, first)
  const { driver, handshake } = await attempt({ backend, database: second })
  t.is(driver.parameters?.session, undefined)
  await handshake
})

test('custom-database/abort-while-a-session-is-judged-uses-up-nothing', async (t) => {
  const { backend } = backendAt(NOW)
  const { awaited, decide } = hanging()
  const database = new OwnDatabase(() => 0)
  const { connection: source, session } = await connectWithTicket(backend, database)
  database.decide = decide
  const target = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test', port: 990 },
    database,
  })
  target.copySessionState(source)
  const handshake = target.handshake()
  await awaited
  const reason = new Error('no longer wanted')
  target.abort(reason)
  t.is(await t.throwsAsync(handshake), reason)
  t.is(backend.drivers.length, 1)
  database.decide = () => 0
  const again = backend.createClientConnection(someStream(), {
    serverIdentity: { hostname: 'a.test', port: 990 },
    database,
  })
  again.copySessionState(source)
  const made = backend.nextDriver()
  const resumed = again.handshake()
  const driver = await made
  t.deepEqual(driver.parameters?.session, Uint8Array.of(1))
  driver.handshakeResult.resolve(fullHandshake({ isSessionResumed: true, peerChain: [] }))
  await resumed
  t.is(session.uses, 1)
})

test('custom-database/not-asked-about-a-handshake-given-up-at-once', async (t) => {
  const { backend } = backendAt(NOW)
  const database = new OwnDatabase(() => 0)
  const { connection: source, session } = await connectWithTicket(backend, database)
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const ways: readonly ((connection: TlsClientConnection) => void)[] = [
    (connection) => connection.abort(reason),
    () => controller.abort(reason),
  ]
  for (const giveUp of ways) {
    const told: unknown[] = []
    const target = backend.createClientConnection(someStream(), {
      serverIdentity: { hostname: 'a.test', port: 990 },
      database,
      acceptCertificate: (...question) => told.push(question) > 0,
    })
    target.copySessionState(source)
    const handshake = target.handshake({ signal: controller.signal })
    giveUp(target)
    t.is(await t.throwsAsync(handshake), reason)
    await new Promise(setImmediate)
    t.is(database.asked.length, 1)
    t.deepEqual(told, [])
    t.is(session.uses, 0)
  }
  t.is(backend.drivers.length, 1)
})

test('custom-database/default-database-must-be-one', (t) => {
  const backend = new ScriptedBackend()
  const nonsense = testCa as unknown as TlsDatabase
  t.throws(() => backend.setDefaultDatabase(nonsense), { instanceOf: TypeError })
  t.throws(() => new ScriptedBackend({ defaultDatabase: nonsense }), { instanceOf: TypeError })
  t.is(backend.defaultDatabase, null)
})
