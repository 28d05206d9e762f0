import { StreamDuplex } from '@tlsio/core/node/engine'

/**
 * The transport as OpenSSL sees it when truncation must be detected.
 *
 * node:tls shows `close_notify` and a bare end of the transport as the same `end`. So the
 * transport's end is held back here once the handshake is over: an `end` that node:tls reports then
 * can only be a
 * `close_notify` (RFC 8446 §6.1).
 */
export class GuardedTransport extends StreamDuplex {
  #onEnd: (() => void) | undefined
  #hasEnded = false

  /** Whether the transport has ended, and OpenSSL was given everything before that but not told. */
  get hasHeldEnd(): boolean {
    return this.#hasEnded && this.readableLength === 0
  }

  /** From now on the end is held back; `onEnd` hears of it. */
  holdEnd(onEnd: () => void): void {
    this.#onEnd = onEnd
  }

  protected override endReached(): void {
    if (this.#onEnd === undefined) {
      super.endReached()
      return
    }
    this.#hasEnded = true
    this.#onEnd()
  }
}
