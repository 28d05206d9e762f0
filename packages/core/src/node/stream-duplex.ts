import { Duplex, type DuplexOptions } from 'node:stream'
import type { IoStream } from '../index.js'

/** A Node stream over an {@link IoStream}, and no more than that; `toDuplex` makes it a socket. */
export class StreamDuplex extends Duplex {
  readonly #stream: IoStream

  /**
   * Makes it over `stream`; `options` are Node's, with `allowHalfOpen` on unless they say
   * otherwise.
   */
  constructor(stream: IoStream, options: DuplexOptions = {}) {
    super({ allowHalfOpen: true, ...options })
    this.#stream = stream
  }

  /** A chunk has come, or `null` for the end. A subclass may hold either back. */
  protected received(chunk: Uint8Array | null): void {
    this.push(chunk)
  }

  /** Node's hook: reads a chunk from the stream. */
  override _read(): void {
    this.#stream.read().then(
      (chunk) => this.received(chunk),
      (error) => this.destroy(error),
    )
  }

  /** Node's hook: writes a chunk to the stream. */
  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#stream.write(chunk).then(() => done(), done)
  }

  /** Node's hook: writes several chunks as one. */
  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null | undefined) => void,
  ): void {
    const whole = Buffer.concat(chunks.map(({ chunk }) => chunk))
    this.#stream.write(whole).then(() => done(), done)
  }

  /** Node's hook: ends our direction of the stream. */
  override _final(done: (error?: Error | null | undefined) => void): void {
    this.#stream.closeWrite().then(() => done(), done)
  }

  /** Node's hook: closes the stream, or aborts it. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error !== null || !this.writableFinished) {
      this.#stream.abort(error ?? undefined)
      done(error)
      return
    }
    this.#stream.close().then(() => done(null), done)
  }
}
