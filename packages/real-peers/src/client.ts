// Our client, as the tests with real servers use it.
import type {
  ClientConnectionOptions,
  IoStream,
  ServerIdentity,
  TlsBackend,
  TlsClientConnection,
  TlsProtocolVersion,
} from '@tlsio/core'
import { connectTcp } from '@tlsio/core/node'
import type { Scope } from './child.js'
import { database, type Subject } from './subject.js'

/** Settings that agree to one version only. */
export function only(version: TlsProtocolVersion): ClientConnectionOptions {
  return { minVersion: version, maxVersion: version }
}

/** What servers on 127.0.0.1 are known as in the certificate that they get here. */
export const serverIdentity: ServerIdentity = { hostname: 'localhost' }

/** Connections of one backend, and so with one session store, to one port. */
export class Client {
  readonly #scope: Scope
  readonly #port: number
  readonly #options: ClientConnectionOptions
  readonly #backend: TlsBackend

  constructor(scope: Scope, subject: Subject, port: number, options: ClientConnectionOptions = {}) {
    this.#scope = scope
    this.#port = port
    this.#options = options
    this.#backend = subject.createBackend()
  }

  /** A TCP connection. */
  connect(): Promise<IoStream> {
    return connectTcp({ host: '127.0.0.1', port: this.#port })
  }

  /** A TLS connection over a stream of its own, or over `stream`; without its handshake yet. */
  async open(stream?: IoStream): Promise<TlsClientConnection> {
    const connection = this.#backend.createClientConnection(stream ?? (await this.connect()), {
      database,
      serverIdentity,
      ...this.#options,
    })
    this.#scope.teardown(() => connection.abort())
    return connection
  }
}

/** Sends a request and reads until the answer so far matches. */
export async function ask(
  connection: TlsClientConnection,
  request: string | Uint8Array,
  answer: RegExp,
): Promise<RegExpExecArray> {
  await connection.write(typeof request === 'string' ? Buffer.from(request, 'latin1') : request)
  let heard = ''
  for (;;) {
    const chunk = await connection.read()
    if (chunk === null) throw new Error(`Only heard ${JSON.stringify(heard)} instead of ${answer}.`)
    heard += Buffer.from(chunk).toString('latin1')
    const match = answer.exec(heard)
    if (match !== null) return match
  }
}

/** Everything up to the end of the stream. */
export async function readToEnd(connection: TlsClientConnection): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
