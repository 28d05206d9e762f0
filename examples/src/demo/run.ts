import { randomBytes } from 'node:crypto'
import type { TlsBackend, TlsDatabase, TlsProtocolVersion } from '@tlsio/core'
import type { FtpServer, ServedConnection } from '../ftp-server/server.js'
import { FtpsClient } from '../ftps/client.js'
import type { FtpsOptions, HandshakeReport } from '../ftps/options.js'

/** What one backend did with one version of TLS. */
export interface DemoRun {
  readonly backend: string
  /** `null` where the backend does not work on this machine. */
  readonly protocolVersion: TlsProtocolVersion | null
  /** Whether what the backend needs is on this machine. */
  readonly isHere: boolean
  /** The data connections as the server saw them. */
  readonly data: readonly ServedConnection[]
  /** Median time of a full handshake on a control connection, in milliseconds. */
  readonly full: number | null
  /** Median time of a resumed handshake on a data connection, in milliseconds. */
  readonly resumed: number | null
  /** Why it did not work. */
  readonly refusal: string | null
}

/** What is said of a backend that does not work on this machine. */
export function notHere(backend: string, refusal: string): DemoRun {
  const none = { protocolVersion: null, data: [], full: null, resumed: null }
  return { backend, isHere: false, ...none, refusal }
}

/** How many control connections the time of a full handshake is taken from. */
const controlConnections = 5

const fileLength = 1024 * 1024

/** Lists, fetches and stores two times over one control connection: six data connections. */
export async function runDemo(
  server: FtpServer,
  backend: TlsBackend,
  database: TlsDatabase,
  version: TlsProtocolVersion,
): Promise<DemoRun> {
  const handshakes: HandshakeReport[] = []
  const before = server.served.length
  const options: FtpsOptions = {
    backend,
    host: 'localhost',
    port: server.port,
    tls: { database, minVersion: version, maxVersion: version },
    onHandshake: (handshake) => handshakes.push(handshake),
  }
  let refusal: string | null = null
  try {
    for (let count = 1; count < controlConnections; count++) await visit(options, async () => {})
    await visit(options, (client) => transferAll(server, client))
  } catch (error) {
    refusal = error instanceof Error ? error.message : String(error)
  }
  const served = server.served.slice(before)
  return {
    backend: backend.name,
    isHere: true,
    protocolVersion: version,
    data: served.filter(({ kind }) => kind === 'data'),
    full: median(handshakes.filter(({ kind }) => kind === 'control')),
    resumed: median(handshakes.filter(({ kind }) => kind === 'data')),
    refusal,
  }
}

async function visit(
  options: FtpsOptions,
  work: (client: FtpsClient) => Promise<void>,
): Promise<void> {
  const client = await FtpsClient.connect(options)
  try {
    await work(client)
    await client.quit()
  } finally {
    client.abort()
  }
}

async function transferAll(server: FtpServer, client: FtpsClient): Promise<void> {
  for (const name of ['first', 'second']) {
    const [offered, stored] = [
      `${name}.bin`,
      `stored-${name}-${randomBytes(4).toString('hex')}.bin`,
    ]
    server.files.set(offered, randomBytes(fileLength))
    const list = await client.list()
    if (!list.includes(offered)) throw new Error(`The list lacks "${offered}".`)
    const chunks: Uint8Array[] = []
    await client.download(offered, (chunk) => {
      chunks.push(chunk)
    })
    await client.upload(stored, from(chunks))
    const [sent, received] = [server.files.get(offered), server.files.get(stored)]
    if (!sent || !received || !Buffer.from(sent).equals(received)) {
      throw new Error(`"${stored}" is not what "${offered}" was.`)
    }
  }
}

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

function median(handshakes: readonly HandshakeReport[]): number | null {
  const durations = handshakes.map(({ duration }) => duration).sort((a, b) => a - b)
  return durations[Math.floor(durations.length / 2)] ?? null
}
