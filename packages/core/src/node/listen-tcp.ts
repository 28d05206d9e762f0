import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { IoStream, SocketAddress } from '../index.js'
import { fromDuplex } from './duplex-stream.js'
import { ioErrorFrom } from './errors.js'

/** Options of {@link listenTcp}. */
export interface ListenTcpOptions {
  /**
   * Host name or IP address to listen on. Default `127.0.0.1`; `::` is every one of this machine.
   */
  readonly host?: string | undefined
  /** Port, or 0 for a free one. */
  readonly port: number
  /** Gives up listening, whenever it aborts; the connections already taken go on. */
  readonly signal?: AbortSignal | undefined
  /**
   * Hears what `onConnection` threw or rejected with, and of connections that could not be taken.
   * Default: nobody does.
   */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * A TCP server that listens. Iterating gives the connections that come, unless `onConnection` gets
 * them; it ends when the listener is closed, and rejects with the signal's reason if that aborted.
 * Up to 511 connections wait for whoever iterates, more are dropped.
 */
export interface TcpListener extends AsyncIterable<IoStream>, AsyncDisposable {
  /** Where it listens. */
  readonly address: SocketAddress
  /** The port of that address. */
  readonly port: number
  /**
   * Stops listening, and drops connections that wait for somebody who iterates. Those already taken
   * go on. Does nothing a second time.
   */
  close(): Promise<void>
}

/**
 * Listens for TCP connections. Small writes leave at once (TCP_NODELAY), and either direction can
 * be closed alone.
 *
 * @param onConnection - gets each connection; what it throws, or rejects with, aborts that one and
 *   is told to `onError`. Without it, iterate over the listener.
 * @throws {@link IoError} `IO_HOST_NOT_FOUND`, or `IO_FAILED` with the cause, for example when the
 *   port is taken; an abort rejects with `signal.reason`.
 * @throws RangeError if `port` is no port.
 * @see GIO `GSocketListener`, `GSocketService::incoming`
 */
export async function listenTcp(
  options: ListenTcpOptions,
  onConnection?: (stream: IoStream) => unknown,
): Promise<TcpListener> {
  const { host = '127.0.0.1', port, signal } = options
  signal?.throwIfAborted()
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  const listener = new Listener(server, options, onConnection)
  server.listen({ host, port })
  try {
    await once(server, 'listening', { signal })
    signal?.throwIfAborted()
  } catch (error) {
    server.close()
    signal?.throwIfAborted()
    throw ioErrorFrom(error, `Listening on ${host} port ${port}`)
  }
  listener.start()
  return listener
}

class Listener implements TcpListener {
  readonly #server: Server
  readonly #options: ListenTcpOptions
  readonly #onConnection: ((stream: IoStream) => unknown) | undefined
  readonly #waiting: IoStream[] = []
  readonly #takers: (() => void)[] = []
  #address: SocketAddress = { address: '', port: 0 }
  #closed = false

  constructor(
    server: Server,
    options: ListenTcpOptions,
    onConnection: ((stream: IoStream) => unknown) | undefined,
  ) {
    this.#server = server
    this.#options = options
    this.#onConnection = onConnection
    server.on('connection', (socket: Socket) => this.#take(fromDuplex(socket)))
  }

  get address(): SocketAddress {
    return this.#address
  }

  get port(): number {
    return this.#address.port
  }

  start(): void {
    const { signal, onError } = this.#options
    const { address, port } = this.#server.address() as AddressInfo
    this.#address = { address, port }
    this.#server.on('error', (error) => onError?.(ioErrorFrom(error, 'Taking a connection')))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#server.close()
    for (const stream of this.#waiting.splice(0)) stream.abort()
    for (const wake of this.#takers.splice(0)) wake()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<IoStream, void, void> {
    for (;;) {
      const stream = this.#waiting.shift()
      if (stream !== undefined) yield stream
      else if (!this.#closed) await new Promise<void>((wake) => this.#takers.push(wake))
      else {
        this.#options.signal?.throwIfAborted()
        return
      }
    }
  }

  readonly #onAbort = (): void => void this.close()

  #take(stream: IoStream): void {
    if (this.#onConnection !== undefined) void this.#serve(this.#onConnection, stream)
    else if (this.#closed || this.#waiting.length >= MOST_WAITING) stream.abort()
    else {
      this.#waiting.push(stream)
      this.#takers.shift()?.()
    }
  }

  async #serve(onConnection: (stream: IoStream) => unknown, stream: IoStream): Promise<void> {
    try {
      await onConnection(stream)
    } catch (error) {
      stream.abort(error)
      this.#options.onError?.(error)
    }
  }
}

/** As many as Node asks the kernel to let wait. */
const MOST_WAITING = 511
