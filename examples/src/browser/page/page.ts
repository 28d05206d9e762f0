// What runs in the page: TLS from there to the server. The relay between sees ciphertext only.
import { createForgeBackend } from '@tlsio/backend-forge'
import { fromWebSocket, type TlsClientConnection, TlsDatabase } from '@tlsio/core'

/** Whom the page speaks to. */
export interface Destination {
  /** Address of the relay. */
  readonly relay: string
  /** The name that the server's certificate must have. */
  readonly hostname: string
  /** PEM of what is trusted: a page cannot ask for what its browser trusts. */
  readonly anchors: string
}

/** One connection, from its beginning to the server's end of it. */
export interface Exchange {
  readonly version: string | null
  readonly resumed: boolean | undefined
  readonly answer: string
}

/** Bytes that went one way. */
export interface Passage {
  readonly length: number
  /** SHA-256, in hexadecimal digits. */
  readonly digest: string
}

/** Asks the same on one connection after another; all but the first offer the session of that. */
export async function ask(
  destination: Destination,
  request: string,
  times: number,
): Promise<Exchange[]> {
  const control = connect(destination)
  const exchanges = [await exchange(control, request)]
  while (exchanges.length < times) {
    const connection = connect(destination)
    connection.copySessionState(control)
    exchanges.push(await exchange(connection, request))
  }
  return exchanges
}

/** Sends random bytes and takes back as many, at the same time. */
export async function echo(
  destination: Destination,
  length: number,
): Promise<{ sent: Passage; received: Passage }> {
  const connection = connect(destination)
  const [sent, received] = await Promise.all([
    sendRandom(connection, length),
    receive(connection, length),
  ])
  await connection.close()
  return { sent: await passage(sent), received: await passage(received) }
}

/**
 * A connection that shakes hands when it is first used. Its backend, and so its session store, is
 * its own: it resumes what was copied and nothing else.
 */
function connect({ relay, hostname, anchors }: Destination): TlsClientConnection {
  return createForgeBackend().createClientConnection(fromWebSocket(new WebSocket(relay)), {
    database: TlsDatabase.fromPem(anchors),
    serverIdentity: { hostname },
  })
}

async function exchange(connection: TlsClientConnection, request: string): Promise<Exchange> {
  await connection.write(new TextEncoder().encode(request))
  const { protocolVersion: version, isSessionResumed: resumed } = connection
  const answer = await new Blob(await receive(connection)).text()
  await connection.close()
  return { version, resumed, answer }
}

async function sendRandom(connection: TlsClientConnection, length: number): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (let left = length; left > 0; left -= CHUNK) {
    const chunk = new Uint8Array(Math.min(left, CHUNK))
    crypto.getRandomValues(chunk)
    chunks.push(chunk)
    await connection.write(chunk)
  }
  return chunks
}

/** What comes, up to `length` bytes or the end. */
async function receive(
  connection: TlsClientConnection,
  length = Number.POSITIVE_INFINITY,
): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for (let left = length; left > 0; ) {
    const chunk = await connection.read()
    if (chunk === null) break
    chunks.push(new Uint8Array(chunk))
    left -= chunk.length
  }
  return chunks
}

async function passage(chunks: Chunk[]): Promise<Passage> {
  const bytes = await new Blob(chunks).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const digits = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'))
  return { length: bytes.byteLength, digest: digits.join('') }
}

/** Not of memory that another thread may change. */
type Chunk = Uint8Array<ArrayBuffer>

/** In bytes; as many as `getRandomValues` gives at once. */
const CHUNK = 65_536
