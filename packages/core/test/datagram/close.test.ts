import { type DatagramSocket, IoError } from '@tlsio/core'
import test from 'ava'
import { both, open, received, turns } from '../support/dtls-pair.js'
import { bytes, text } from '../support/scripted-engine.js'

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
