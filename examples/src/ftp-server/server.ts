import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { TlsBackend, TlsCertificate, TlsProtocolVersion } from '@tlsio/core'
import { fromDuplex } from '@tlsio/core/node'
import { MemoryFiles } from './memory-files.js'
import { FtpSession } from './session.js'

/** What an {@link FtpServer} is made of. */
export interface FtpServerOptions {
  /** The engine that speaks TLS. */
  readonly backend: TlsBackend
  /** With its private key. */
  readonly certificate: TlsCertificate
  /** Passive commands it knows. Default: both. */
  readonly passive?: readonly ('EPSV' | 'PASV')[] | undefined
}

/** A TLS connection as the server saw it. */
export interface ServedConnection {
  /** The control connection it is, or belongs to; counted from 1. */
  readonly control: number
  readonly kind: 'control' | 'data'
  /** What a data connection was for, such as `LIST`. */
  readonly verb: string | null
  readonly protocolVersion: TlsProtocolVersion | null
  readonly resumed: boolean
}

/**
 * A small FTP server that insists on TLS, and refuses a data connection unless it resumes the TLS
 * session of its own control connection. On 127.0.0.1 and a free port, files in memory, anonymous
 * users only.
 */
export class FtpServer {
  /** Every TLS connection so far, refused ones included. */
  readonly served: ServedConnection[] = []
  /** What it offers and has got. */
  readonly files: MemoryFiles = new MemoryFiles()
  readonly #options: FtpServerOptions
  readonly #server: Server
  readonly #sessions = new Map<FtpSession, Promise<void>>()
  #count = 0

  private constructor(options: FtpServerOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#serve(socket),
    )
  }

  /** Starts one. */
  static async start(options: FtpServerOptions): Promise<FtpServer> {
    const server = new FtpServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  /** The port of control connections. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /**
   * Stops listening and drops all connections.
   *
   * @throws what went wrong in a session, unless it was its client's doing.
   */
  async close(): Promise<void> {
    this.#server.close()
    for (const session of this.#sessions.keys()) session.abort()
    await Promise.all(this.#sessions.values())
  }

  #serve(socket: Socket): void {
    this.#count += 1
    const control = this.#count
    const session = new FtpSession(fromDuplex(socket), {
      ...this.#options,
      files: this.files,
      onTls: (seen) => this.served.push({ control, ...seen }),
    })
    const ended = session.run()
    // A failure is kept for close() to report.
    this.#sessions.set(session, ended)
    ended.then(
      () => this.#sessions.delete(session),
      () => {},
    )
  }
}
