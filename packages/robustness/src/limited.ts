import type { IoOptions, IoStream } from '@tlsio/core'

/** A stream that ends for its reader after so many bytes more. */
export class LimitedStream implements IoStream {
  readonly #stream: IoStream
  #left = Infinity

  constructor(stream: IoStream) {
    this.#stream = stream
  }

  /** From now on only `bytes` more can be read. */
  limit(bytes: number): void {
    this.#left = bytes
  }

  async read(options?: IoOptions): Promise<Uint8Array | null> {
    if (this.#left === 0) return null
    const chunk = await this.#stream.read(options)
    if (chunk === null || this.#left === 0) return null
    const part = chunk.subarray(0, this.#left)
    this.#left -= part.length
    return part
  }

  write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    return this.#stream.write(chunk, options)
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.#stream.abort(reason)
  }
}
