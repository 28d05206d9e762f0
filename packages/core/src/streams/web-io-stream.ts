import { closed, Direction } from '../base/direction.js'
import { IoError } from '../errors.js'
import { bytesOf } from './bytes-of.js'
import type { IoOptions, IoStream, SocketAddress } from './io-stream.js'
import type { WebStreams } from './web-streams.js'

/** Options of {@link fromWebStreams}. */
export interface FromWebStreamsOptions {
  /** Where the peer is. Default: unknown. */
  readonly remoteAddress?: SocketAddress | undefined
}

/**
 * Makes an {@link IoStream} of a pair of WHATWG streams: Deno's `Conn`, a worker's `Socket`, a
 * `WebSocketStream`. Both are locked from now on.
 *
 * A write resolves when `writable` has room again by its own high-water mark. `closeWrite` closes
 * `writable`, `close` cancels `readable` too, `abort` aborts the one and cancels the other. An
 * error of either stream becomes the cause of an {@link IoError} `IO_FAILED`; one that is ours
 * already stays as it is.
 *
 * @param streams - of bytes: chunks are a `Uint8Array`, another view or an `ArrayBuffer`; anything
 *   else makes the read reject with `IO_FAILED`. Empty chunks are passed over.
 * @throws TypeError if one of the streams is locked.
 */
export function fromWebStreams(streams: WebStreams, options: FromWebStreamsOptions = {}): IoStream {
  return new WebIoStream(streams, options.remoteAddress)
}

class WebIoStream implements IoStream {
  readonly remoteAddress: SocketAddress | undefined
  readonly #reader: ReadableStreamDefaultReader<unknown>
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #reading = new Direction<Uint8Array | null>('read')
  readonly #writing = new Direction<void>('write')
  #ending: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor({ readable, writable }: WebStreams, remoteAddress: SocketAddress | undefined) {
    if (readable.locked || writable.locked) throw new TypeError('The streams must not be locked.')
    this.#reader = readable.getReader()
    this.#writer = writable.getWriter()
    this.remoteAddress = remoteAddress
  }

  async read({ signal }: IoOptions = {}): Promise<Uint8Array | null> {
    signal?.throwIfAborted()
    this.#reading.begin()
    try {
      return await this.#reading.run(this.#reading.takeUnderway() ?? this.#pull(), signal)
    } finally {
      this.#reading.end()
    }
  }

  async write(chunk: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    this.#writing.begin()
    try {
      const earlier = this.#writing.takeUnderway()
      if (earlier !== undefined) await this.#writing.run(earlier, signal)
      this.#writing.throwIfClosed()
      if (chunk.length > 0) await this.#writing.run(this.#push(chunk), signal)
    } finally {
      this.#writing.end()
    }
  }

  closeWrite(): Promise<void> {
    this.#writing.refuse(closed('The writing side of this stream'))
    this.#ending ??= this.#end()
    return this.#ending
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeBoth()
    return this.#closing
  }

  abort(reason?: unknown): void {
    const error = reason ?? closed('This stream')()
    this.#reading.close(() => error)
    this.#writing.close(() => error)
    this.#ending ??= Promise.resolve()
    this.#closing ??= Promise.resolve()
    this.#writer.abort(error).catch(ignore)
    this.#reader.cancel(error).catch(ignore)
  }

  async #end(): Promise<void> {
    try {
      // Closing what has failed says no more than that; what it failed with is the other promise's.
      await this.#writer.close().catch(() => this.#writer.closed)
    } catch (error) {
      throw ioErrorOf(error, 'Closing')
    }
  }

  async #closeBoth(): Promise<void> {
    this.#reading.close(closed('This stream'))
    // A peer that is still sending may not read before we do.
    void this.#discard()
    try {
      await this.closeWrite()
    } catch {
      // The peer has dropped it: there is nothing left to end in order.
    } finally {
      await this.#reader.cancel(closed('This stream')()).catch(ignore)
    }
  }

  async #discard(): Promise<void> {
    try {
      while (!(await this.#reader.read()).done);
    } catch {
      // Nobody wants to know.
    }
  }

  async #pull(): Promise<Uint8Array | null> {
    for (;;) {
      const { done, value } = await this.#reader.read().catch((error) => {
        throw ioErrorOf(error, 'Reading')
      })
      if (done) return null
      const chunk = bytesOf(value)
      if (chunk === undefined) {
        const kind = typeof value
        throw new IoError('IO_FAILED', `Reading: a chunk of the stream is no bytes but ${kind}.`)
      }
      if (chunk.length > 0) return chunk
    }
  }

  async #push(chunk: Uint8Array): Promise<void> {
    const written = this.#writer.write(chunk)
    // An error of a write that nobody waits for is the next one's.
    if ((this.#writer.desiredSize ?? 0) > 0) written.catch(ignore)
    else {
      await written.catch((error) => {
        throw ioErrorOf(error, 'Writing')
      })
    }
  }
}

function ioErrorOf(error: unknown, doing: string): Error {
  if (error instanceof Error) {
    if ('code' in error && /^(?:TLS|IO)_/.test(String(error.code))) return error
    return new IoError('IO_FAILED', `${doing}: ${error.message}`, { cause: error })
  }
  return new IoError('IO_FAILED', `${doing}: ${String(error)}`, { cause: error })
}

function ignore(): void {}
