import { type FaultyStream, faultyStream, type StreamFaults } from '@tlsio/conformance'
import type { IoOptions, IoStream } from '@tlsio/core'
import { nameOf } from '../settle.js'
import type { WireEnd } from '../wire.js'

/**
 * A stream with faults. Once it has ended or broken for its reader, it takes what the other end still sends: where
 * a host is gone, writes to it do not wait for ever.
 */
export class DeadEnd implements IoStream {
  readonly #wire: WireEnd
  readonly #faulty: FaultyStream

  constructor(wire: WireEnd, faults: StreamFaults) {
    this.#wire = wire
    this.#faulty = faultyStream(wire, faults)
  }

  async read(options?: IoOptions): Promise<Uint8Array | null> {
    try {
      const chunk = await this.#faulty.read(options)
      if (chunk === null) void this.#wire.discard()
      return chunk
    } catch (error) {
      if (nameOf(error) === 'IO_BROKEN_PIPE') void this.#wire.discard()
      throw error
    }
  }

  write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    return this.#faulty.write(chunk, options)
  }

  closeWrite(): Promise<void> {
    return this.#faulty.closeWrite()
  }

  close(): Promise<void> {
    return this.#faulty.close()
  }

  abort(reason?: unknown): void {
    this.#faulty.abort(reason)
  }

  /** Ends for its reader. */
  end(): void {
    this.#faulty.end()
    void this.#wire.discard()
  }

  /** Breaks, for reader and writer. */
  reset(): void {
    this.#faulty.reset()
    void this.#wire.discard()
  }
}
