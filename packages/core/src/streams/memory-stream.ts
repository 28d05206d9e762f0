import { closed, Direction } from '../base/direction.js'
import { IoError } from '../errors.js'
import type { IoOptions, IoStream } from './io-stream.js'

/** Options of {@link memoryStreamPair}. */
export interface MemoryStreamOptions {
  /** Unread bytes from which on a write waits for the reader, at least 1. Default 65,536. */
  readonly highWaterMark?: number | undefined
}

/**
 * Two streams: what is written to one is read from the other. For tests, and for TLS without a
 * network.
 */
export function memoryStreamPair(options: MemoryStreamOptions = {}): [IoStream, IoStream] {
  const highWaterMark = options.highWaterMark ?? 65_536
  if (!(highWaterMark >= 1)) {
    throw new RangeError(`highWaterMark must be at least 1, not ${highWaterMark}.`)
  }
  const there = new Pipe(highWaterMark)
  const back = new Pipe(highWaterMark)
  return [new MemoryStream(back, there), new MemoryStream(there, back)]
}

class MemoryStream implements IoStream {
  readonly #input: Pipe
  readonly #output: Pipe
  readonly #reading = new Direction<Uint8Array | null>('read')
  readonly #writing = new Direction<void>('write')

  constructor(input: Pipe, output: Pipe) {
    this.#input = input
    this.#output = output
  }

  async read({ signal }: IoOptions = {}): Promise<Uint8Array | null> {
    signal?.throwIfAborted()
    this.#reading.begin()
    try {
      return await this.#reading.run(this.#reading.takeUnderway() ?? this.#input.pull(), signal)
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
      if (chunk.length > 0) await this.#writing.run(this.#output.push(chunk), signal)
    } finally {
      this.#writing.end()
    }
  }

  async closeWrite(): Promise<void> {
    this.#writing.close(closed('The writing side of this stream'))
    this.#output.end()
  }

  async close(): Promise<void> {
    this.#reading.close(closed('This stream'))
    this.#writing.close(closed('This stream'))
    this.#output.end()
    this.#input.cancel()
  }

  abort(reason?: unknown): void {
    const error = reason ?? closed('This stream')()
    this.#reading.close(() => error)
    this.#writing.close(() => error)
    this.#output.reset()
    this.#input.cancel()
  }
}

/** One direction: a queue with a limit. */
class Pipe {
  readonly #highWaterMark: number
  readonly #chunks: Uint8Array[] = []
  #length = 0
  #state: 'open' | 'ended' | 'reset' | 'cancelled' = 'open'
  #wakeReader: (() => void) | undefined
  #wakeWriter: (() => void) | undefined

  constructor(highWaterMark: number) {
    this.#highWaterMark = highWaterMark
  }

  async pull(): Promise<Uint8Array | null> {
    while (this.#chunks.length === 0 && this.#state === 'open') {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
    const chunk = this.#chunks.shift()
    if (chunk === undefined) {
      if (this.#state !== 'reset') return null
      throw new IoError('IO_BROKEN_PIPE', 'The peer dropped the stream.')
    }
    this.#length -= chunk.length
    if (this.#length < this.#highWaterMark) this.#wakeWriter?.()
    return chunk
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#requireReader()
    this.#chunks.push(chunk)
    this.#length += chunk.length
    this.#wakeReader?.()
    while (this.#length >= this.#highWaterMark && this.#state === 'open') {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve
      })
    }
    this.#requireReader()
  }

  end(): void {
    this.#finish('ended')
  }

  reset(): void {
    this.#finish('reset')
  }

  cancel(): void {
    this.#chunks.length = 0
    this.#length = 0
    this.#finish('cancelled')
  }

  #finish(state: 'ended' | 'reset' | 'cancelled'): void {
    if (this.#state === 'open') this.#state = state
    this.#wakeReader?.()
    this.#wakeWriter?.()
  }

  #requireReader(): void {
    if (this.#state === 'cancelled') {
      throw new IoError('IO_BROKEN_PIPE', 'The peer no longer reads from the stream.')
    }
  }
}
