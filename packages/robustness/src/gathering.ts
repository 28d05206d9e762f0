import type { IoOptions, IoStream } from '@tlsio/core'
import { turns } from './settle.js'

/**
 * A stream that keeps what is written for some turns of the event loop, and then passes it on as one chunk: what
 * the other end reads may hold several flights, data and the end.
 */
export class GatheringStream implements IoStream {
  readonly #stream: IoStream
  readonly #turns: number
  #kept: Uint8Array[] = []
  #flush: Promise<void> | undefined

  constructor(stream: IoStream, count: number) {
    this.#stream = stream
    this.#turns = count
  }

  read(options?: IoOptions): Promise<Uint8Array | null> {
    return this.#stream.read(options)
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#kept.push(chunk)
    this.#flush ??= this.#pass()
  }

  async closeWrite(): Promise<void> {
    await this.#flush
    await this.#stream.closeWrite()
  }

  async close(): Promise<void> {
    await this.#flush
    await this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.#kept = []
    this.#stream.abort(reason)
  }

  async #pass(): Promise<void> {
    // One write at a time: what comes while one is under way waits for the next turn.
    do {
      await turns(this.#turns)
      const kept = this.#kept.splice(0)
      // The other end may be gone by now; reads will tell.
      if (kept.length > 0) await this.#stream.write(Buffer.concat(kept)).catch(() => {})
    } while (this.#kept.length > 0)
    this.#flush = undefined
  }
}
