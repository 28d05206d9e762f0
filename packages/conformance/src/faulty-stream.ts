import { IoError, type IoOptions, type IoStream, type SocketAddress } from '@tlsio/core'

/**
 * What goes wrong on a {@link FaultyStream}. Without any of it, the stream behaves like the one
 * below.
 */
export interface StreamFaults {
  /** Most bytes that one read gives. */
  readonly splitReads?: number | undefined
  /** Most bytes that one write passes on; the rest follows in further ones. */
  readonly splitWrites?: number | undefined
  /** How many turns of the microtask queue each operation is late. */
  readonly delay?: number | undefined
  /** Given to the reader before anything else. */
  readonly inject?: Uint8Array | undefined
  /** How many bytes can be read before the stream ends, as if the peer had. */
  readonly endAfter?: number | undefined
  /** How many bytes can be read before the stream breaks. */
  readonly resetAfter?: number | undefined
  /** What `close` rejects with, although it has closed the stream below. */
  readonly closeError?: Error | undefined
}

/** A stream with faults: some agreed beforehand, some at a time of the test's choice. */
export interface FaultyStream extends IoStream {
  /** From now on reads give the end of the stream, a pending one at once. */
  end(): void
  /** From now on reads and writes reject with `IO_BROKEN_PIPE`, pending ones at once. */
  reset(): void
  /** From now on reads and writes reject with `error`, pending reads at once. */
  fail(error: Error): void
}

/** Wraps a stream and lets it misbehave. */
export function faultyStream(stream: IoStream, faults: StreamFaults = {}): FaultyStream {
  return new Faulty(stream, faults)
}

/** The end of the stream, or what everything rejects with. */
type Outcome = 'end' | Error

class Faulty implements FaultyStream {
  readonly #stream: IoStream
  readonly #faults: StreamFaults
  readonly #giveUp = new AbortController()
  #waiting: Uint8Array
  #given = 0
  #outcome: Outcome | undefined

  constructor(stream: IoStream, faults: StreamFaults) {
    this.#stream = stream
    this.#faults = faults
    this.#waiting = faults.inject ?? new Uint8Array(0)
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.#stream.remoteAddress
  }

  async read(options?: IoOptions): Promise<Uint8Array | null> {
    await this.#late()
    if (this.#outcome === undefined && this.#waiting.length === 0 && this.#left() > 0) {
      try {
        const chunk = await this.#stream.read({ signal: this.#orGiveUp(options?.signal) })
        if (chunk === null) return this.#ended()
        this.#waiting = chunk
      } catch (error) {
        if (this.#outcome === undefined) throw error
      }
    }
    if (this.#outcome !== undefined || this.#left() <= 0) return this.#ended()
    const length = Math.min(this.#faults.splitReads ?? Infinity, this.#left())
    const chunk = this.#waiting.subarray(0, length)
    this.#waiting = this.#waiting.subarray(chunk.length)
    this.#given += chunk.length
    return chunk
  }

  async write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    // Nothing is late unless it is meant to be: an alert is written just before the stream is dropped.
    if (this.#faults.delay !== undefined) await this.#late()
    const size = this.#faults.splitWrites ?? Math.max(chunk.length, 1)
    for (let at = 0; at < chunk.length || at === 0; at += size) {
      if (this.#outcome instanceof Error) throw this.#outcome
      await this.#stream.write(chunk.subarray(at, at + size), options)
      await this.#late()
    }
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite()
  }

  async close(): Promise<void> {
    await this.#stream.close()
    if (this.#faults.closeError !== undefined) throw this.#faults.closeError
  }

  abort(reason?: unknown): void {
    this.#stream.abort(reason)
  }

  end(): void {
    this.#stop('end')
  }

  reset(): void {
    this.fail(broken())
  }

  fail(error: Error): void {
    this.#stop(error)
  }

  #stop(outcome: Outcome): void {
    this.#outcome ??= outcome
    this.#giveUp.abort()
  }

  #left(): number {
    const { endAfter = Infinity, resetAfter = Infinity } = this.#faults
    return Math.min(endAfter, resetAfter) - this.#given
  }

  #ended(): null {
    const { endAfter = Infinity, resetAfter = Infinity } = this.#faults
    const resets = this.#outcome === undefined && this.#left() <= 0 && resetAfter < endAfter
    if (resets) this.#outcome = broken()
    if (this.#outcome instanceof Error) throw this.#outcome
    return null
  }

  #orGiveUp(signal: AbortSignal | undefined): AbortSignal {
    const giveUp = this.#giveUp.signal
    return signal === undefined ? giveUp : AbortSignal.any([signal, giveUp])
  }

  async #late(): Promise<void> {
    for (let turn = this.#faults.delay ?? 0; turn > 0; turn--) await undefined
  }
}

function broken(): IoError {
  return new IoError('IO_BROKEN_PIPE', 'The peer has reset the stream.')
}
