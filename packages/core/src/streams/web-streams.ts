import { TlsError } from '../errors.js'
import type { IoStream } from './io-stream.js'

/**
 * A pair of WHATWG streams, the shape of Deno's `Conn`, of a worker's `Socket` and of
 * `WebTransportBidirectionalStream`. The chunks are bytes.
 */
export interface WebStreams {
  /** What the peer sends. */
  readonly readable: ReadableStream<Uint8Array>
  /** What goes to the peer; a chunk that is no `Uint8Array` is a `TypeError`. */
  readonly writable: WritableStream<Uint8Array>
}

/**
 * Makes WHATWG streams of an {@link IoStream}: default streams, since byte streams were measured at
 * a third of their speed.
 *
 * - Nothing is read before somebody asks, and one chunk at a time is written: the backpressure is
 *   the stream's own, in both directions.
 * - The end of the stream closes `readable`. Cancelling it gives up the reading direction, if the
 *   stream can do that (a TLS connection can); otherwise reading merely stops.
 * - Closing `writable` closes our direction; aborting it aborts the whole stream.
 * - Once both are done, by their end or by an error, the stream is closed.
 * - An error of the stream is the error of the side that met it, as it is.
 *
 * The stream may still be used directly, but has one pending operation in each direction: a direct
 * read during one of `readable` rejects with `IO_PENDING`, and the other way round ends the view.
 *
 * @see GIO `GIOStream:input-stream`, `GIOStream:output-stream`
 */
export function toWebStreams(stream: IoStream): WebStreams {
  const sides = new Sides(stream)
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await stream.read()
          if (chunk !== null) return controller.enqueue(chunk)
        } catch (error) {
          controller.error(error)
          return sides.done('reading').catch(ignore)
        }
        controller.close()
        await sides.done('reading').catch(ignore)
      },
      async cancel() {
        await closeReadOf(stream)
        await sides.done('reading')
      },
    },
    { highWaterMark: 0 },
  )
  const writable = new WritableStream<Uint8Array>({
    start(controller: object) {
      // Unlike the method `abort`, which this makes superfluous, it does not wait for a write that
      // is under way. Not every declaration of the web's types has it.
      const { signal } = controller as { readonly signal: AbortSignal }
      signal.addEventListener('abort', () => stream.abort(signal.reason), { once: true })
    },
    async write(chunk) {
      try {
        if (!(chunk instanceof Uint8Array)) throw new TypeError('A chunk must be a Uint8Array.')
        await stream.write(chunk)
      } catch (error) {
        sides.done('writing').catch(ignore)
        throw error
      }
    },
    async close() {
      await stream.closeWrite()
      await sides.done('writing')
    },
  })
  return { readable, writable }
}

/** Closes the stream when both of its directions are done. */
class Sides {
  readonly #stream: IoStream
  readonly #done = new Set<'reading' | 'writing'>()

  constructor(stream: IoStream) {
    this.#stream = stream
  }

  async done(side: 'reading' | 'writing'): Promise<void> {
    this.#done.add(side)
    if (this.#done.size === 2) await this.#stream.close()
  }
}

/** Gives up one direction alone, where the stream and its engine can. */
async function closeReadOf(stream: IoStream & { closeRead?(): Promise<void> }): Promise<void> {
  try {
    await stream.closeRead?.()
  } catch (error) {
    if (!(error instanceof TlsError && error.code === 'TLS_NOT_SUPPORTED')) throw error
  }
}

function ignore(): void {}
