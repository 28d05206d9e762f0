import type { Duplex } from 'node:stream'
import type { IoStream, TlsConnection } from '../index.js'
import { duplexBelow, isNodeBacked } from './duplex-stream.js'
import { StreamDuplex } from './stream-duplex.js'

/** Options of {@link toDuplex}. */
export interface ToDuplexOptions {
  /**
   * Whether our direction stays open when the peer ends its own. Default `false`, as in `node:net`,
   * and what a client library expects; Node's `http.Server` wants `true`.
   */
  readonly allowHalfOpen?: boolean | undefined
}

/**
 * Makes a Node stream of an {@link IoStream}, for libraries that insist on a socket: database
 * drivers, `http.request`, `http.Server`, mail and MQTT clients.
 *
 * Bytes in, bytes out. Ending it closes our direction. Destroying it after that closes the stream;
 * with an error, or before all was written, it aborts it. Errors of the stream destroy it, with the
 * codes of {@link TlsError} and {@link IoError}.
 *
 * The handshake of a TLS connection starts in the next tick, so that its failure is an `error` that
 * waits for nobody's first write. Then come `connect` and `ready`, and `secureConnect` for TLS.
 *
 * @param stream - for example a TLS connection; the caller no longer uses it directly.
 */
export function toDuplex(stream: IoStream, options: ToDuplexOptions = {}): SocketDuplex {
  return new SocketDuplex(stream, options)
}

/**
 * A Node stream with what libraries call on a `net.Socket` or `tls.TLSSocket`; see
 * {@link toDuplex}.
 */
export class SocketDuplex extends StreamDuplex {
  /** Whether the handshake is still to come, or runs. */
  connecting = true
  /** Whether what goes through here is encrypted below; `true` for a TLS connection. */
  readonly encrypted: boolean
  /** The idle time in milliseconds after which `timeout` is emitted; 0 (default) for never. */
  timeout = 0
  readonly #stream: IoStream
  readonly #connection: TlsConnection | undefined
  #idle: NodeJS.Timeout | undefined

  /** For {@link toDuplex}. */
  constructor(stream: IoStream, { allowHalfOpen = false }: ToDuplexOptions = {}) {
    super(stream, { allowHalfOpen })
    this.#stream = stream
    this.#connection = isTlsConnection(stream) ? stream : undefined
    this.encrypted = this.#connection !== undefined
    process.nextTick(() => this.#start())
  }

  /** The peer's IP address; `undefined` if the stream does not know it. */
  get remoteAddress(): string | undefined {
    return this.#stream.remoteAddress?.address
  }

  /** The peer's port; `undefined` if the stream does not know it. */
  get remotePort(): number | undefined {
    return this.#stream.remoteAddress?.port
  }

  /** `IPv4` or `IPv6`; `undefined` if the stream does not know it. */
  get remoteFamily(): string | undefined {
    const address = this.remoteAddress
    if (address === undefined) return undefined
    return address.includes(':') ? 'IPv6' : 'IPv4'
  }

  /**
   * The protocol agreed by ALPN, `false` if there is none; `null` before the handshake and without
   * TLS.
   */
  get alpnProtocol(): string | false | null {
    if (this.#connection === undefined || this.connecting) return null
    return this.#connection.negotiatedProtocol ?? false
  }

  /**
   * Does not connect anywhere, since it is connected: libraries that make their socket first call
   * this on it, and wait for `connect`.
   *
   * @param parameters - ignored, but for a function at the end that hears of `connect`.
   */
  connect(...parameters: unknown[]): this {
    const listener = parameters.at(-1)
    if (typeof listener === 'function') this.once('connect', () => listener())
    if (!this.connecting) process.nextTick(() => this.#announce())
    return this
  }

  /**
   * Emits `timeout` when nothing was read or written for `milliseconds`; 0 switches that off. It
   * does no more, as in `node:net`.
   *
   * @param onTimeout - a listener for the next `timeout`, or no longer one with 0.
   * @throws RangeError if it is no number of milliseconds.
   */
  setTimeout(milliseconds: number, onTimeout?: () => void): this {
    if (!(milliseconds >= 0 && milliseconds < 2 ** 31)) {
      throw new RangeError(`A timeout is 0 to 2,147,483,647 ms, not ${milliseconds}.`)
    }
    clearTimeout(this.#idle)
    this.#idle = undefined
    this.timeout = milliseconds
    if (milliseconds > 0) {
      if (!this.destroyed) {
        this.#idle = setTimeout(() => this.emit('timeout'), milliseconds).unref()
      }
      if (onTimeout !== undefined) this.once('timeout', onTimeout)
    } else if (onTimeout !== undefined) this.off('timeout', onTimeout)
    return this
  }

  /** Keeps the process alive; of no effect where no socket of Node is below. */
  ref(): this {
    return this.#forward('ref')
  }

  /** Lets the process end; of no effect where no socket of Node is below. */
  unref(): this {
    return this.#forward('unref')
  }

  /** Forwarded to the socket of Node, if one is below. */
  setNoDelay(enable = true): this {
    return this.#forward('setNoDelay', enable)
  }

  /** Forwarded to the socket of Node, if one is below; `initialDelay` is in milliseconds. */
  setKeepAlive(enable = false, initialDelay = 0): this {
    return this.#forward('setKeepAlive', enable, initialDelay)
  }

  /** Ends it, and destroys it when all was written. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Node's hook: what was read. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    this.#idle?.refresh()
    return super.push(chunk, encoding)
  }

  /** Node's hook: writes a chunk to the stream. */
  override _write(chunk: Uint8Array, encoding: string, done: (error?: Error) => void): void {
    this.#idle?.refresh()
    super._write(chunk, encoding, done)
  }

  /** Node's hook: writes several chunks as one. */
  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null | undefined) => void,
  ): void {
    this.#idle?.refresh()
    super._writev(chunks, done)
  }

  /** Node's hook: closes the stream, or aborts it. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.connecting = false
    clearTimeout(this.#idle)
    this.#idle = undefined
    super._destroy(error, done)
  }

  #start(): void {
    if (this.destroyed) return
    const connection = this.#connection
    // A connection that is open already may be half-closed, and then refuses a handshake.
    if (connection === undefined || connection.protocolVersion !== null) this.#opened()
    else {
      connection.handshake().then(
        () => this.#opened(),
        (error) => this.destroy(error),
      )
    }
  }

  #opened(): void {
    if (this.destroyed) return
    this.connecting = false
    this.#announce()
  }

  #announce(): void {
    if (this.destroyed) return
    this.emit('connect')
    if (this.encrypted) this.emit('secureConnect')
    this.emit('ready')
  }

  #forward(method: 'ref' | 'unref' | 'setNoDelay' | 'setKeepAlive', ...values: unknown[]): this {
    const below = nodeStreamBelow(this.#stream) as unknown as Record<string, unknown> | undefined
    const forwarded = below?.[method]
    if (typeof forwarded === 'function') forwarded.apply(below, values)
    return this
  }
}

/** The Node stream that the bytes go through in the end, however many connections are above it. */
function nodeStreamBelow(stream: IoStream): Duplex | undefined {
  let below: IoStream | undefined = stream
  while (below !== undefined && !isNodeBacked(below)) {
    below = isTlsConnection(below) ? below.transport : undefined
  }
  return below?.[duplexBelow]
}

function isTlsConnection(stream: IoStream): stream is TlsConnection {
  return 'handshake' in stream
}
