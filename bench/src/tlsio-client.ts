// The same with this library.
import { createNodeBackend } from '@tlsio/backend-node'
import {
  type ClientConnectionOptions,
  type TlsBackend,
  type TlsClientConnection,
  TlsDatabase,
} from '@tlsio/core'
import { connectTcp } from '@tlsio/core/node'
import { authorityPem, SERVER_NAME } from './certificates.js'
import { COUNT_SIZE, encodeCount } from './protocol.js'
import { Window } from './window.js'

/** What a contender sets; the rest is default. */
export type Settings = Pick<
  ClientConnectionOptions,
  'requireCloseNotify' | 'sessionResumption' | 'minVersion' | 'maxVersion'
>

/** One backend, one database, one server. */
export class TlsioClient {
  readonly #backend: TlsBackend
  readonly #database: TlsDatabase
  readonly #port: number

  /** For a server at `port` whom `anchors`, as PEM, vouch for. */
  constructor(
    port: number,
    backend: TlsBackend = createNodeBackend(),
    anchors: string = authorityPem,
  ) {
    this.#port = port
    this.#backend = backend
    this.#database = TlsDatabase.fromPem(anchors)
  }

  /** Connects; resolves when the handshake is over. */
  async open(settings: Settings, copyFrom?: TlsClientConnection): Promise<TlsClientConnection> {
    const stream = await connectTcp({ host: '127.0.0.1', port: this.#port })
    const connection = this.#backend.createClientConnection(stream, {
      database: this.#database,
      serverIdentity: { hostname: SERVER_NAME, port: this.#port },
      ...settings,
    })
    if (copyFrom !== undefined) connection.copySessionState(copyFrom)
    await connection.handshake()
    return connection
  }
}

/** Ends in order: our `close_notify`, then everything up to the peer's. */
export async function closeTlsio(connection: TlsClientConnection): Promise<void> {
  await connection.closeWrite()
  if ((await connection.read()) !== null) throw new Error('The server sent unexpected data.')
  await connection.close()
}

/** Counts what arrives until the peer ends. */
export async function readTlsio(connection: TlsClientConnection): Promise<number> {
  let count = 0
  for (;;) {
    const chunk = await connection.read()
    if (chunk === null) return count
    count += chunk.length
  }
}

/** Writes `chunk` so many times; resolves with the count that the peer answers. */
export async function writeTlsio(
  connection: TlsClientConnection,
  chunk: Uint8Array,
  times: number,
): Promise<number> {
  await connection.write(encodeCount(chunk.length * times))
  for (let left = times; left > 0; left--) await connection.write(chunk)
  const answer = await connection.read()
  if (answer === null) throw new Error('The server gave no answer.')
  return Buffer.from(answer).readUIntBE(0, COUNT_SIZE)
}

/** Writes `chunk` so many times, never more ahead of what the server acknowledges than it may be. */
export async function writeTlsioAhead(
  connection: TlsClientConnection,
  chunk: Uint8Array,
  times: number,
): Promise<void> {
  const window = new Window(chunk.length * times)
  const reading = async () => {
    while (!window.isOver) {
      const bytes = await connection.read()
      if (bytes === null) throw new Error('The server has ended.')
      window.acknowledge(bytes.length)
    }
  }
  const writing = async () => {
    for (let left = times; left > 0; left--) {
      window.send(chunk.length)
      await connection.write(chunk)
      await window.whenOpen()
    }
  }
  await Promise.all([reading(), writing()])
}
