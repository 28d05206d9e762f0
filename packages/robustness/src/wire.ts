import { type IoOptions, type IoStream, memoryStreamPair } from '@tlsio/core'
import { turn } from './settle.js'

/** What a wire does to the bytes that an end reads; `at` is how many it has read before. */
export type Transform = (chunk: Uint8Array, at: number) => Uint8Array

/** One end of a pair in memory: it knows what is under way on it, and can change what arrives. */
export class WireEnd implements IoStream {
  /** Reads and writes that have not settled. */
  underway = 0
  /** Whether `close` or `abort` was called. */
  closed = false
  /** Bytes that arrived so far. */
  received = 0
  readonly #stream: IoStream
  readonly #transform: Transform
  readonly #edits: ((chunk: Uint8Array) => Uint8Array)[] = []
  #reading = false
  #discards = false

  constructor(stream: IoStream, transform: Transform = (chunk) => chunk) {
    this.#stream = stream
    this.#transform = transform
  }

  /** Whether a read waits for bytes. */
  get waits(): boolean {
    return this.#reading
  }

  /** Changes the next chunk that arrives. */
  edit(change: (chunk: Uint8Array) => Uint8Array): void {
    this.#edits.push(change)
  }

  async read(options?: IoOptions): Promise<Uint8Array | null> {
    this.#reading = true
    this.underway++
    try {
      const chunk = await this.#stream.read(options)
      if (chunk === null) return null
      const changed = this.#transform(chunk, this.received)
      this.received += chunk.length
      return this.#edits.splice(0).reduce((bytes, edit) => edit(bytes), changed)
    } finally {
      this.#reading = false
      this.underway--
    }
  }

  /** Throws away what arrives from now on, as a network does for a host that is gone. */
  async discard(): Promise<void> {
    if (this.#discards) return
    this.#discards = true
    // A read that was given up ends within a turn.
    while (this.#reading) await turn()
    try {
      while ((await this.#stream.read()) !== null);
    } catch {
      // It was closed, or broke.
    }
  }

  async write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    this.underway++
    try {
      await this.#stream.write(chunk, options)
    } finally {
      this.underway--
    }
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    this.closed = true
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.closed = true
    this.#stream.abort(reason)
  }
}

/** Two ends; the transforms change what the client and the server read. */
export function wirePair(
  toClient?: Transform,
  toServer?: Transform,
  highWaterMark?: number,
): { readonly client: WireEnd; readonly server: WireEnd } {
  const [client, server] = memoryStreamPair({ highWaterMark })
  return { client: new WireEnd(client, toClient), server: new WireEnd(server, toServer) }
}

/**
 * Resolves once the ends do nothing but wait for each other, or have closed: an engine that was given bytes works
 * on them within few turns of the event loop.
 */
export async function stalled(ends: readonly WireEnd[]): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    if (!ends.every(({ waits, closed }) => waits || closed)) quiet = 0
    await turn()
  }
}

const QUIET_TURNS = 10
