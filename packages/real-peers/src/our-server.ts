// Our server connections behind a port, speaking as much HTTP as client programs need.
import {
  IoError,
  type ServerConnectionOptions,
  type TlsProtocolVersion,
  type TlsServerConnection,
} from '@tlsio/core'
import { listenTcp } from '@tlsio/core/node'
import type { Scope } from './child.js'
import { certificate, type Subject } from './subject.js'

/** One connection that was served. */
export interface Served {
  readonly resumed: boolean | undefined
  readonly version: TlsProtocolVersion | null
  readonly serverName: string | null
  readonly protocol: string | null
  /** Length of what the client sent after the head of its request. */
  readonly received: number
}

/** What a server does. */
export interface OurServerOptions {
  /** Made anew for each connection. */
  readonly connection?: () => ServerConnectionOptions
  /**
   * Who ends the connection: the server after its answer, whose end is that of the stream, or the
   * client, whose end must then be a proper one.
   */
  readonly ending: 'server' | 'client'
  /** Default: `resumed=true` or `resumed=false`. */
  readonly body?: Uint8Array
}

/** Our server, until the test ends. */
export interface OurServer {
  readonly port: number
  /** The outcome of each connection, in the order of their arrival; rejects if it failed. */
  readonly outcomes: readonly Promise<Served>[]
}

/** Starts our server; its connections are those of one backend. */
export async function startOurServer(
  scope: Scope,
  subject: Subject,
  options: OurServerOptions,
): Promise<OurServer> {
  const backend = subject.createBackend()
  const connections: TlsServerConnection[] = []
  const outcomes: Promise<Served>[] = []
  const listener = await listenTcp({ port: 0 }, (stream) => {
    const connection = backend.createServerConnection(stream, {
      certificate,
      ...options.connection?.(),
    })
    connections.push(connection)
    const outcome = serve(connection, options)
    outcome.catch(() => {})
    outcomes.push(outcome)
  })
  scope.teardown(async () => {
    await listener.close()
    for (const connection of connections) connection.abort()
  })
  return { port: listener.port, outcomes }
}

async function serve(connection: TlsServerConnection, options: OurServerOptions): Promise<Served> {
  await connection.handshake()
  const handshaken = describe(connection)
  const head = await readHead(connection).catch(gone)
  if (head === undefined) {
    await connection.close().catch(gone)
    return { ...handshaken, received: 0 }
  }
  const expected = Number(/^content-length: (\d+)/im.exec(head.text)?.[1] ?? 0)
  let { received } = head
  while (received < expected) received += (await connection.read())?.length ?? Number.NaN
  const body = options.body ?? Buffer.from(`resumed=${handshaken.resumed}\n`)
  const byClient = options.ending === 'client'
  const length = byClient ? `Content-Length: ${body.length}` : 'Connection: close'
  await connection.write(Buffer.from(`HTTP/1.1 200 OK\r\n${length}\r\n\r\n`))
  await connection.write(body)
  // Truncation makes it reject.
  if (byClient) while ((await connection.read()) !== null);
  await connection.close()
  return { ...handshaken, received }
}

/** The head of a request, and how much came after it; nothing if the client has ended instead. */
async function readHead(
  connection: TlsServerConnection,
): Promise<{ text: string; received: number } | undefined> {
  let heard = ''
  for (;;) {
    const chunk = await connection.read()
    if (chunk === null) return undefined
    heard += Buffer.from(chunk).toString('latin1')
    const end = heard.indexOf('\r\n\r\n')
    if (end !== -1) return { text: heard.slice(0, end), received: heard.length - end - 4 }
  }
}

/** A client that goes with a ticket unread makes its kernel send a reset, at any moment after. */
function gone(error: unknown): undefined {
  if (error instanceof IoError && error.code === 'IO_BROKEN_PIPE') return
  throw error
}

function describe(connection: TlsServerConnection): Omit<Served, 'received'> {
  return {
    resumed: connection.isSessionResumed,
    version: connection.protocolVersion,
    serverName: connection.serverName,
    protocol: connection.negotiatedProtocol,
  }
}
