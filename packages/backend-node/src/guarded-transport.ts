import type { IoStream } from '@tlsio/core'
import { StreamDuplex } from '@tlsio/core/node/engine'

/**
 * The transport as OpenSSL sees it when truncation must be detected.
 *
 * node:tls shows `close_notify` and a bare end of the transport as the same `end`. So the transport's end is
 * held back here once the handshake is over: an `end` that node:tls reports then can only be a
 * `close_notify` (RFC 8446 §6.1).
 */
export class GuardedTransport extends StreamDuplex {
  #holding = false
  #held: (() => void) | undefined

  /** Whether the transport has ended, everything before that was given to OpenSSL, and it was not told. */
  get hasHeldEnd(): boolean {
    return this.#held !== undefined && this.readableLength === 0
  }

  /** From now on the end is held back; `onEnd` hears of it. */
  holdEnd(onEnd: () => void): void {
    this.#holding = true
    this.#onEnd = onEnd
  }

  #onEnd: () => void = () => {}

  protected override endReached(): void {
    if (!this.#holding) {
      super.endReached()
      return
    }
    this.#held = () => super.endReached()
    this.#onEnd()
  }
}

/** A Node stream over any stream, for when truncation does not matter. */
export function plainTransport(stream: IoStream): StreamDuplex {
  return new StreamDuplex(stream)
}
