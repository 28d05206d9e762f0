import { type DatagramFaults, faultyDatagramPair, ManualClock } from '@tlsio/conformance'
import { forA } from '@tlsio/conformance/fixtures'
import {
  type DatagramSocket,
  type DtlsClientConnectionOptions,
  type DtlsConnection,
  type DtlsServerConnectionOptions,
  IoError,
  memoryDatagramPair,
  TlsCertificate,
  TlsError,
} from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { clientHello } from '../support/dtls-hello.js'
import { fullHandshake, ScriptedBackend } from '../support/scripted-backend.js'
import { dtlsCapabilities, ScriptedDtlsBackend } from '../support/scripted-dtls.js'
import { bytes, text } from '../support/scripted-engine.js'

const certificate = TlsCertificate.fromPem(`${forA.certificate}${forA.privateKey}`)

interface Options extends DatagramFaults {
  readonly client?: DtlsClientConnectionOptions
  readonly server?: DtlsServerConnectionOptions
}

/** Both ends over a network in memory; time is the test's. */
function both(t: ExecutionContext, { client = {}, server = {}, ...faults }: Options = {}) {
  const clock = new ManualClock()
  const backend = new ScriptedDtlsBackend({ clock })
  const sockets = faultyDatagramPair({ ...faults, clock })
  const connection = backend.createDtlsClientConnection(sockets[0], {
    acceptCertificate: () => true,
    ...client,
  })
  const peer = backend.createDtlsServerConnection(sockets[1], { certificate, ...server })
  t.teardown(() => {
    connection.abort()
    peer.abort()
  })
  return { clock, backend, sockets, connection, peer }
}

type Parts = ReturnType<typeof both>

/** Lets time pass until `operation` is over: steps of 10 milliseconds, at most two minutes. */
async function inTime<T>({ clock }: Pick<Parts, 'clock'>, operation: Promise<T>): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  operation.then(over, over)
  for (let step = 0; step < 12_000; step++) {
    await turn()
    if (isOver) return operation
    clock.advance(10)
  }
  throw new Error('It took more than two minutes.')
}

async function open(t: ExecutionContext, options?: Options): Promise<Parts> {
  const parts = both(t, options)
  await inTime(parts, shakeHands(parts))
  return parts
}

async function shakeHands({ connection, peer }: Parts): Promise<void> {
  await Promise.all([connection.handshake(), peer.handshake()])
}

/** One turn of the event loop: everything in memory has been passed on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn()
}

async function received(connection: DtlsConnection): Promise<string> {
  return text(await connection.receive())
}

test('dtls/handshake/facts', async (t) => {
  const { connection, peer, sockets, backend } = both(t)
  t.is(connection.protocolVersion, null)
  t.is(connection.maxMessageSize, null)
  const events: string[] = []
  connection.addEventListener('change:peerCertificate', ({ type }) => events.push(type))
  await shakeHands({ connection, peer } as Parts)
  t.is(connection.backendName, 'scripted-dtls')
  t.is(connection.transport as DatagramSocket, sockets[0])
  t.is(connection.protocolVersion, 'DTLSv1.2')
  t.is(connection.cipherSuite, 'TLS_AES_128_GCM_SHA256')
  t.is(connection.maxMessageSize, 1400 - 37)
  t.deepEqual(connection.peerCertificate?.der, fullHandshake().peerChain[0])
  t.deepEqual(events, ['change:peerCertificate'])
  t.is(peer.serverName, 'a.test')
  t.is(backend.engines[0]?.settings.retransmissionTimeout, 1000)
  await connection.close()
  t.is(connection.maxMessageSize, null)
  t.is(connection.protocolVersion, null)
})

test('dtls/handshake/core-judges-the-peer', async (t) => {
  const parts = both(t, { client: { acceptCertificate: undefined } })
  parts.peer.handshake().catch(() => {})
  const error = await t.throwsAsync(parts.connection.handshake(), { instanceOf: TlsError })
  t.is(error?.code, 'TLS_BAD_CERTIFICATE')
  t.not(parts.connection.peerCertificateErrors, 0)
  t.is(await parts.connection.handshake().catch((again: unknown) => again), error)
  t.is(await parts.connection.receive().catch((again: unknown) => again), error)
})

test('dtls/handshake/first-operation-runs-it', async (t) => {
  const { connection, peer } = both(t)
  const [message] = await Promise.all([received(peer), connection.send(bytes('hello'))])
  t.is(message, 'hello')
})

test('dtls/handshake/interaction-sees-the-connection', async (t) => {
  let asked: unknown
  const requestCertificate = async (who: unknown) => {
    asked = who
    return 'unhandled' as const
  }
  const { connection } = await open(t, { client: { interaction: { requestCertificate } } })
  t.is(asked, connection)
})

test('dtls/timer/lost-first-flight', async (t) => {
  const parts = both(t, { drop: (number, datagram) => number === 0 && datagram[0] === 22 })
  const handshake = shakeHands(parts)
  await turns(5)
  t.is(parts.sockets[0].sent.length, 1)
  parts.clock.advance(999)
  await turns(5)
  t.is(parts.sockets[0].sent.length, 1)
  parts.clock.advance(1)
  await handshake
  t.is(parts.sockets[0].lost, 1)
})

test('dtls/timer/it-doubles', async (t) => {
  const parts = both(t, { loss: 1, client: { retransmissionTimeout: 100 } })
  const handshake = parts.connection.handshake()
  handshake.catch(() => {})
  const sentAt: number[] = []
  for (let time = 0; time < 800; time += 50) {
    await turns(3)
    while (sentAt.length < parts.sockets[0].sent.length) sentAt.push(time)
    parts.clock.advance(50)
  }
  t.deepEqual(sentAt, [0, 100, 300, 700])
})

test('dtls/timer/lost-last-flight', async (t) => {
  const parts = both(t, { drop: (_, datagram) => text(datagram) === 's2' && count++ === 0 })
  let count = 0
  const server = inTime(parts, parts.peer.handshake())
  const client = parts.connection.handshake()
  await server
  // Nobody receives at the server: its connection answers all the same.
  await inTime(parts, client)
  t.is(parts.sockets[1].lost, 1)
})

test('dtls/timer/nothing-is-left-of-it', async (t) => {
  const { clock } = await open(t)
  t.is(clock.pending, 0)
})

test('dtls/timer/strangers-do-not-put-it-off', async (t) => {
  const parts = both(t, { drop: (number) => number === 0, loss: 0 })
  const handshake = parts.connection.handshake()
  handshake.catch(() => {})
  for (let time = 0; time < 1000; time += 100) {
    await parts.sockets[1].send(bytes('garbage'))
    await turns(3)
    t.is(parts.sockets[0].sent.length, 1)
    parts.clock.advance(100)
  }
  await turns(3)
  t.is(parts.sockets[0].sent.length, 2)
})

test('dtls/timer/waits-for-a-step-that-runs', async (t) => {
  const parts = both(t)
  let resume = () => {}
  const handshake = parts.connection.handshake()
  await turn()
  const [engine] = parts.backend.engines
  if (engine === undefined) throw new Error('There is no engine.')
  engine.pause = new Promise((resolve) => {
    resume = resolve
  })
  const server = parts.peer.handshake()
  await turns(3)
  parts.clock.advance(5000)
  await turns(3)
  t.false(engine.log.includes('tick'))
  engine.pause = undefined
  resume()
  await inTime(parts, Promise.all([handshake, server]))
})

test('dtls/handshake/vanished-peer-times-out', async (t) => {
  const parts = both(t, { loss: 1, client: { handshakeTimeout: 10_000 } })
  const handshake = parts.connection.handshake()
  const error = await t.throwsAsync(inTime(parts, handshake), { instanceOf: IoError })
  t.is(error?.code, 'IO_TIMED_OUT')
  t.is(parts.clock.monotonicNow(), 10_000)
  t.is(parts.clock.pending, 0)
  t.true(parts.backend.engines[0]?.released)
})

for (const loss of [0.05, 0.2, 0.4]) {
  test(`dtls/network/loss-of-${loss * 100}-percent`, async (t) => {
    for (let seed = 1; seed <= 20; seed++) {
      const faults = { seed, loss, duplicate: 0.1, reorder: 0.2, delay: 30 }
      const parts = both(t, { ...faults, client: { retransmissionTimeout: 100 } })
      await inTime(parts, shakeHands(parts))
      t.is(parts.connection.protocolVersion, 'DTLSv1.2')
    }
  })
}

test('dtls/network/messages-once-each-whatever-the-order', async (t) => {
  const parts = await open(t, { seed: 3, duplicate: 0.5, reorder: 0.5, delay: 10 })
  const got = new Set<string>()
  for (let number = 0; number < 50; number++) await parts.connection.send(bytes(`n${number}`))
  for (let number = 0; number < 50; number++) {
    const message = text(await inTime(parts, parts.peer.receive()))
    t.false(got.has(message))
    got.add(message)
  }
  t.is(got.size, 50)
})

test('dtls/network/strangers-are-dropped', async (t) => {
  const { connection, peer, sockets } = await open(t)
  await sockets[0].send(bytes('garbage'))
  await sockets[0].send(new Uint8Array(0))
  await sockets[0].send(new Uint8Array(5000).fill(23))
  await connection.send(bytes('hello'))
  t.is(await received(peer), 'hello')
})

test('dtls/messages/borders-are-kept', async (t) => {
  const { connection, peer, sockets } = await open(t)
  const before = sockets[0].sent.length
  for (const message of ['a', 'bc', 'def']) await connection.send(bytes(message))
  t.is(sockets[0].sent.length - before, 3)
  t.is(await received(peer), 'a')
  t.is(await received(peer), 'bc')
  t.is(await received(peer), 'def')
})

test('dtls/messages/as-large-as-fits', async (t) => {
  const { connection, peer, sockets } = await open(t, { client: { maxDatagramSize: 500 } })
  const size = connection.maxMessageSize as number
  t.is(size, 500 - 37)
  const before = sockets[0].sent.length
  await t.throwsAsync(connection.send(new Uint8Array(size + 1)), {
    instanceOf: IoError,
    code: 'IO_MESSAGE_TOO_LARGE',
  } as object)
  t.is(sockets[0].sent.length, before)
  await connection.send(new Uint8Array(size).fill(65))
  t.is((await received(peer)).length, size)
})

test('dtls/messages/an-empty-one-is-a-mistake', async (t) => {
  const { connection } = both(t)
  await t.throwsAsync(connection.send(new Uint8Array(0)), { instanceOf: TypeError })
  await t.throwsAsync(connection.send('text' as never), { instanceOf: TypeError })
})

test('dtls/messages/nothing-waits-without-limit', async (t) => {
  const { connection, peer } = await open(t)
  for (let number = 0; number < 3000; number++) await connection.send(bytes(`${number}`))
  await turn()
  for (let number = 0; number < 1024; number++) t.is(await received(peer), `${number}`)
  await connection.send(bytes('later'))
  t.is(await received(peer), 'later')
})

test('dtls/messages/receive-that-was-given-up-loses-nothing', async (t) => {
  const { connection, peer } = await open(t)
  const controller = new AbortController()
  const receiving = peer.receive({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.throwsAsync(receiving, { message: 'enough' })
  await connection.send(bytes('hello'))
  t.is(await received(peer), 'hello')
})

test('dtls/messages/one-operation-at-a-time', async (t) => {
  const { peer } = await open(t)
  const receiving = peer.receive()
  await t.throwsAsync(peer.receive(), { code: 'IO_PENDING' } as object)
  peer.abort()
  await t.throwsAsync(receiving, { code: 'IO_CLOSED' } as object)
})

test('dtls/socket/refusal-of-one-message-is-not-the-end', async (t) => {
  const { connection, peer, sockets } = await open(t)
  const refused = new IoError('IO_CONNECTION_REFUSED', 'nobody listens')
  const send = sockets[0].send.bind(sockets[0])
  sockets[0].send = () => Promise.reject(refused)
  t.is(await t.throwsAsync(connection.send(bytes('one'))), refused)
  sockets[0].send = send
  await connection.send(bytes('two'))
  t.is(await received(peer), 'two')
})

test('dtls/socket/refusal-of-a-flight-ends-the-handshake', async (t) => {
  const { connection, sockets } = both(t)
  const refused = new IoError('IO_CONNECTION_REFUSED', 'nobody listens')
  sockets[0].send = () => Promise.reject(refused)
  t.is(await t.throwsAsync(connection.handshake()), refused)
})

test('dtls/socket/closed-by-its-owner', async (t) => {
  const { connection, sockets } = await open(t)
  const receiving = connection.receive()
  await sockets[0].close()
  await t.throwsAsync(receiving, { code: 'IO_BROKEN_PIPE' } as object)
  await t.throwsAsync(connection.receive(), { code: 'IO_BROKEN_PIPE' } as object)
})

test('dtls/socket/one-that-takes-nothing-keeps-nothing', async (t) => {
  const { connection, peer, sockets } = await open(t)
  let waiting = 0
  sockets[1].send = () => {
    waiting++
    return new Promise(() => {})
  }
  // Each makes the server repeat its last flight.
  for (let number = 0; number < 2000; number++) await sockets[0].send(bytes('c2b'))
  await turns(3)
  t.is(waiting, 1)
  await connection.send(bytes('hello'))
  t.is(await received(peer), 'hello')
})

test('dtls/close/peer-learns-of-it-and-the-socket-stays-open', async (t) => {
  const { connection, peer, sockets, backend } = await open(t)
  await connection.close()
  await connection.close()
  t.true(connection.closed)
  t.true(backend.engines[0]?.released)
  t.is(await peer.receive(), null)
  t.is(await peer.receive(), null)
  await peer.close()
  await sockets[1].send(bytes('plain'))
  t.is(text(await nextPlain(sockets[0])), 'plain')
  await t.throwsAsync(connection.send(bytes('more')), { code: 'IO_CLOSED' } as object)
  await t.throwsAsync(connection.receive(), { code: 'IO_CLOSED' } as object)
})

/** The first datagram that is not left over from the connection. */
async function nextPlain(socket: DatagramSocket): Promise<Uint8Array> {
  for (;;) {
    const datagram = await socket.receive()
    if (text(datagram) !== 'end') return datagram
  }
}

test('dtls/close/before-the-handshake-says-nothing', async (t) => {
  const { connection, sockets } = both(t)
  await connection.close()
  t.is(sockets[0].sent.length, 0)
  await t.throwsAsync(connection.handshake(), { code: 'IO_CLOSED' } as object)
})

test('dtls/close/lost-close-notify-leaves-it-to-the-signal', async (t) => {
  const { connection, peer } = await open(t, { drop: (_, datagram) => text(datagram) === 'end' })
  await connection.close()
  const controller = new AbortController()
  const receiving = peer.receive({ signal: controller.signal })
  await turns(3)
  controller.abort(new Error('long enough'))
  await t.throwsAsync(receiving, { message: 'long enough' })
  await peer.close()
})

test('dtls/shutdown/neither-does-nothing', async (t) => {
  const { connection, peer, sockets } = await open(t)
  const before = sockets[0].sent.length
  await connection.shutdown({})
  await connection.shutdown({ read: false, write: false })
  t.is(sockets[0].sent.length, before)
  await connection.send(bytes('hello'))
  t.is(await received(peer), 'hello')
})

test('dtls/shutdown/write-alone', async (t) => {
  const { connection, peer } = await open(t)
  await connection.shutdown({ write: true })
  await connection.shutdown({ write: true })
  await t.throwsAsync(connection.send(bytes('more')), { code: 'IO_CLOSED' } as object)
  t.is(await peer.receive(), null)
  await peer.send(bytes('still here'))
  t.is(await received(connection), 'still here')
  t.false(connection.closed)
})

test('dtls/shutdown/read-alone', async (t) => {
  const { connection, peer, sockets } = await open(t)
  const before = sockets[0].sent.length
  await connection.shutdown({ read: true })
  t.is(sockets[0].sent.length, before)
  await t.throwsAsync(connection.receive(), { code: 'IO_CLOSED' } as object)
  await connection.send(bytes('hello'))
  t.is(await received(peer), 'hello')
})

test('dtls/shutdown/one-after-the-other-closes', async (t) => {
  const { connection, backend } = await open(t)
  await connection.shutdown({ read: true })
  await connection.shutdown({ write: true })
  t.true(connection.closed)
  t.true(backend.engines[0]?.released)
})

test('dtls/shutdown/both-closes', async (t) => {
  const { connection, peer } = await open(t)
  await connection.shutdown({ read: true, write: true })
  t.true(connection.closed)
  t.is(await peer.receive(), null)
})

test('dtls/shutdown/directions-are-true-or-false', async (t) => {
  const { connection } = both(t)
  await t.throwsAsync(connection.shutdown({ read: 1 as never }), { instanceOf: TypeError })
})

test('dtls/abort/everything-rejects-and-the-socket-stays-open', async (t) => {
  const { connection, peer, sockets, backend, clock } = await open(t)
  const receiving = connection.receive()
  const reason = new Error('enough')
  connection.abort(reason)
  connection.abort(new Error('again'))
  t.is(await t.throwsAsync(receiving), reason)
  t.is(await t.throwsAsync(connection.send(bytes('more'))), reason)
  t.is(clock.pending, 0)
  t.true(backend.engines[0]?.released)
  await peer.close()
  t.is(text(await sockets[0].receive()), 'end')
})

test('dtls/abort/during-the-handshake', async (t) => {
  const { connection, sockets, clock } = both(t)
  const controller = new AbortController()
  const handshake = connection.handshake({ signal: controller.signal })
  await turns(3)
  controller.abort(new Error('enough'))
  await t.throwsAsync(handshake, { message: 'enough' })
  t.is(clock.pending, 0)
  await sockets[1].send(bytes('plain'))
  t.is(text(await sockets[0].receive()), 'plain')
})

test('dtls/abort/server-that-waits-for-its-client', async (t) => {
  const { peer, sockets } = both(t)
  const controller = new AbortController()
  const handshake = peer.handshake({ signal: controller.signal })
  await turns(3)
  controller.abort(new Error('enough'))
  await t.throwsAsync(handshake, { message: 'enough' })
  await sockets[0].send(bytes('plain'))
  t.is(text(await sockets[1].receive()), 'plain')
})

test('dtls/alert/is-told-to-reader-and-sender', async (t) => {
  const { connection, sockets } = await open(t)
  const receiving = connection.receive()
  await sockets[1].send(bytes('alert'))
  await t.throwsAsync(receiving, { message: 'The peer sent an alert.' })
  await t.throwsAsync(connection.send(bytes('more')), { message: 'The peer sent an alert.' })
  await sockets[1].send(bytes('m7 late'))
  await t.throwsAsync(connection.receive(), { message: 'The peer sent an alert.' })
})

test('dtls/alert/leaves-before-a-handshake-fails', async (t) => {
  const { connection, sockets } = both(t)
  const handshake = connection.handshake()
  await sockets[1].send(bytes('bad'))
  await t.throwsAsync(handshake, { code: 'TLS_HANDSHAKE' } as object)
  t.deepEqual(sockets[0].sent.slice(1).map(text), ['alert 40'])
})

test('dtls/alert/peer-that-was-refused-is-told', async (t) => {
  const parts = both(t, { client: { acceptCertificate: () => false } })
  const server = parts.peer.receive()
  await t.throwsAsync(parts.connection.handshake(), { code: 'TLS_BAD_CERTIFICATE' } as object)
  await t.throwsAsync(server, { message: 'alert 42' })
})

test('dtls/alert/not-for-an-abort-of-the-application', async (t) => {
  const { connection, sockets } = await open(t)
  const before = sockets[0].sent.length
  connection.abort(new Error('enough'))
  t.is(sockets[0].sent.length, before)
})

test('dtls/close/of-a-peer-that-has-gone-is-no-error', async (t) => {
  const { connection, peer, sockets } = await open(t)
  await peer.close()
  t.is(await connection.receive(), null)
  sockets[0].send = () => Promise.reject(new IoError('IO_CONNECTION_REFUSED', 'nobody listens'))
  await connection.close()
  t.true(connection.closed)
})

test('dtls/close/that-cannot-be-told-is-an-error', async (t) => {
  const { connection, sockets, backend } = await open(t)
  const refused = new IoError('IO_CONNECTION_REFUSED', 'nobody listens')
  sockets[0].send = () => Promise.reject(refused)
  t.is(await t.throwsAsync(connection.close()), refused)
  t.true(connection.closed)
  t.true(backend.engines[0]?.released)
})

test('dtls/server/what-is-no-hello-makes-nothing', async (t) => {
  const { peer, sockets, backend } = both(t)
  peer.handshake().catch(() => {})
  for (const stranger of ['garbage', 'c2b', '']) await sockets[0].send(bytes(stranger))
  await turns(3)
  t.is(backend.engines.length, 0)
  t.is(sockets[1].sent.length, 0)
})

test('dtls/server/cookie-comes-before-the-engine', async (t) => {
  const { peer, sockets, backend } = both(t)
  const asked: string[] = []
  backend.cookies = {
    check(datagram, name) {
      asked.push(name)
      const isGood = datagram.includes(77)
      if (!isGood) return { kind: 'challenge', answer: bytes('cookie, please') }
      return { kind: 'verified', state: 'sequence 1' }
    },
  }
  const server = backend.createDtlsServerConnection(sockets[1], { certificate })
  server.handshake().catch(() => {})
  await sockets[0].send(clientHello('a.test'))
  t.is(text(await sockets[0].receive()), 'cookie, please')
  t.is(backend.engines.length, 0)
  await sockets[0].send(clientHello('b.test', Uint8Array.of(77)))
  await turns(3)
  t.deepEqual(backend.cookieStates, ['sequence 1'])
  t.deepEqual(backend.engines[0]?.log, ['c1'])
  t.is(server.serverName, 'b.test')
  t.deepEqual(asked, ['', ''])
  server.abort()
  peer.abort()
})

test('dtls/server/certificate-by-name', async (t) => {
  const names: (string | null)[] = []
  const selectCertificate = (name: string | null) => {
    names.push(name)
    return undefined
  }
  await open(t, { server: { selectCertificate } })
  t.deepEqual(names, ['a.test'])
})

test('dtls/options/out-of-range', (t) => {
  const { backend, sockets } = both(t)
  const make = (options: DtlsClientConnectionOptions) => () =>
    backend.createDtlsClientConnection(sockets[0], options)
  t.throws(make({ maxDatagramSize: 255 }), { instanceOf: RangeError })
  t.throws(make({ maxDatagramSize: 65_508 }), { instanceOf: RangeError })
  t.throws(make({ retransmissionTimeout: 0 }), { instanceOf: RangeError })
  t.throws(make({ handshakeTimeout: Number.NaN }), { instanceOf: RangeError })
  t.throws(make({ handshakeTimeout: '1' as never }), { instanceOf: TypeError })
  t.throws(() => backend.createDtlsClientConnection({} as never), {
    instanceOf: TypeError,
    message: /fromDgramSocket/,
  })
})

test('dtls/options/versions-are-those-of-dtls', (t) => {
  const { backend, sockets } = both(t)
  const make = (options: DtlsClientConnectionOptions) => () =>
    backend.createDtlsClientConnection(sockets[0], options)
  t.notThrows(make({ minVersion: 'DTLSv1.2', maxVersion: 'DTLSv1.2' }))
  t.throws(make({ minVersion: 'DTLSv1' }), { code: 'TLS_NOT_SUPPORTED' } as object)
  t.throws(make({ maxVersion: 'TLSv1.2' }), { code: 'TLS_NOT_SUPPORTED' } as object)
  t.throws(make({ minVersion: 'DTLSv1.3' as never }), { instanceOf: TypeError })
})

test('dtls/refused/by-a-backend-without-it', (t) => {
  const able = {
    name: 'able',
    priority: 0,
    supports: dtlsCapabilities,
    create: () => new ScriptedDtlsBackend(),
  }
  const backend = new ScriptedBackend({ registrations: () => [able] })
  t.false(backend.supportsDtls)
  t.is(backend.dtlsCookies, null)
  const [socket] = memoryDatagramPair()
  for (const make of [
    () => backend.createDtlsClientConnection(socket),
    () => backend.createDtlsServerConnection(socket),
  ]) {
    t.throws(make, { code: 'TLS_NOT_SUPPORTED', message: /does not have DTLS.*"able"/ } as object)
  }
  t.true(new ScriptedDtlsBackend().supportsDtls)
})

test('dtls/refused/engine-that-was-claimed-and-is-not-there', async (t) => {
  class Claiming extends ScriptedBackend {
    override readonly supports = dtlsCapabilities
  }
  const [socket] = memoryDatagramPair()
  const connection = new Claiming().createDtlsClientConnection(socket)
  await t.throwsAsync(connection.handshake(), { code: 'TLS_NOT_SUPPORTED' } as object)
})
