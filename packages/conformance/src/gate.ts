import type { IoStream } from '@tlsio/core'

/** A stream of which only the first chunk can be read before it is opened: of a client, its hello. */
export class Gate implements IoStream {
  /** From now on all can be read. */
  open: () => void = () => {}
  readonly #stream: IoStream
  readonly #opened: Promise<void>
  #isFirst = true

  /** Over `stream`. */
  constructor(stream: IoStream) {
    this.#stream = stream
    this.#opened = new Promise((resolve) => {
      this.open = resolve
    })
  }

  async read(): Promise<Uint8Array | null> {
    if (!this.#isFirst) await this.#opened
    this.#isFirst = false
    return this.#stream.read()
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#stream.write(chunk)
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
