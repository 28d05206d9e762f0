import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { IoError, type IoStream } from '@tlsio/core'
import { fromDuplex } from '@tlsio/core/node'

/** A port on 127.0.0.1 that takes one data connection. */
export class DataPort {
  readonly #server: Server
  readonly #connection: Promise<IoStream>
  #untaken: IoStream | undefined

  private constructor(server: Server) {
    this.#server = server
    this.#connection = new Promise((resolve, reject) => {
      server.once('connection', (socket: Socket) => {
        server.close()
        this.#untaken = fromDuplex(socket)
        resolve(this.#untaken)
      })
      server.once('close', () => reject(new IoError('IO_CLOSED', 'The data port is closed.')))
    })
    // Nobody asks for it if the client's command is refused.
    this.#connection.catch(() => {})
  }

  /** Listens on a free port. */
  static async open(): Promise<DataPort> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new DataPort(server)
  }

  /** Its number. */
  get number(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /**
   * The client's connection, which is the caller's from now on. @throws IoError if the port is
   * closed.
   */
  async take(): Promise<IoStream> {
    const stream = await this.#connection
    this.#untaken = undefined
    return stream
  }

  /** Stops listening and drops a connection that nobody took. */
  close(): void {
    this.#server.close()
    this.#untaken?.abort()
  }
}
