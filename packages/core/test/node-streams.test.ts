import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type Duplex, PassThrough } from 'node:stream'
import { type IoStream, memoryStreamPair } from '@tlsio/core'
import { connectTcp, fromDuplex, toDuplex } from '@tlsio/core/node'
import test from 'ava'
import { isNodeBacked, takeDuplex } from '#src/node/engine-kit.js'

async function listen(): Promise<Server & { port: number }> {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(server, { port: (server.address() as AddressInfo).port })
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** All that comes until the end; unlike a stream consumer, it leaves the other direction open. */
async function text(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(stream, 'end')
  return Buffer.concat(chunks).toString()
}

async function connected(): Promise<{ stream: IoStream; peer: Socket }> {
  const server = await listen()
  const accepted = once(server, 'connection')
  const stream = await connectTcp({ host: '127.0.0.1', port: server.port })
  const [peer] = (await accepted) as [Socket]
  server.close()
  return { stream, peer }
}

test('node-streams/tcp/half-close-both-ways', async (t) => {
  const { stream, peer } = await connected()
  await stream.write(Buffer.from('question'))
  await stream.closeWrite()
  t.is(await text(peer), 'question')
  peer.end('answer')
  t.is(Buffer.from((await stream.read()) ?? []).toString(), 'answer')
  t.is(await stream.read(), null)
  await stream.close()
})

test('node-streams/tcp/knows-its-peer', async (t) => {
  const { stream, peer } = await connected()
  t.is(stream.remoteAddress?.address, '127.0.0.1')
  stream.abort()
  peer.destroy()
})

test('node-streams/tcp/refused', async (t) => {
  const server = await listen()
  server.close()
  await once(server, 'close')
  await t.throwsAsync(connectTcp({ host: '127.0.0.1', port: server.port }), {
    code: 'IO_CONNECTION_REFUSED',
    message: new RegExp(`127.0.0.1 port ${server.port}`),
  })
})

test('node-streams/tcp/aborted-before-it-connects', async (t) => {
  const reason = new Error('never mind')
  const signal = AbortSignal.abort(reason)
  t.is(await t.throwsAsync(connectTcp({ host: '127.0.0.1', port: 1, signal })), reason)
})

test('node-streams/tcp/reset-is-a-broken-pipe', async (t) => {
  const { stream, peer } = await connected()
  const read = stream.read()
  peer.resetAndDestroy()
  await t.throwsAsync(read, { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(stream.write(Buffer.from('x')), { code: 'IO_BROKEN_PIPE' })
  await stream.close()
})

test('node-streams/tcp/large-transfer-with-backpressure', async (t) => {
  const { stream, peer } = await connected()
  const chunk = Buffer.alloc(100_000, 7)
  let received = 0
  peer.on('data', (data) => {
    received += data.length
  })
  for (let i = 0; i < 100; i++) await stream.write(chunk)
  const ended = once(peer, 'end')
  await stream.close()
  await ended
  t.is(received, 10_000_000)
  peer.destroy()
})

test('node-streams/tcp/a-write-that-waits-for-room-finishes-when-its-side-is-closed', async (t) => {
  const { stream, peer } = await connected()
  // More than the system takes while nobody reads.
  const written = stream.write(new Uint8Array(32_000_000))
  const ended = stream.closeWrite()
  const received = text(peer)
  // The peer keeps its side open, so that no `close` tells of it.
  await written
  await ended
  t.is((await received).length, 32_000_000)
  stream.abort()
  peer.destroy()
})

test('node-streams/tcp/close-with-unread-input-loses-nothing', async (t) => {
  const { stream, peer } = await connected()
  peer.write('nobody reads this')
  await stream.write(Buffer.from('all of it'))
  await stream.close()
  t.is(await text(peer), 'all of it')
  peer.end()
})

test('node-streams/tcp/abort-after-close-takes-nothing-back', async (t) => {
  const { stream, peer } = await connected()
  const content = Buffer.alloc(1_000_000, 'a')
  await stream.write(content)
  await stream.close()
  // The peer has read next to nothing of it, and its word comes after our abort: it would be answered by a reset.
  stream.abort()
  peer.write('nobody reads this')
  t.is((await text(peer)).length, content.length)
  peer.end()
})

test('node-streams/tcp/lent-memory-is-free-when-it-says-so', async (t) => {
  const { stream, peer } = await connected()
  const received: Buffer[] = []
  // More than the system takes while nobody reads.
  const chunk = new Uint8Array(32_000_000).fill(7)
  const written = stream.writeLent?.(chunk)
  let isFree = false
  void written?.then(() => {
    isFree = true
  })
  await turn()
  t.false(isFree)
  peer.on('data', (part) => received.push(part))
  await written
  chunk.fill(0)
  await stream.closeWrite()
  await once(peer, 'end')
  t.is(Buffer.compare(Buffer.concat(received), Buffer.alloc(32_000_000, 7)), 0)
  await stream.close()
  peer.destroy()
})

test('node-streams/tcp/lent-memory-of-a-stream-that-is-dropped', async (t) => {
  const { stream, peer } = await connected()
  const written = stream.writeLent?.(new Uint8Array(32_000_000))
  const rejected = t.throwsAsync(written ?? Promise.resolve(), { message: 'enough' })
  await turn()
  stream.abort(new Error('enough'))
  await rejected
  await t.throwsAsync(stream.writeLent?.(new Uint8Array(10)) ?? Promise.resolve(), {
    message: 'enough',
  })
  peer.destroy()
})

test('node-streams/tcp/lent-memory-of-a-peer-that-is-gone', async (t) => {
  const { stream, peer } = await connected()
  peer.resetAndDestroy()
  const written = async () => {
    for (;;) await stream.writeLent?.(new Uint8Array(100_000))
  }
  await t.throwsAsync(written(), { code: 'IO_BROKEN_PIPE' } as object)
  await stream.close()
})

test('node-streams/from-duplex/takes-no-memory-that-is-lent', (t) => {
  t.is(fromDuplex(new PassThrough()).writeLent, undefined)
})

test('node-streams/handed-over/with-all-it-has-read', async (t) => {
  const { stream, peer } = await connected()
  peer.write('one two')
  t.is(Buffer.from((await stream.read()) ?? []).toString(), 'one two')
  const controller = new AbortController()
  const read = stream.read({ signal: controller.signal })
  controller.abort(new Error('later'))
  await t.throwsAsync(read)
  if (!isNodeBacked(stream)) throw new Error('a socket is below it')
  const socket = stream[takeDuplex]() as Duplex
  peer.end('three')
  t.is(await text(socket.resume()), 'three')
  await t.throwsAsync(stream.read(), { code: 'IO_CLOSED', message: /handed over/ })
  socket.destroy()
})

test('node-streams/from-duplex/ended-before-the-first-read', async (t) => {
  const duplex = new PassThrough()
  duplex.end()
  duplex.resume()
  await once(duplex, 'end')
  t.is(await fromDuplex(duplex).read(), null)
})

test('node-streams/from-duplex/destroyed-before-the-first-read', async (t) => {
  const duplex = new PassThrough()
  const failed = new Promise((resolve) => duplex.once('error', resolve))
  duplex.destroy(new Error('broken'))
  await failed
  await t.throwsAsync(fromDuplex(duplex).read(), { code: 'IO_FAILED', message: /broken/ })
})

test('node-streams/to-duplex/pipes-both-ways', async (t) => {
  const [a, b] = memoryStreamPair()
  const [left, right] = [toDuplex(a), toDuplex(b)]
  left.end('there')
  right.end('back')
  t.is(await text(right), 'there')
  t.is(await text(left), 'back')
})

test('node-streams/to-duplex/error-below-reaches-the-user', async (t) => {
  const [a, b] = memoryStreamPair()
  const duplex = toDuplex(a)
  const failed = once(duplex, 'error')
  duplex.resume()
  b.abort()
  t.is(((await failed)[0] as { code: string }).code, 'IO_BROKEN_PIPE')
})

test('node-streams/to-duplex/destroy-drops-the-stream', async (t) => {
  const [a, b] = memoryStreamPair()
  toDuplex(a).destroy()
  await t.throwsAsync(b.read(), { code: 'IO_BROKEN_PIPE' })
})

test('node-streams/from-duplex/closed-again-and-again-leaves-nothing', async (t) => {
  const duplex = new PassThrough()
  const stream = fromDuplex(duplex)
  await Promise.all([stream.close(), stream.close(), stream.close()])
  const listeners = duplex.listenerCount('error')
  await stream.close()
  stream.abort()
  stream.abort()
  t.true(duplex.listenerCount('error') <= listeners + 1)
})
