import { once } from 'node:events'
import {
  Agent,
  type ClientRequest,
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  request,
} from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https'
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { createNodeBackend } from '@tlsio/backend-node'
import { forLocalhost, testCa } from '@tlsio/conformance/fixtures'
import { type IoStream, memoryStreamPair, TlsCertificate } from '@tlsio/core'
import { connect, fromDuplex, listenTcp, type SocketDuplex, toDuplex } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { certificate, database, rawTlsServer, serverIdentity, tcpServer } from './support.js'

const backend = createNodeBackend()
const localhost = TlsCertificate.fromPem(`${forLocalhost.certificate}${forLocalhost.privateKey}`)
const MEBIBYTE = 1_048_576

/** An HTTPS server of Node's own, and how many connections it had. */
async function httpsServer(t: ExecutionContext, listener: RequestListener) {
  const { certificate: cert, privateKey: key } = forLocalhost
  const sockets: Socket[] = []
  const server = createHttpsServer({ cert, key }, listener)
  server.on('secureConnection', (socket: TLSSocket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, sockets, port: (server.address() as AddressInfo).port }
}

/** What `http.request` needs to go through us: a socket, made when one is wanted. */
function connectorOf(options: { requireCloseNotify: boolean } = { requireCloseNotify: true }) {
  const made: SocketDuplex[] = []
  const createConnection = (
    { host, port }: RequestOptions,
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined => {
    const tls = { database, serverIdentity: { hostname: 'localhost' }, ...options }
    connect({ host: host as string, port: Number(port), backend, tls }).then(
      (connection) => {
        const socket = toDuplex(connection)
        made.push(socket)
        done(null, socket)
      },
      (error) => done(error, undefined as never),
    )
  }
  return { made, createConnection }
}

function agentOver(connector: ReturnType<typeof connectorOf>): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return Object.assign(agent, { createConnection: connector.createConnection })
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function answerTo(call: ClientRequest): Promise<string> {
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  return (await bodyOf(response)).toString()
}

for (const requireCloseNotify of [true, false]) {
  const over = `require-close-notify-${requireCloseNotify}`

  test(`node-clients/http-request/${over}/keep-alive`, async (t) => {
    const { port, sockets } = await httpsServer(t, (call, answer) => answer.end(`for ${call.url}`))
    const connector = connectorOf({ requireCloseNotify })
    const agent = agentOver(connector)
    t.teardown(() => agent.destroy())
    for (let i = 0; i < 5; i++) {
      const call = request({ host: '127.0.0.1', port, path: `/${i}`, agent })
      call.setNoDelay(true)
      call.setSocketKeepAlive(true)
      call.end()
      t.is(await answerTo(call), `for /${i}`)
      t.is(call.reusedSocket, i > 0)
    }
    // And at once, through the same one.
    const calls = [5, 6, 7].map((i) =>
      request({ host: '127.0.0.1', port, path: `/${i}`, agent }).end(),
    )
    t.deepEqual(await Promise.all(calls.map(answerTo)), ['for /5', 'for /6', 'for /7'])
    t.is(sockets.length, 1)
    t.is(connector.made.length, 1)
  })

  test(`node-clients/http-request/${over}/without-an-agent`, async (t) => {
    const { port } = await httpsServer(t, (call, answer) => answer.end(`for ${call.url}`))
    const { createConnection, made } = connectorOf({ requireCloseNotify })
    const call = request({ host: '127.0.0.1', port, path: '/', createConnection } as never)
    t.is(await answerTo(call.end()), 'for /')
    if (made[0]?.destroyed === false) await once(made[0], 'close')
  })

  test(`node-clients/http-request/${over}/post-of-eight-mebibytes`, async (t) => {
    const { port } = await httpsServer(t, (call, answer) => call.pipe(answer))
    const agent = agentOver(connectorOf({ requireCloseNotify }))
    t.teardown(() => agent.destroy())
    const body = Buffer.from(
      Uint8Array.from({ length: 8 * MEBIBYTE }, (_, i) => (i * 7) ^ (i >> 9)),
    )
    for (const inOne of [true, false]) {
      const call = request({ host: '127.0.0.1', port, method: 'POST', agent })
      // What comes back is read meanwhile, or both sides would wait for each other.
      const echo = once(call, 'response').then(([response]) => bodyOf(response as IncomingMessage))
      if (inOne) call.end(body)
      else {
        for (let at = 0; at < body.length; at += 100_000) {
          if (!call.write(body.subarray(at, at + 100_000))) await once(call, 'drain')
        }
        call.end()
      }
      t.true((await echo).equals(body))
    }
  })

  test(`node-clients/http-request/${over}/server-ends-an-idle-connection`, async (t) => {
    const { port, sockets } = await httpsServer(t, (_, answer) => answer.end('here'))
    const connector = connectorOf({ requireCloseNotify })
    const agent = agentOver(connector)
    t.teardown(() => agent.destroy())
    const get = () => answerTo(request({ host: '127.0.0.1', port, agent }).end())
    t.is(await get(), 'here')
    const gone = once(connector.made[0] as SocketDuplex, 'close')
    sockets[0]?.end()
    await gone
    t.is(await get(), 'here')
    t.is(sockets.length, 2)
  })

  test(`node-clients/http-server/${over}`, async (t) => {
    const secure: boolean[] = []
    const http = createHttpServer((call, answer) => {
      secure.push((call.socket as TLSSocket).encrypted)
      call.pipe(answer)
    })
    t.teardown(() => http.closeAllConnections())
    let connections = 0
    const listener = await listenTcp({ port: 0 }, (stream) => {
      connections += 1
      const connection = backend.createServerConnection(stream, {
        certificate: localhost,
        requireCloseNotify,
      })
      http.emit('connection', toDuplex(connection, { allowHalfOpen: true }))
    })
    t.teardown(() => listener.close())
    const agent = agentOver(connectorOf({ requireCloseNotify }))
    t.teardown(() => agent.destroy())
    const post = { host: '127.0.0.1', port: listener.port, method: 'POST' }
    for (const body of ['one', 'two']) {
      t.is(await answerTo(request({ ...post, agent }).end(body)), body)
    }
    t.is(connections, 1)
    // A client that is not ours, and closes after each answer.
    const foreign = { ...post, ca: testCa, servername: 'localhost', agent: false } as const
    t.is(await answerTo(httpsRequest(foreign).end('three')), 'three')
    const big = Buffer.alloc(MEBIBYTE, 'x').toString()
    t.true((await answerTo(httpsRequest(foreign).end(big))) === big)
    t.deepEqual(secure, [true, true, true, true])
  })
}

test('node-clients/http-server/a-client-that-speaks-no-tls', async (t) => {
  const http = createHttpServer()
  const failed = once(http, 'clientError')
  const listener = await listenTcp({ port: 0 }, (stream) => {
    http.emit('connection', toDuplex(backend.createServerConnection(stream, { certificate })))
  })
  t.teardown(() => listener.close())
  const client = connectSocket({ port: listener.port, host: '127.0.0.1' })
  t.teardown(() => client.destroy())
  client.on('error', () => {})
  client.write('GET / HTTP/1.1\r\n\r\n')
  const [error] = (await failed) as [{ code: string }]
  t.is(error.code, 'TLS_NOT_TLS')
})

test('node-clients/http-server/keep-alive-timeout', async (t) => {
  const http = createHttpServer((_, answer) => answer.end('here'))
  http.keepAliveTimeout = 1
  const listener = await listenTcp({ port: 0 }, (stream) => {
    const connection = backend.createServerConnection(stream, { certificate: localhost })
    http.emit('connection', toDuplex(connection, { allowHalfOpen: true }))
  })
  t.teardown(() => listener.close())
  const connector = connectorOf({ requireCloseNotify: false })
  const agent = agentOver(connector)
  t.teardown(() => agent.destroy())
  t.is(await answerTo(request({ host: '127.0.0.1', port: listener.port, agent }).end()), 'here')
  const [socket] = connector.made
  if (socket?.destroyed === false) await once(socket, 'close')
  t.deepEqual(agent.freeSockets, {})
})

test('node-clients/http-request/an-upgrade-takes-the-stream-over', async (t) => {
  const { server, port } = await httpsServer(t, () => {})
  server.on('upgrade', (_, socket: Duplex) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.pipe(socket)
  })
  const { createConnection } = connectorOf()
  const headers = { connection: 'upgrade', upgrade: 'echo' }
  const call = request({ host: '127.0.0.1', port, headers, createConnection } as never).end()
  const [, socket] = (await once(call, 'upgrade')) as [IncomingMessage, Duplex]
  socket.write('ping')
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  t.is(chunk.toString(), 'ping')
  socket.end()
  await once(socket, 'close')
})

test('node-clients/http-request/a-handshake-that-fails', async (t) => {
  const { port } = await rawTlsServer(t, () => {})
  const call = request({
    host: '127.0.0.1',
    port,
    createConnection: (options: RequestOptions) => {
      const socket = connectSocket({ host: options.host as string, port: Number(options.port) })
      return toDuplex(
        backend.createClientConnection(fromDuplex(socket), {
          database,
          serverIdentity: { hostname: 'somebody.else' },
        }),
      )
    },
  } as never).end()
  const [error] = (await once(call, 'error')) as [{ code: string }]
  t.is(error.code, 'TLS_BAD_CERTIFICATE')
})

test('node-clients/http-request/time-limit', async (t) => {
  const { port } = await httpsServer(t, () => {})
  const agent = agentOver(connectorOf())
  const call = request({ host: '127.0.0.1', port, agent, timeout: 20 }).end()
  await once(call, 'timeout')
  call.destroy(new Error('too slow'))
  await t.throwsAsync(once(call, 'response'), { message: 'too slow' })
})

test('node-clients/http2', async (t) => {
  const http2 = createHttp2Server((call, answer) => {
    call.resume()
    answer.end(`for ${call.url}`)
  })
  const listener = await listenTcp({ port: 0 }, (stream) => {
    const connection = backend.createServerConnection(stream, {
      certificate: localhost,
      advertisedProtocols: ['h2'],
    })
    http2.emit('connection', toDuplex(connection, { allowHalfOpen: true }))
  })
  t.teardown(() => listener.close())
  const connection = await connect({
    host: 'localhost',
    port: listener.port,
    lookup: async () => [{ address: '127.0.0.1' }],
    backend,
    tls: { database, advertisedProtocols: ['h2'] },
  })
  const socket = toDuplex(connection)
  t.is(socket.alpnProtocol, null)
  await once(socket, 'secureConnect')
  t.is(socket.alpnProtocol, 'h2')
  const client = connectHttp2('https://localhost', { createConnection: () => socket })
  const paths = ['/a', '/b', '/c']
  const answers = paths.map(async (path) => {
    const call = client.request({ ':path': path })
    call.setEncoding('utf8')
    let text = ''
    for await (const chunk of call) text += chunk
    return text
  })
  t.deepEqual(await Promise.all(answers), ['for /a', 'for /b', 'for /c'])
  client.close()
  await once(client, 'close')
})

/** What database drivers and the like do with a socket that they were given. */
async function netStyle(socket: SocketDuplex, events: string[]): Promise<string> {
  for (const event of ['connect', 'ready', 'secureConnect', 'end', 'close']) {
    socket.on(event, () => events.push(event))
  }
  socket.setNoDelay(true).setKeepAlive(true, 1000).setTimeout(0).unref().ref()
  socket.connect(5432, 'db.test')
  await once(socket, 'connect')
  socket.write('SELECT 1')
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  return chunk.toString()
}

test('node-clients/net-style/over-tls', async (t) => {
  const { port } = await rawTlsServer(t, (peer) => {
    peer.once('data', (data: Buffer) => peer.end(`result of ${data}`))
  })
  const events: string[] = []
  const below = connectSocket({ port, host: '127.0.0.1', allowHalfOpen: true })
  const socket = toDuplex(
    backend.createClientConnection(fromDuplex(below), { database, serverIdentity }),
  )
  t.true(socket.connecting)
  t.true(socket.encrypted)
  t.is(await netStyle(socket, events), 'result of SELECT 1')
  t.false(socket.connecting)
  t.is(socket.remoteAddress, '127.0.0.1')
  t.is(socket.remotePort, port)
  t.is(socket.remoteFamily, 'IPv4')
  t.is(socket.alpnProtocol, false)
  // The peer has ended, so this side ends by itself, as a socket does.
  await once(socket, 'close')
  t.deepEqual(events, ['connect', 'secureConnect', 'ready', 'end', 'close'])
})

test('node-clients/net-style/over-memory', async (t) => {
  const [a, b] = memoryStreamPair()
  const events: string[] = []
  const socket = toDuplex(a)
  const talking = netStyle(socket, events)
  t.is(Buffer.from((await b.read()) ?? []).toString(), 'SELECT 1')
  await b.write(Buffer.from('result'))
  t.is(await talking, 'result')
  t.false(socket.encrypted)
  t.is(socket.alpnProtocol, null)
  t.is(socket.remoteAddress, undefined)
  t.is(socket.remotePort, undefined)
  t.is(socket.remoteFamily, undefined)
  socket.connect({ port: 1 }, () => events.push('again'))
  await once(socket, 'ready')
  t.true(events.includes('again'))
  await b.close()
  await once(socket, 'close')
})

test('node-clients/net-style/settings-reach-the-socket-below', async (t) => {
  const { port } = await rawTlsServer(t, () => {})
  for (const requireCloseNotify of [true, false]) {
    const below = connectSocket({ port, host: '127.0.0.1', allowHalfOpen: true })
    const calls: unknown[][] = []
    for (const method of ['ref', 'unref', 'setNoDelay', 'setKeepAlive'] as const) {
      const own = below[method].bind(below) as (...values: unknown[]) => Socket
      below[method] = ((...values: unknown[]) => {
        calls.push([method, ...values])
        return own(...values)
      }) as never
    }
    const socket = toDuplex(
      backend.createClientConnection(fromDuplex(below), {
        database,
        serverIdentity,
        requireCloseNotify,
      }),
    )
    await once(socket, 'secureConnect')
    calls.length = 0
    socket.unref().ref().setNoDelay(false).setKeepAlive(true, 5000)
    t.deepEqual(calls, [['unref'], ['ref'], ['setNoDelay', false], ['setKeepAlive', true, 5000]])
    socket.destroy()
  }
})

test('node-clients/idle-time-limit', async (t) => {
  const [a, b] = memoryStreamPair()
  const socket = toDuplex(a)
  let called = 0
  socket.setTimeout(10, () => {
    called += 1
  })
  t.is(socket.timeout, 10)
  await once(socket, 'timeout')
  t.is(called, 1)
  t.false(socket.destroyed)
  // Traffic starts it anew.
  socket.resume()
  await b.write(Buffer.from('x'))
  await once(socket, 'timeout')
  const unwanted = () => t.fail()
  socket.setTimeout(10, unwanted).setTimeout(0, unwanted)
  t.is(socket.listenerCount('timeout'), 0)
  t.throws(() => socket.setTimeout(-1), { instanceOf: RangeError })
  t.throws(() => socket.setTimeout('soon' as never), { instanceOf: RangeError })
  socket.destroy()
  await once(socket, 'close')
  t.is(socket.setTimeout(10).timeout, 10)
})

test('node-clients/half-open/off-by-default', async (t) => {
  const [a, b] = memoryStreamPair()
  const socket = toDuplex(a)
  socket.resume()
  await b.closeWrite()
  t.is(await b.read(), null)
  await once(socket, 'close')
})

test('node-clients/half-open/on', async (t) => {
  const [a, b] = memoryStreamPair()
  const socket = toDuplex(a, { allowHalfOpen: true })
  socket.resume()
  const ended = once(socket, 'end')
  await b.closeWrite()
  await ended
  socket.end('still here')
  t.is(Buffer.from((await b.read()) ?? []).toString(), 'still here')
  t.is(await b.read(), null)
})

test('node-clients/destroy/before-the-handshake-is-over', async (t) => {
  const accepted: Socket[] = []
  const port = await tcpServer(t, (socket) => accepted.push(socket))
  const stream = fromDuplex(connectSocket({ port, host: '127.0.0.1' }))
  const connection = backend.createClientConnection(stream, { database, serverIdentity })
  const socket = toDuplex(connection)
  socket.on('connect', () => t.fail())
  await new Promise((resolve) => process.nextTick(resolve))
  socket.destroy()
  await once(socket, 'close')
  t.true(connection.closed)
  t.false(socket.connecting)
})

test('node-clients/destroy/at-once', async (t) => {
  const { port } = await rawTlsServer(t, () => t.fail())
  const stream = fromDuplex(connectSocket({ port, host: '127.0.0.1' }))
  const connection = backend.createClientConnection(stream, { database, serverIdentity })
  const socket = toDuplex(connection).destroy()
  await once(socket, 'close')
  t.true(connection.closed)
  t.is(connection.peerCertificate, null)
})

test('node-clients/destroy/with-an-error', async (t) => {
  const [a, b] = memoryStreamPair()
  const socket = toDuplex(a)
  const mine = new Error('mine')
  const failed = once(socket, 'error')
  socket.destroy(mine)
  t.is((await failed)[0], mine)
  await t.throwsAsync(b.read(), { code: 'IO_BROKEN_PIPE' })
})

test('node-clients/destroy/soon-writes-everything-first', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 1 })
  const socket = toDuplex(a, { allowHalfOpen: true })
  socket.write('one')
  socket.write('two')
  socket.destroySoon()
  t.is(Buffer.from((await b.read()) ?? []).toString(), 'one')
  t.is(Buffer.from((await b.read()) ?? []).toString(), 'two')
  t.is(await b.read(), null)
  await once(socket, 'close')
  socket.destroySoon()
})

test('node-clients/errors/reach-the-user-once', async (t) => {
  const [a, b] = memoryStreamPair()
  const socket = toDuplex(a)
  const codes: unknown[] = []
  socket.on('error', (error) => codes.push('code' in error && error.code))
  socket.resume()
  socket.write('x')
  b.abort()
  await new Promise((resolve) => socket.once('close', resolve))
  t.deepEqual(codes, ['IO_BROKEN_PIPE'])
})

test('node-clients/connect/over-tls', async (t) => {
  const greeting = async (stream: IoStream) => {
    const connection = backend.createServerConnection(stream, { certificate: localhost })
    await connection.handshake()
    await connection.write(Buffer.from(`hello from ${connection.serverName}`))
    await connection.close()
  }
  const failures: unknown[] = []
  const listener = await listenTcp({ port: 0, onError: (error) => failures.push(error) }, greeting)
  t.teardown(() => listener.close())
  const lookup = async () => [{ address: '127.0.0.1' }]
  const options = { host: 'localhost', port: listener.port, backend, lookup }
  const connection = await connect({ ...options, tls: { database } })
  t.is(Buffer.from((await connection.read()) ?? []).toString(), 'hello from localhost')
  t.is(await connection.read(), null)
  await connection.close()
  await t.throwsAsync(connect({ ...options, tls: { database: null } }), {
    code: 'TLS_BAD_CERTIFICATE',
  })
})

test('node-clients/web-streams/over-tls', async (t) => {
  const { port } = await rawTlsServer(t, (peer) => peer.pipe(peer))
  const connection = await connect({
    host: '127.0.0.1',
    port,
    backend,
    tls: { database, serverIdentity },
  })
  const body = Buffer.alloc(MEBIBYTE, 'abc')
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < body.length; at += 10_000) {
        controller.enqueue(body.subarray(at, at + 10_000))
      }
      controller.close()
    },
  })
  const sending = source.pipeTo(connection.writable)
  const chunks: Uint8Array[] = []
  for await (const chunk of connection.readable as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
  }
  await sending
  t.true(Buffer.concat(chunks).equals(body))
  t.true(connection.closed)
})
