import { type IoStream, memoryStreamPair, type TlsClientConnection, TlsError } from '@tlsio/core'
import { type ConnectEvent, connect, listenTcp, type TlsConnectOptions } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { fullHandshake, ScriptedBackend, type ScriptedDriver } from './support/scripted-backend.js'

/** TCP listener on 127.0.0.1 and what it took. Nothing is at 127.0.0.2. */
async function listening(t: ExecutionContext) {
  const accepted: IoStream[] = []
  const listener = await listenTcp({ port: 0 }, (stream) => accepted.push(stream))
  t.teardown(async () => {
    for (const stream of accepted) stream.abort()
    await listener.close()
  })
  return { accepted, port: listener.port }
}

const HERE = { address: '127.0.0.1' }
const NOBODY_HERE = { address: '127.0.0.2' }
const lookup =
  (...addresses: { address: string }[]) =>
  async () =>
    addresses

/** What TLS answers, handshake by handshake; after that it succeeds. */
function scripted(...errors: (Error | undefined)[]) {
  const backend = new ScriptedBackend()
  const drivers: ScriptedDriver[] = []
  const follow = async (): Promise<void> => {
    const driver = await backend.nextDriver()
    const error = errors[drivers.length]
    drivers.push(driver)
    void follow()
    if (error === undefined) driver.handshakeResult.resolve(fullHandshake())
    else driver.handshakeResult.reject(error)
  }
  void follow()
  return { backend, drivers }
}

/** Options for a connection to `a.test`, the events it had, and what was listened to. */
async function prepared(t: ExecutionContext, options: Partial<TlsConnectOptions> = {}) {
  const { port, accepted } = await listening(t)
  const events: ConnectEvent[] = []
  const tls = { acceptCertificate: () => true }
  const on = (event: ConnectEvent) => {
    events.push(event)
  }
  const all = { host: 'a.test', port, lookup: lookup(HERE), tls, on, ...options }
  const phases = () =>
    events.map(({ phase, address }) => `${phase} ${address?.address ?? ''}`.trim())
  return { options: all, port, accepted, events, phases }
}

test('connect/phases', async (t) => {
  const { options, events, phases, port } = await prepared(t, scripted())
  const connection = await connect(options)
  t.deepEqual(phases(), [
    'resolving',
    'resolved',
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
    'tls-handshaking 127.0.0.1',
    'tls-handshaked 127.0.0.1',
    'complete',
  ])
  t.deepEqual(events[2]?.address, { address: '127.0.0.1', port })
  t.is(events[3]?.connection, connection.transport)
  for (const event of events.slice(4)) t.is(event.connection, connection)
  t.is(connection.protocolVersion, 'TLSv1.3')
  await connection.close()
})

test('connect/identity-is-what-the-caller-named', async (t) => {
  const { backend, drivers } = scripted()
  const { options, port } = await prepared(t, { backend })
  const connection = await connect(options)
  t.deepEqual(connection.serverIdentity, { hostname: 'a.test', port })
  t.is(drivers[0]?.parameters?.serverName, 'a.test')
  await connection.close()
  const tls = { ...(options.tls as object), serverIdentity: { hostname: 'b.test' } }
  const other = await connect({ ...options, tls })
  t.deepEqual(other.serverIdentity, { hostname: 'b.test' })
  await other.close()
})

test('connect/an-address-is-its-own-identity', async (t) => {
  const { backend, drivers } = scripted()
  const { options, port } = await prepared(t, { backend, host: '127.0.0.1', lookup: undefined })
  const connection = await connect(options)
  t.deepEqual(connection.serverIdentity, { hostname: '127.0.0.1', port })
  t.is(drivers[0]?.parameters?.serverName, undefined)
  await connection.close()
})

test('connect/a-zone-is-no-identity', async (t) => {
  const { options, port } = await prepared(t, { ...scripted(), host: 'fe80::1%lo' })
  const connection = await connect(options)
  t.deepEqual(connection.serverIdentity, { hostname: 'fe80::1', port })
  await connection.close()
})

test('connect/without-settings', async (t) => {
  const { options } = await prepared(t, { ...scripted(), tls: true })
  await t.throwsAsync(connect(options), { code: 'TLS_BAD_CERTIFICATE' })
  await t.throwsAsync(connect({ ...options, tls: undefined }), { code: 'TLS_BAD_CERTIFICATE' })
})

test('connect/without-tls', async (t) => {
  const { options, events, phases, accepted } = await prepared(t)
  const stream = await connect({ ...options, tls: false })
  t.deepEqual(phases(), [
    'resolving',
    'resolved',
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
    'complete',
  ])
  t.is(events.at(-1)?.connection, stream)
  await stream.write(Buffer.from('plain'))
  await stream.closeWrite()
  t.is(Buffer.from((await accepted[0]?.read()) ?? []).toString(), 'plain')
  stream.abort()
})

test('connect/next-address/after-tcp', async (t) => {
  const { options, phases } = await prepared(t, {
    ...scripted(),
    lookup: lookup(NOBODY_HERE, HERE),
  })
  const connection = await connect(options)
  t.deepEqual(phases().slice(2, 5), [
    'connecting 127.0.0.2',
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
  ])
  await connection.close()
})

test('connect/next-address/after-tls', async (t) => {
  const first = new TlsError('TLS_BAD_CERTIFICATE', 'first')
  const { options, phases, accepted } = await prepared(t, {
    ...scripted(first),
    lookup: lookup(HERE, HERE),
  })
  const connection = await connect(options)
  t.deepEqual(phases().slice(2), [
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
    'tls-handshaking 127.0.0.1',
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
    'tls-handshaking 127.0.0.1',
    'tls-handshaked 127.0.0.1',
    'complete',
  ])
  await ended(accepted[0])
  await connection.close()
})

test('connect/error/of-the-furthest-phase', async (t) => {
  const error = new TlsError('TLS_HANDSHAKE', 'in TLS')
  const { options, events, phases } = await prepared(t, {
    ...scripted(error),
    lookup: lookup(NOBODY_HERE, HERE, NOBODY_HERE),
  })
  t.is(await t.throwsAsync(connect(options)), error)
  t.is(phases().filter((phase) => phase === 'complete').length, 1)
  t.deepEqual(events.at(-1), { phase: 'complete', connection: null })
})

test('connect/error/the-last-of-a-phase', async (t) => {
  const [first, last] = [new TlsError('TLS_HANDSHAKE', '1'), new TlsError('TLS_MISC', '2')]
  const { options } = await prepared(t, { ...scripted(first, last), lookup: lookup(HERE, HERE) })
  t.is(await t.throwsAsync(connect(options)), last)
})

test('connect/error/tcp', async (t) => {
  const { options, phases } = await prepared(t, { lookup: lookup(NOBODY_HERE) })
  await t.throwsAsync(connect(options), { code: 'IO_CONNECTION_REFUSED' })
  t.deepEqual(phases().slice(2), ['connecting 127.0.0.2', 'complete'])
})

test('connect/error/name', async (t) => {
  const failing = async () => {
    throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
  }
  const { options, phases } = await prepared(t, { lookup: failing })
  await t.throwsAsync(connect(options), { code: 'IO_HOST_NOT_FOUND', message: /a\.test/ })
  t.deepEqual(phases(), ['resolving', 'complete'])
  await t.throwsAsync(connect({ ...options, lookup: lookup() }), { code: 'IO_HOST_NOT_FOUND' })
})

test('connect/error/an-engine-that-refuses-counts-as-tls', async (t) => {
  const { options, phases } = await prepared(t, {
    ...scripted(),
    tls: { minVersion: 'TLSv1' },
    lookup: lookup(HERE, NOBODY_HERE),
  })
  await t.throwsAsync(connect(options), { code: 'TLS_NOT_SUPPORTED' })
  t.deepEqual(phases().slice(2), [
    'connecting 127.0.0.1',
    'connected 127.0.0.1',
    'connecting 127.0.0.2',
    'complete',
  ])
})

test('connect/error/arguments', async (t) => {
  const { options, events } = await prepared(t)
  await t.throwsAsync(connect({ ...options, port: 0 }), { instanceOf: RangeError })
  await t.throwsAsync(connect({ ...options, host: '' }), { instanceOf: TypeError })
  t.deepEqual(events, [])
})

test('connect/configure/before-the-handshake-and-awaited', async (t) => {
  const { backend, drivers } = scripted()
  const order: string[] = []
  const { options, events } = await prepared(t, {
    backend,
    tls: true,
    async configure(connection) {
      order.push(events.at(-1)?.phase as string)
      await new Promise((resolve) => setImmediate(resolve))
      t.is(drivers.length, 0)
      connection.acceptCertificate = () => true
      connection.advertisedProtocols = ['test']
    },
  })
  const connection = await connect(options)
  t.deepEqual(order, ['tls-handshaking'])
  t.deepEqual(drivers[0]?.parameters?.advertisedProtocols, ['test'])
  await connection.close()
})

const throwing: [string, (error: Error) => Partial<TlsConnectOptions>][] = [
  ['configure', (error) => ({ configure: () => Promise.reject(error) })],
  ['configure-at-once', (error) => ({ configure: () => thrown(error) })],
  ...(
    [
      'resolving',
      'resolved',
      'connecting',
      'connected',
      'tls-handshaking',
      'tls-handshaked',
    ] as const
  ).map((phase): [string, (error: Error) => Partial<TlsConnectOptions>] => [
    `on-${phase}`,
    (error) => ({ on: (event) => (event.phase === phase ? thrown(error) : undefined) }),
  ]),
  [
    'on-complete',
    (error) => ({ on: ({ phase }) => (phase === 'complete' ? thrown(error) : undefined) }),
  ],
]

for (const [where, fault] of throwing) {
  test(`connect/callers-own-error/${where}`, async (t) => {
    const error = new Error('mine')
    const { options, accepted } = await prepared(t, {
      ...scripted(),
      lookup: lookup(HERE, HERE),
      ...fault(error),
    })
    t.is(await t.throwsAsync(connect(options)), error)
    t.true(accepted.length <= 1)
    await ended(accepted[0])
  })
}

test('connect/abort/before', async (t) => {
  const reason = new Error('never mind')
  const { options, events } = await prepared(t, { signal: AbortSignal.abort(reason) })
  t.is(await t.throwsAsync(connect(options)), reason)
  t.deepEqual(events, [])
})

const PHASES = [
  'resolving',
  'resolved',
  'connecting',
  'connected',
  'tls-handshaking',
  'tls-handshaked',
]
for (const phase of PHASES) {
  test(`connect/abort/when-${phase}`, async (t) => {
    const reason = new Error('never mind')
    const controller = new AbortController()
    const seen: string[] = []
    const { options, accepted } = await prepared(t, {
      ...scripted(),
      lookup: lookup(HERE, HERE),
      signal: controller.signal,
      on(event) {
        seen.push(event.phase)
        if (event.phase === phase) controller.abort(reason)
        if (event.phase === 'complete') t.is(event.connection, null)
      },
    })
    t.is(await t.throwsAsync(connect(options)), reason)
    t.is(seen.at(-1), 'complete')
    t.is(seen.filter((one) => one === 'complete').length, 1)
    t.true(accepted.length <= 1)
    await ended(accepted[0])
  })
}

test('connect/abort/while-it-looks-up-or-is-configured-or-shakes-hands', async (t) => {
  const reason = new Error('never mind')
  const forever = new Promise<never>(() => {})
  for (const options of [
    { lookup: () => forever },
    { configure: () => forever },
    { backend: new ScriptedBackend() },
  ]) {
    const controller = new AbortController()
    const waiting = await prepared(t, { ...scripted(), ...options, signal: controller.signal })
    const connecting = connect(waiting.options)
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    controller.abort(reason)
    t.is(await t.throwsAsync(connecting), reason)
    t.is(waiting.phases().at(-1), 'complete')
  }
})

test('connect/abort/of-no-effect-afterwards', async (t) => {
  const controller = new AbortController()
  const { options } = await prepared(t, { ...scripted(), signal: controller.signal })
  const connection: TlsClientConnection = await connect(options)
  controller.abort()
  t.false(connection.closed)
  await connection.close()
})

/** The client has dropped it, or never connected. */
async function ended(stream: IoStream = memoryStreamPair()[0]): Promise<void> {
  if (stream.remoteAddress === undefined) return
  const chunk = await stream.read().catch((error) => {
    if (error.code !== 'IO_BROKEN_PIPE') throw error
    return null
  })
  if (chunk !== null) throw new Error('The client has sent something.')
}

function thrown(error: Error): never {
  throw error
}
