import { closed } from '../base/direction.js'
import { IoError } from '../errors.js'
import type { IoStream, SocketAddress } from '../streams/io-stream.js'
import type { DatagramSocket } from './datagram-socket.js'

/**
 * A datagram socket in the place of a stream, for core's connections: one chunk is one datagram. What
 * ends a stream only ends the listening here; the socket is the caller's.
 */
export class DatagramTransport implements IoStream {
  readonly #socket: DatagramSocket
  readonly #stop = new AbortController()
  #first: Uint8Array | undefined

  constructor(socket: DatagramSocket) {
    this.#socket = socket
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.#socket.remoteAddress
  }

  async read(): Promise<Uint8Array> {
    const { signal } = this.#stop
    signal.throwIfAborted()
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) return first
    try {
      return await this.#socket.receive({ signal })
    } catch (error) {
      throw signal.aborted ? error : socketError(error)
    }
  }

  /** Also after the end: an alert is sent just before. */
  async write(datagram: Uint8Array): Promise<void> {
    try {
      await this.#socket.send(datagram)
    } catch (error) {
      throw socketError(error)
    }
  }

  /** The next `read` gives this. */
  putBack(datagram: Uint8Array): void {
    this.#first = datagram
  }

  async closeWrite(): Promise<void> {}

  async close(): Promise<void> {
    this.abort()
  }

  abort(reason?: unknown): void {
    this.#first = undefined
    this.#stop.abort(reason ?? closed('This connection')())
  }
}

/** Who finds the socket closed has not closed the connection: to it, the transport broke. */
function socketError(error: unknown): unknown {
  if (!(error instanceof IoError) || error.code !== 'IO_CLOSED') return error
  return new IoError('IO_BROKEN_PIPE', 'The socket below the connection was closed.', {
    cause: error,
  })
}
