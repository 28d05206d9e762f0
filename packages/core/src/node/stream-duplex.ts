import { Duplex, type DuplexOptions } from 'node:stream'
import type { IoStream } from '../index.js'

/**
 * Makes a Node stream of an {@link IoStream}, for libraries that insist on one: database drivers,
 * `http.Agent#createConnection`, mail and MQTT clients.
 *
 * @param stream - for example a TLS connection; the caller no longer uses it directly.
 */
export function toDuplex(stream: IoStream): Duplex {
  return new StreamDuplex(stream)
}

/** A Node stream over an {@link IoStream}. */
export class StreamDuplex extends Duplex {
  readonly #stream: IoStream

  constructor(stream: IoStream, options: DuplexOptions = {}) {
    super({ allowHalfOpen: true, ...options })
    this.#stream = stream
  }

  /** The stream below has ended. A subclass may hold that back. */
  protected endReached(): void {
    this.push(null)
  }

  override _read(): void {
    this.#stream.read().then(
      (chunk) => {
        if (chunk === null) this.endReached()
        else this.push(chunk)
      },
      (error) => this.destroy(error),
    )
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#stream.write(chunk).then(() => done(), done)
  }

  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null | undefined) => void,
  ): void {
    const whole = Buffer.concat(chunks.map(({ chunk }) => chunk))
    this.#stream.write(whole).then(() => done(), done)
  }

  override _final(done: (error?: Error | null | undefined) => void): void {
    this.#stream.closeWrite().then(() => done(), done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error !== null || !this.writableFinished) {
      this.#stream.abort(error ?? undefined)
      done(error)
      return
    }
    this.#stream.close().then(() => done(null), done)
  }
}
