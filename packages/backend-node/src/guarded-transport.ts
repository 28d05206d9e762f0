import type { IoStream } from '@tlsio/core'
import { StreamDuplex } from '@tlsio/core/node/engine'

/**
 * The transport as OpenSSL sees it where it gets no socket of its own.
 *
 * node:tls shows `close_notify` and a bare end of the transport as the same `end`. So the transport's
 * end can be held back once the handshake is over: an `end` that node:tls reports then can only be a
 * `close_notify` (RFC 8446 §6.1).
 */
export class GuardedTransport extends StreamDuplex {
  readonly #stream: IoStream
  #isOpen = false
  #writing = 0
  #onEnd: (() => void) | undefined
  #onWriteFailure: ((error: Error) => void) | undefined
  #hasEnded = false
  #isClosing = false

  /**
   * A Node stream destroys itself once both its directions have ended, and a `TLSSocket` over it does
   * the same at once, with what nobody has read yet. The driver decides when it is over. In Bun, whose
   * sockets write on into a stream that has ended, it has to be destroyed.
   */
  constructor(stream: IoStream) {
    super(stream, { autoDestroy: process.versions.bun !== undefined })
    this.#stream = stream
  }

  /** Whether the transport has ended, and OpenSSL was given everything before that but not told. */
  get hasHeldEnd(): boolean {
    return this.#hasEnded && this.readableLength === 0
  }

  /**
   * The handshake is over. From now on `onWriteFailure` hears of what the transport does not take, and
   * node:tls does not: it would drop what has come and was not read yet. A server writes tickets, and
   * who has said `close_notify` need not be there to take them.
   */
  opened(onWriteFailure: (error: Error) => void): void {
    this.#isOpen = true
    this.#onWriteFailure = onWriteFailure
  }

  /**
   * Closes the transport in order, and leaves it alone from now on: node:tls, which may not know yet that what
   * it wrote has left, would drop it, and a socket take back what has not arrived.
   */
  close(): Promise<void> {
    this.#isClosing = true
    return this.#stream.close()
  }

  /** From now on the end is held back; `onEnd` hears of it. */
  holdEnd(onEnd: () => void): void {
    this.#onEnd = onEnd
  }

  protected override received(chunk: Uint8Array | null): void {
    if (!this.#isOpen && this.#writing > 0) {
      // node:tls learns late that what it wrote has left, and until then it drops the alert that an
      // answer may call for.
      setImmediate(() => this.received(chunk))
    } else if (chunk === null && this.#onEnd !== undefined) {
      this.#hasEnded = true
      this.#onEnd()
    } else {
      super.received(chunk)
    }
  }

  /** Node's hook: writes a chunk to the stream. */
  override _write(chunk: Uint8Array, encoding: string, done: (error?: Error) => void): void {
    super._write(chunk, encoding, this.#noting(this.#surviving(done)))
  }

  /** Node's hook: writes several chunks as one. */
  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null | undefined) => void,
  ): void {
    super._writev(chunks, this.#noting(this.#surviving(done)))
  }

  /** Node's hook: closes the stream, or aborts it. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#isClosing) done(error)
    else super._destroy(error, done)
  }

  #surviving<E extends Error | null | undefined>(done: (error?: E) => void): (error?: E) => void {
    return (error) => {
      if (error == null || this.#onWriteFailure === undefined) {
        done(error)
        return
      }
      this.#onWriteFailure(error)
      done()
    }
  }

  /** node:tls is told by an immediate that begins when `done` is called: one later it knows. */
  #noting<E>(done: (error?: E) => void): (error?: E) => void {
    if (this.#isOpen) return done
    this.#writing++
    return (error) => {
      done(error)
      setImmediate(() => setImmediate(() => this.#writing--))
    }
  }
}
