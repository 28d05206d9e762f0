import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createNodeBackend } from '@tlsio/backend-node'
import { type IoStream, memoryStreamPair, type TlsConnection, withUnread } from '@tlsio/core'
import { connectTcp, fromDuplex, listenTcp } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { certificate, database, serverIdentity, tcpServer } from './support.js'

/** Over which stream, and whether OpenSSL gets the very socket. */
const transports = [
  ['memory', true],
  ['memory', false],
  ['tcp', true],
  ['tcp', false],
] as const
const versions = ['TLSv1.2', 'TLSv1.3'] as const
const backend = createNodeBackend()

interface Peers {
  readonly client: IoStream
  readonly server: IoStream
}

async function peersOver(t: ExecutionContext, transport: 'memory' | 'tcp'): Promise<Peers> {
  if (transport === 'memory') {
    const [client, server] = memoryStreamPair()
    return { client, server }
  }
  const listener = await listenTcp({ port: 0 })
  const accepted = listener[Symbol.asyncIterator]().next()
  const client = await connectTcp({ host: '127.0.0.1', port: listener.port })
  const server = (await accepted).value as IoStream
  await listener.close()
  t.teardown(() => {
    client.abort()
    server.abort()
  })
  return { client, server }
}

/** The plaintext part of a protocol of lines, as an application has it. */
class Lines {
  readonly #stream: IoStream
  #unread: Buffer = Buffer.alloc(0)

  constructor(stream: IoStream) {
    this.#stream = stream
  }

  async next(): Promise<string> {
    for (;;) {
      const end = this.#unread.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#unread.subarray(0, end).toString()
        this.#unread = this.#unread.subarray(end + 2)
        return line
      }
      const chunk = await this.#stream.read()
      if (chunk === null) throw new Error('The stream ended within a line.')
      this.#unread = Buffer.concat([this.#unread, chunk])
    }
  }

  /** The stream for TLS: what was read too much of goes back, whoever sent it. */
  upgrade(): IoStream {
    return withUnread(this.#stream, this.#unread)
  }
}

const line = (text: string) => Buffer.from(`${text}\r\n`)

async function serve(
  stream: IoStream,
  requireCloseNotify: boolean,
  goAhead: Uint8Array = line('220 go ahead'),
): Promise<TlsConnection> {
  const lines = new Lines(stream)
  await stream.write(line('220 ready'))
  while ((await lines.next()) !== 'STARTTLS') await stream.write(line('500 what?'))
  await stream.write(goAhead)
  return backend.createServerConnection(lines.upgrade(), { certificate, requireCloseNotify })
}

async function startTls(
  stream: IoStream,
  options: { requireCloseNotify: boolean; maxVersion?: (typeof versions)[number] },
  command: Uint8Array = line('STARTTLS'),
): Promise<TlsConnection> {
  const lines = new Lines(stream)
  await lines.next()
  await stream.write(command)
  await lines.next()
  return backend.createClientConnection(lines.upgrade(), { database, serverIdentity, ...options })
}

async function talk(t: ExecutionContext, client: TlsConnection, server: TlsConnection) {
  await Promise.all([client.write(Buffer.from('question')), server.write(Buffer.from('greeting'))])
  t.is(Buffer.from((await server.read()) ?? []).toString(), 'question')
  t.is(Buffer.from((await client.read()) ?? []).toString(), 'greeting')
  await client.closeWrite()
  t.is(await server.read(), null)
  await server.close()
  t.is(await client.read(), null)
  await client.close()
}

for (const [transport, requireCloseNotify] of transports) {
  const over = `${transport}/require-close-notify-${requireCloseNotify}`

  for (const maxVersion of versions) {
    test(`starttls/${over}/${maxVersion}/after-a-dialogue`, async (t) => {
      const peers = await peersOver(t, transport)
      const accepting = serve(peers.server, requireCloseNotify)
      const lines = new Lines(peers.client)
      t.is(await lines.next(), '220 ready')
      await peers.client.write(line('NOOP'))
      t.is(await lines.next(), '500 what?')
      await peers.client.write(line('STARTTLS'))
      t.is(await lines.next(), '220 go ahead')
      const client = backend.createClientConnection(lines.upgrade(), {
        database,
        serverIdentity,
        requireCloseNotify,
        maxVersion,
      })
      await talk(t, client, await accepting)
    })

    test(`starttls/${over}/${maxVersion}/hello-in-one-chunk-with-the-command`, async (t) => {
      const peers = await peersOver(t, transport)
      const accepting = serve(peers.server, requireCloseNotify)
      const pipelined = new Pipelined(peers.client)
      const client = backend.createClientConnection(pipelined, {
        database,
        serverIdentity,
        maxVersion,
      })
      const handshake = client.handshake()
      const server = await accepting
      await Promise.all([handshake, server.handshake()])
      await talk(t, client, server)
    })
  }

  for (const [what, injected] of injections()) {
    test(`starttls/${over}/injected-after-the-answer/${what}`, async (t) => {
      const peers = await peersOver(t, transport)
      const goAhead = Buffer.concat([line('220 go ahead'), injected])
      const accepting = serve(peers.server, requireCloseNotify, goAhead)
      const client = await startTls(peers.client, { requireCloseNotify })
      const served = (await accepting).read().catch(ignore)
      await refused(t, client)
      await served
    })

    test(`starttls/${over}/injected-after-the-command/${what}`, async (t) => {
      const peers = await peersOver(t, transport)
      const accepting = serve(peers.server, requireCloseNotify)
      const command = Buffer.concat([line('STARTTLS'), injected])
      const client = await startTls(peers.client, { requireCloseNotify }, command)
      const asked = client.read().catch(ignore)
      await refused(t, await accepting)
      await asked
    })
  }

  test(`starttls/${over}/injected-in-a-chunk-of-its-own`, async (t) => {
    const peers = await peersOver(t, transport)
    const accepting = serve(peers.server, requireCloseNotify)
    const client = await startTls(peers.client, { requireCloseNotify })
    const server = await accepting
    // Somebody on the way adds this to what the server has answered.
    await peers.server.write(line('250 all is well'))
    const served = server.read().catch(ignore)
    await refused(t, client)
    await served
  })
}

test('starttls/read-by-somebody-else-before', async (t) => {
  // The application has used the socket itself, and TLS is the first to read from our stream.
  for (const requireCloseNotify of [true, false]) {
    const sockets: Socket[] = []
    const port = await tcpServer(t, (socket) => sockets.push(socket.pause()))
    const client = backend.createClientConnection(
      new Pipelined(await connectTcp({ host: '127.0.0.1', port }), false),
      { database, serverIdentity },
    )
    const handshake = client.handshake()
    while (sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const socket = sockets[0] as Socket
    socket.resume()
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    socket.write(line('220 go ahead'))
    const rest = chunk.subarray(chunk.indexOf('\r\n') + 2)
    t.true(rest.length > 0)
    const server = backend.createServerConnection(withUnread(fromDuplex(socket), rest), {
      certificate,
      requireCloseNotify,
    })
    await Promise.all([handshake, server.handshake()])
    await talk(t, client, server)
  }
})

for (const requireCloseNotify of [true, false]) {
  test(`starttls/buffered-while-nobody-read/require-close-notify-${requireCloseNotify}`, async (t) => {
    const sockets: Socket[] = []
    const port = await tcpServer(t, (socket) => sockets.push(socket))
    const stream = await connectTcp({ host: '127.0.0.1', port })
    while (sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const socket = sockets[0] as Socket
    const below = fromDuplex(socket)
    const arrives = once(socket, 'data')
    const controller = new AbortController()
    const given = below.read({ signal: controller.signal })
    controller.abort(new Error('later'))
    await t.throwsAsync(given, { message: 'later' })
    await stream.write(line('STARTTLS'))
    await arrives
    const helloArrives = once(socket, 'data')
    const client = backend.createClientConnection(new Pipelined(stream, false, false), {
      database,
      serverIdentity,
    })
    const handshake = client.handshake()
    await helloArrives
    const lines = new Lines(below)
    t.is(await lines.next(), 'STARTTLS')
    await below.write(line('220 go ahead'))
    const server = backend.createServerConnection(lines.upgrade(), {
      certificate,
      requireCloseNotify,
    })
    await Promise.all([handshake, server.handshake()])
    await talk(t, client, server)
  })

  test(`starttls/hello-and-then-the-end/require-close-notify-${requireCloseNotify}`, async (t) => {
    // All of it is here, and the end too, before TLS has the stream.
    const sockets: Socket[] = []
    const port = await tcpServer(t, (socket) => sockets.push(socket))
    const stream = await connectTcp({ host: '127.0.0.1', port })
    while (sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const socket = sockets[0] as Socket
    const below = fromDuplex(socket)
    const ended = once(socket, 'end')
    const first = below.read()
    const halfClosed = new Pipelined(stream, false)
    const client = backend.createClientConnection(halfClosed, { database, serverIdentity })
    const handshake = t.throwsAsync(client.handshake())
    const chunk = Buffer.from((await first) ?? [])
    await stream.closeWrite()
    await ended
    const rest = chunk.subarray(chunk.indexOf('\r\n') + 2)
    const server = backend.createServerConnection(withUnread(below, rest), {
      certificate,
      requireCloseNotify,
    })
    await t.throwsAsync(server.handshake(), { code: 'TLS_NOT_TLS' })
    stream.abort()
    await handshake
  })
}

function injections(): [string, Uint8Array][] {
  const evil = 'RSET'
  return [
    ['plaintext', line(evil)],
    // As a record of application data, which is not encrypted yet and so means nothing.
    ['record', Buffer.concat([Buffer.from([23, 3, 3, 0, evil.length]), Buffer.from(evil)])],
  ]
}

/** No byte of what was injected is ever given to the application. */
async function refused(t: ExecutionContext, connection: TlsConnection) {
  await t.throwsAsync(connection.read(), { code: 'TLS_NOT_TLS' })
  await t.throwsAsync(connection.read(), { code: 'TLS_NOT_TLS' })
  await t.throwsAsync(connection.write(Buffer.from('secret')), { code: 'TLS_NOT_TLS' })
  await connection.close()
}

/**
 * A client that does not wait for the answer to STARTTLS: command and ClientHello leave in one
 * chunk, and the server's lines are taken off before its first TLS bytes.
 */
class Pipelined implements IoStream {
  readonly #stream: IoStream
  readonly #lines: string[]
  #command: Uint8Array | undefined
  #head: Buffer = Buffer.alloc(0)

  constructor(stream: IoStream, greeting = true, command = true) {
    this.#stream = stream
    this.#lines = greeting ? ['220 ready\r\n', '220 go ahead\r\n'] : ['220 go ahead\r\n']
    this.#command = command ? line('STARTTLS') : undefined
  }

  async read(): Promise<Uint8Array | null> {
    while (this.#lines.length > 0) {
      const chunk = await this.#stream.read()
      if (chunk === null) return null
      this.#head = Buffer.concat([this.#head, chunk])
      for (let next = this.#lines[0]; next !== undefined; next = this.#lines[0]) {
        if (this.#head.length < next.length) break
        if (!this.#head.subarray(0, next.length).equals(Buffer.from(next))) {
          throw new Error('The server said something else.')
        }
        this.#head = this.#head.subarray(next.length)
        this.#lines.shift()
      }
    }
    const head = this.#head
    if (head.length === 0) return this.#stream.read()
    this.#head = Buffer.alloc(0)
    return head
  }

  write(chunk: Uint8Array): Promise<void> {
    const command = this.#command
    this.#command = undefined
    return this.#stream.write(command === undefined ? chunk : Buffer.concat([command, chunk]))
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.#stream.abort(reason)
  }
}

function ignore(): void {}
