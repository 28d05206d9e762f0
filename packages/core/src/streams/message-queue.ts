/** What has come and was not read yet, in order, and then how it ended. */
export class MessageQueue {
  // Filled at the end, and turned round when `#next` is used up: a flood of small messages is not
  // moved along for each one read.
  #arrived: Uint8Array[] = []
  #next: Uint8Array[] = []
  #length = 0
  #end: { readonly failure: unknown } | undefined
  #wakeReader: (() => void) | undefined

  /** Bytes in the queue. */
  get length(): number {
    return this.#length
  }

  /** Adds what has come: at least one byte. */
  push(chunk: Uint8Array): void {
    this.#arrived.push(chunk)
    this.#length += chunk.length
    this.#wakeReader?.()
  }

  /** Nothing more comes: what is in the queue can be read, then the end, or `failure` if any. */
  end(failure: unknown): void {
    this.#end = { failure }
    this.#wakeReader?.()
  }

  /** Drops what was not read. */
  clear(): void {
    this.#arrived = []
    this.#next = []
    this.#length = 0
  }

  /** The next chunk, once there is one; `null` at the end. @throws the failure, if it was one. */
  async pull(): Promise<Uint8Array | null> {
    while (this.#length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
    const chunk = this.#shift()
    if (chunk !== undefined) return chunk
    if (this.#end?.failure !== undefined) throw this.#end.failure
    return null
  }

  #shift(): Uint8Array | undefined {
    if (this.#next.length === 0) {
      this.#next = this.#arrived.reverse()
      this.#arrived = []
    }
    const chunk = this.#next.pop()
    this.#length -= chunk?.length ?? 0
    return chunk
  }
}
