import { IoError } from '@tlsio/core'
import test from 'ava'
import { both, open, received, turn, turns } from '../support/dtls-pair.js'
import { bytes, text } from '../support/scripted-engine.js'

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

test('dtls/socket/what-is-added-as-the-last-datagram-leaves-leaves-too', async (t) => {
  for (let microtasks = 0; microtasks < 20; microtasks++) {
    const { connection, peer, sockets } = both(t)
    const sent: string[] = []
    const held: { taken(): void; arrives(): Promise<void> }[] = []
    const [fromClient, fromServer] = [sockets[0].send, sockets[1].send]
    // The client's hello arrives, but its socket says so late; of the answer the last part is late.
    sockets[0].send = async (datagram) => {
      sent.push(text(datagram))
      await fromClient.call(sockets[0], datagram)
      if (sent.length === 1) {
        await new Promise<void>((resolve) => held.push({ taken: resolve, arrives: async () => {} }))
      }
    }
    sockets[1].send = async (datagram) => {
      const arrives = () => fromServer.call(sockets[1], datagram)
      if (text(datagram) === 's1b') held.push({ taken: () => {}, arrives })
      else await arrives()
    }
    const shaking = Promise.all([connection.handshake(), peer.handshake()]).catch(() => {})
    await turns(3)
    t.is(held.length, 2)
    for (const { arrives } of held) void arrives()
    for (let waited = 0; waited < microtasks; waited++) await undefined
    for (const { taken } of held) taken()
    await turns(3)
    t.deepEqual(sent.slice(1), ['c2a', 'c2b'], `after ${microtasks} microtasks`)
    connection.abort()
    peer.abort()
    await shaking
  }
})
