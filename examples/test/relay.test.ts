import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { WebSocket } from 'ws'
import { type Relay, startRelay } from '#src/browser/relay.js'
import { within } from './harness.js'

const origin = 'http://page.test'

test('relay/only-for-the-pages-it-knows', async (t) => {
  const { relay } = await start(t)
  for (const options of [{}, { origin: 'http://other.test' }]) {
    const [error] = await once(new WebSocket(relay.url, options), 'error')
    t.regex(error.message, /401/)
  }
})

test('relay/waits-for-a-slow-target', async (t) => {
  const { relay, accepted } = await start(t)
  const { client, target } = await connected(t, relay, accepted)
  target.pause()
  const message = Buffer.alloc(65_536)
  for (let i = 0; i < MESSAGES; i++) client.send(message)
  await settled(t, relay, accepted, () => client.bufferedAmount)
  t.true(client.bufferedAmount > 0)
  let received = 0
  target.on('data', (chunk) => {
    received += chunk.length
  })
  target.resume()
  client.close(1000)
  await within(once(target, 'end'), 'the end at the target')
  t.is(received, MESSAGES * message.length)
})

test('relay/waits-for-a-slow-page', async (t) => {
  const { relay, accepted } = await start(t)
  const { client, target } = await connected(t, relay, accepted)
  client.pause()
  target.end(Buffer.alloc(MESSAGES * 65_536))
  await settled(t, relay, accepted, () => target.bytesWritten - target.writableLength)
  t.false(target.writableFinished)
  let received = 0
  client.on('message', (message: Buffer) => {
    received += message.length
  })
  client.resume()
  const [code] = await within(once(client, 'close'), 'the end in the page')
  t.is(code, 1005)
  t.is(received, MESSAGES * 65_536)
})

test('relay/a-target-cut-off-is-no-proper-end', async (t) => {
  const { relay, accepted } = await start(t)
  const { client, target } = await connected(t, relay, accepted)
  target.resetAndDestroy()
  const [code] = await within(once(client, 'close'), 'the page to hear of it')
  t.is(code, 1006)
})

test('relay/a-page-that-gives-up-is-no-proper-end', async (t) => {
  const { relay, accepted } = await start(t)
  const { client, target } = await connected(t, relay, accepted)
  client.close(4000)
  const [error] = await within(once(target, 'error'), 'the target to hear of it')
  t.is(error.code, 'ECONNRESET')
})

test('relay/no-target', async (t) => {
  const relay = await startRelay({ targetPort: 1, origins: [origin] })
  t.teardown(() => relay.close())
  const [code] = await within(once(new WebSocket(relay.url, { origin }), 'close'), 'the end')
  t.is(code, 1006)
})

type Accept = () => Promise<Socket>

/** A relay and its target, which gives its connections in their order. */
async function start(t: ExecutionContext): Promise<{ relay: Relay; accepted: Accept }> {
  const target = createServer()
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
  t.teardown(() => {
    target.close()
  })
  const { port } = target.address() as AddressInfo
  const relay = await startRelay({ targetPort: port, origins: [origin] })
  t.teardown(() => relay.close())
  const accepted = async () => (await once(target, 'connection'))[0] as Socket
  return { relay, accepted }
}

/** A page's connection, and what the target has of it. */
async function connected(t: ExecutionContext, { url }: Relay, accepted: Accept) {
  const client = new WebSocket(url, { origin })
  t.teardown(() => client.terminate())
  const [target] = await Promise.all([accepted(), once(client, 'open')])
  return { client, target }
}

/** Waits until a number stands still, though a connection beside it goes to and fro. */
async function settled(
  t: ExecutionContext,
  relay: Relay,
  accepted: Accept,
  number: () => number,
): Promise<void> {
  const { client, target } = await connected(t, relay, accepted)
  target.pipe(target)
  for (let last = Number.NaN, still = 0; still < 50; still++) {
    if (last !== number()) still = 0
    last = number()
    client.send('to and fro')
    await once(client, 'message')
  }
}

/** Of 64 KiB each: together more than sockets hold. */
const MESSAGES = 512
