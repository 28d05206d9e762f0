import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { forA } from '@tlsio/conformance/fixtures'
import { type DatagramSocket, type DtlsCookies, TlsCertificate } from '@tlsio/core'
import {
  connectUdp,
  type DatagramListener,
  fromDgramSocket,
  type ListenDatagramsOptions,
  listenDatagrams,
} from '@tlsio/core/node'
import { parseDatagramHello } from '@tlsio/core/wire'
import test, { type ExecutionContext } from 'ava'
import { clientHello } from '../support/dtls-hello.js'
import { Deferred } from '../support/scripted-backend.js'
import { ScriptedDtlsBackend } from '../support/scripted-dtls.js'
import { bytes, text } from '../support/scripted-engine.js'

const certificate = TlsCertificate.fromPem(`${forA.certificate}${forA.privateKey}`)

/** A socket of Node's that listens; it is closed with the test. */
async function bound(t: ExecutionContext): Promise<Socket> {
  const socket = createSocket('udp4')
  t.teardown(() => {
    try {
      socket.close()
    } catch {
      // The test has closed it.
    }
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** A listener and the sockets of its peers, which are served until the test is over. */
async function listening(t: ExecutionContext, options: Partial<ListenDatagramsOptions> = {}) {
  const peers: DatagramSocket[] = []
  const over = new Deferred<void>()
  const arrived = new Deferred<DatagramSocket>()
  const listener = await listenDatagrams({ port: 0, cookies: null, ...options }, (peer) => {
    peers.push(peer)
    arrived.resolve(peer)
    return over.promise
  })
  t.teardown(async () => {
    over.resolve()
    await listener.close()
  })
  return { listener, peers, over, first: arrived.promise }
}

async function client(t: ExecutionContext, { port }: DatagramListener) {
  const socket = await connectUdp({ host: '127.0.0.1', port })
  t.teardown(() => socket.close())
  return socket
}

test('dgram/client/both-ways', async (t) => {
  const server = await bound(t)
  const { port } = server.address()
  const socket = await connectUdp({ host: '127.0.0.1', port })
  t.deepEqual(socket.remoteAddress, { address: '127.0.0.1', port })
  const arrived = once(server, 'message')
  await socket.send(bytes('hello'))
  const [datagram, from] = await arrived
  t.is(text(datagram), 'hello')
  server.send('answer', from.port, from.address)
  t.is(text(await socket.receive()), 'answer')
  await socket.close()
  await socket.close()
  await t.throwsAsync(socket.receive(), { code: 'IO_CLOSED' } as object)
  await t.throwsAsync(socket.send(bytes('more')), { code: 'IO_CLOSED' } as object)
})

test('dgram/client/a-socket-of-nodes', async (t) => {
  const server = await bound(t)
  const own = await bound(t)
  t.throws(() => fromDgramSocket(own), { instanceOf: TypeError })
  own.connect(server.address().port, '127.0.0.1')
  await once(own, 'connect')
  const socket = fromDgramSocket(own)
  server.send('hello', own.address().port, '127.0.0.1')
  t.is(text(await socket.receive()), 'hello')
  const pending = socket.receive()
  own.close()
  await t.throwsAsync(pending, { code: 'IO_CLOSED' } as object)
})

test('dgram/client/too-large', async (t) => {
  const server = await bound(t)
  const socket = await connectUdp({ host: '127.0.0.1', port: server.address().port })
  await t.throwsAsync(socket.send(new Uint8Array(65_508)), {
    code: 'IO_MESSAGE_TOO_LARGE',
  } as object)
  await socket.send(bytes('small'))
  await socket.close()
})

test('dgram/client/refusal-is-told-by-a-later-send', async (t) => {
  const server = await bound(t)
  const { port } = server.address()
  server.close()
  const socket = await connectUdp({ host: '127.0.0.1', port })
  const sendUntilTold = async () => {
    for (;;) {
      await socket.send(bytes('hello'))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await t.throwsAsync(sendUntilTold(), { code: 'IO_CONNECTION_REFUSED' } as object)
  const controller = new AbortController()
  const pending = socket.receive({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.throwsAsync(pending, { message: 'enough' })
  await socket.close()
})

test('dgram/client/errors', async (t) => {
  await t.throwsAsync(connectUdp({ host: '127.0.0.1', port: 70_000 }), { instanceOf: RangeError })
  await t.throwsAsync(connectUdp({ host: 'a.invalid', port: 5 }), {
    code: 'IO_HOST_NOT_FOUND',
  } as object)
  const signal = AbortSignal.abort(new Error('enough'))
  await t.throwsAsync(connectUdp({ host: '127.0.0.1', port: 5, signal }), { message: 'enough' })
})

test('dgram/server/peers-by-address', async (t) => {
  const { listener, peers, first } = await listening(t)
  const [a, b] = [await client(t, listener), await client(t, listener)]
  await a.send(clientHello('a.test'))
  const peer = await first
  t.is(parseDatagramHello(await peer.receive())?.hello?.serverName, 'a.test')
  await a.send(bytes('more of a'))
  await b.send(clientHello('b.test'))
  t.is(text(await peer.receive()), 'more of a')
  await peer.send(bytes('answer'))
  t.is(text(await a.receive()), 'answer')
  await until(() => peers.length === 2)
  t.is(
    parseDatagramHello(await (peers[1] as DatagramSocket).receive())?.hello?.serverName,
    'b.test',
  )
  t.is(listener.peers, 2)
})

test('dgram/server/strangers-make-nothing', async (t) => {
  const { listener, peers, first } = await listening(t)
  const [stranger, peer] = [await client(t, listener), await client(t, listener)]
  await stranger.send(bytes('garbage'))
  await stranger.send(new Uint8Array(0))
  await peer.send(clientHello('a.test'))
  await first
  t.is(peers.length, 1)
})

test('dgram/server/cookie-before-any-state', async (t) => {
  const names = new Set<string>()
  const cookies: DtlsCookies = {
    check(datagram, name) {
      names.add(name)
      if (datagram.includes(77)) return { kind: 'verified' }
      return { kind: 'challenge', answer: bytes('cookie, please') }
    },
  }
  const { listener, peers, first } = await listening(t, { cookies })
  const socket = await client(t, listener)
  await socket.send(clientHello('a.test'))
  t.is(text(await socket.receive()), 'cookie, please')
  t.is(listener.peers, 0)
  await socket.send(clientHello('a.test', Uint8Array.of(77)))
  const peer = await first
  t.is(peers.length, 1)
  t.deepEqual([...names], [`127.0.0.1 ${peer.remoteAddress?.port}`])
})

test('dgram/server/most-peers', async (t) => {
  const { listener, first, over } = await listening(t, { maxPeers: 1 })
  const [a, b] = [await client(t, listener), await client(t, listener)]
  await a.send(clientHello('a.test'))
  const peer = await first
  await b.send(clientHello('b.test'))
  await a.send(bytes('behind it'))
  await peer.receive()
  t.is(text(await peer.receive()), 'behind it')
  t.is(listener.peers, 1)
  over.resolve()
  await until(() => listener.peers === 0)
  await t.throwsAsync(peer.receive(), { code: 'IO_CLOSED' } as object)
  await t.throwsAsync(peer.send(bytes('late')), { code: 'IO_CLOSED' } as object)
})

test('dgram/server/errors-are-told', async (t) => {
  const told = new Deferred<unknown>()
  const failure = new Error('no such luck')
  const listener = await listenDatagrams(
    { port: 0, cookies: null, onError: (error) => told.resolve(error) },
    () => Promise.reject(failure),
  )
  const socket = await client(t, listener)
  await socket.send(clientHello('a.test'))
  t.is(await told.promise, failure)
  await listener.close()
  const taken = await listening(t)
  await t.throwsAsync(
    listenDatagrams({ port: taken.listener.port, cookies: null }, () => {}),
    { code: 'IO_FAILED' } as object,
  )
})

test('dgram/server/those-taken-go-on-after-close', async (t) => {
  const { listener, first } = await listening(t)
  const socket = await client(t, listener)
  await socket.send(clientHello('a.test'))
  const peer = await first
  await peer.receive()
  await listener.close()
  await listener.close()
  await peer.send(bytes('still here'))
  t.is(text(await socket.receive()), 'still here')
})

test('dgram/both/a-connection', async (t) => {
  const backend = new ScriptedDtlsBackend()
  const listener = await listenDatagrams(
    { port: 0, cookies: backend.dtlsCookies },
    async (socket) => {
      const peer = backend.createDtlsServerConnection(socket, { certificate })
      const message = await peer.receive()
      if (message !== null) await peer.send(message)
      await peer.close()
    },
  )
  const socket = await client(t, listener)
  const connection = backend.createDtlsClientConnection(socket, { acceptCertificate: () => true })
  await connection.send(bytes('hello'))
  t.is(text(await connection.receive()), 'hello')
  t.is(await connection.receive(), null)
  await connection.close()
  await until(() => listener.peers === 0)
  await listener.close()
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
