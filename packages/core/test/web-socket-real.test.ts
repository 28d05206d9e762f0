import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { forA, testCa } from '@tlsio/conformance/fixtures'
import {
  type Clock,
  type FromWebSocketOptions,
  fromWebSocket,
  type IoStream,
  systemClock,
  type WebSocketLike,
} from '@tlsio/core'
import { connectTcp, toDuplex } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { WebSocketServer, WebSocket as WsSocket } from 'ws'

/** Opens a client's socket. */
type Dial = (url: string) => WebSocketLike

const { WebSocket } = globalThis as { WebSocket?: new (url: string) => WebSocketLike }
runWith('ws', (url) => new WsSocket(url))
runWith('platform', WebSocket && ((url) => new WebSocket(url)))

function runWith(name: string, dial: Dial | undefined): void {
  const onClient = (title: string, body: (t: ExecutionContext, dial: Dial) => Promise<void>) => {
    const path = `web-socket-stream/real/${name}/${title}`
    if (dial === undefined) test.skip(`${path} (no WebSocket before Node 22)`, () => {})
    else test(path, (t) => body(t, dial))
  }

  onClient('5-mebibytes-both-ways-past-a-peer-that-does-not-read-at-first', async (t, dial) => {
    const highWaterMark = 65_536
    const { clock, waited } = noticingClock()
    const { socket, stream, peerSocket, peer } = await connected(t, dial, { highWaterMark, clock })
    peerSocket.pause()
    let waiting = 0
    void waited.then(() => {
      waiting = socket.bufferedAmount ?? 0
      peerSocket.resume()
    })
    const sending = send(stream, (length) => length >= FIVE_MEBIBYTES && waiting > 0)
    const arriving = receive(peer)
    const sendingBack = send(peer, (length) => length >= FIVE_MEBIBYTES)
    t.deepEqual(await receive(stream, FIVE_MEBIBYTES), await sendingBack)
    const sent = await sending
    await stream.close()
    t.deepEqual(await arriving, sent)
    t.true(waiting >= highWaterMark && waiting < 2 * highWaterMark, `${waiting} bytes waited`)
  })

  onClient('closed-in-order', async (t, dial) => {
    const { stream, peer } = await connected(t, dial)
    await peer.write(new Uint8Array([1]))
    await peer.close()
    t.deepEqual(await stream.read(), new Uint8Array([1]))
    t.is(await stream.read(), null)
    await t.throwsAsync(stream.write(new Uint8Array([1])), { code: 'IO_BROKEN_PIPE' })
  })

  onClient('dropped', async (t, dial) => {
    const one = await connected(t, dial)
    one.peer.abort()
    await t.throwsAsync(one.stream.read(), { code: 'IO_BROKEN_PIPE', message: /4000/ })
    const other = await connected(t, dial)
    other.stream.abort()
    await t.throwsAsync(other.peer.read(), { code: 'IO_BROKEN_PIPE', message: /4000/ })
  })

  onClient('cut-off', async (t, dial) => {
    const { stream, peerSocket } = await connected(t, dial)
    peerSocket.terminate()
    await t.throwsAsync(stream.read(), { code: 'IO_BROKEN_PIPE' })
  })

  onClient('text', async (t, dial) => {
    const { stream, peerSocket, peer } = await connected(t, dial)
    peerSocket.send('text')
    await t.throwsAsync(stream.read(), { code: 'IO_FAILED', message: /text/ })
    await t.throwsAsync(peer.read(), { code: 'IO_BROKEN_PIPE', message: /4000/ })
  })

  onClient('not-opened', async (t, dial) => {
    const { url } = await listen(t)
    const stream = fromWebSocket(dial(`${url}/nothing-here`))
    const write = t.throwsAsync(stream.write(new Uint8Array([1])), { code: 'IO_FAILED' })
    await t.throwsAsync(stream.read(), { code: 'IO_FAILED', message: /could not be opened/ })
    await write
  })

  onClient('given-up-while-connecting', async (t, dial) => {
    const { url } = await listen(t)
    const stream = fromWebSocket(dial(url))
    const write = t.throwsAsync(stream.write(new Uint8Array([1])), { code: 'IO_CLOSED' })
    stream.abort()
    await write
    // `ws` throws an `error` event that nobody listens to, in the next tick.
    await new Promise((resolve) => setImmediate(resolve))
  })

  onClient('tls-to-a-server-behind-a-relay', async (t, dial) => {
    const tlsServer = createTlsServer({ cert: forA.certificate, key: forA.privateKey }, (tls) =>
      tls.pipe(tls),
    )
    tlsServer.listen(0, '127.0.0.1')
    t.teardown(() => tlsServer.close())
    await once(tlsServer, 'listening')
    const { port } = tlsServer.address() as AddressInfo
    const { stream, peer } = await connected(t, dial)
    const target = await connectTcp({ host: '127.0.0.1', port })
    // The direction that ends first closes the other.
    const relayed = Promise.allSettled([pump(peer, target), pump(target, peer)])
    const tls = connectTls({ socket: toDuplex(stream), ca: testCa, servername: 'a.test' })
    const echo = buffer(tls)
    const question = Buffer.alloc(FIVE_MEBIBYTES, 7)
    tls.end(question)
    t.true(question.equals(await echo))
    tls.destroy()
    await relayed
  })
}

/** A server that takes whoever comes to `/`, on a port that the system chose. */
async function listen(t: ExecutionContext) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/' })
  t.teardown(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  await once(server, 'listening')
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Both ends of an open connection, each as its socket and as a stream; options are the client's. */
async function connected(t: ExecutionContext, dial: Dial, options?: FromWebSocketOptions) {
  const { server, url } = await listen(t)
  const accepted = once(server, 'connection')
  const socket = dial(url)
  const opened = new Promise((resolve) => socket.addEventListener('open', resolve))
  const stream = fromWebSocket(socket, options)
  const [peerSocket] = (await accepted) as [WsSocket]
  await opened
  return { socket, stream, peerSocket, peer: fromWebSocket(peerSocket) }
}

/** Writes until there is enough. Resolves with how much that was, and its digest. */
async function send(stream: IoStream, isEnough: (length: number) => boolean) {
  const tally = new Tally()
  for (let n = 0; !isEnough(tally.length); n++) {
    const chunk = new Uint8Array(50_000).fill(n)
    tally.add(chunk)
    await stream.write(chunk)
  }
  return tally.result()
}

/** Reads to the end, or at least `length` bytes. Resolves with how much that was, and its digest. */
async function receive(stream: IoStream, length = Number.POSITIVE_INFINITY) {
  const tally = new Tally()
  while (tally.length < length) {
    const chunk = await stream.read()
    if (chunk === null) break
    tally.add(chunk)
  }
  return tally.result()
}

class Tally {
  length = 0
  readonly #hash = createHash('sha256')

  add(chunk: Uint8Array): void {
    this.length += chunk.length
    this.#hash.update(chunk)
  }

  result() {
    return { length: this.length, digest: this.#hash.digest('hex') }
  }
}

/** One direction of a relay. */
async function pump(from: IoStream, to: IoStream): Promise<void> {
  for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
    await to.write(chunk)
  }
  await to.close()
}

/** The platform's clock, and when a timer is set with it for the first time. */
function noticingClock() {
  let notice = () => {}
  const waited = new Promise<void>((resolve) => {
    notice = resolve
  })
  const clock: Clock = {
    ...systemClock,
    after(delay, callback) {
      notice()
      return systemClock.after(delay, callback)
    },
  }
  return { clock, waited }
}

const FIVE_MEBIBYTES = 5_242_880
