import { type DatagramSocket, IoError, TlsError } from '@tlsio/core'
import test from 'ava'
import {
  both,
  inTime,
  open,
  type Parts,
  received,
  shakeHands,
  turn,
  turns,
} from '../support/dtls-pair.js'
import { fullHandshake } from '../support/scripted-backend.js'
import { bytes, text } from '../support/scripted-engine.js'

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
  // The server looks at its certificate first, in a thread of its own: no number of turns is enough.
  while (!engine.log.includes('s1a')) await turn()
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
