import { RecordType } from '@tlsio/core/wire'

/**
 * Looks at what the records of TLS 1.3 say they are once all are encrypted, which is one type for all
 * (RFC 8446 §5.2). libgnutls decrypts one that says it is a handshake message in the clear.
 */
export class OuterTypes {
  /** Bytes of the header that have come, and of the record that are still to come. */
  #header = 0
  #left = 0

  /** Where in the next bytes a record begins that is none of those; their length if there is none. */
  endOfGood(chunk: Uint8Array): number {
    for (let at = 0; at < chunk.length; ) {
      if (this.#header === HEADER) {
        const skipped = Math.min(this.#left, chunk.length - at)
        at += skipped
        this.#left -= skipped
        if (this.#left === 0) this.#header = 0
        continue
      }
      const byte = chunk[at] as number
      if (this.#header === 0 && byte === RecordType.HANDSHAKE) return at
      if (this.#header === HEADER - 2) this.#left = byte << 8
      if (this.#header === HEADER - 1) this.#left |= byte
      this.#header++
      if (this.#header === HEADER && this.#left === 0) this.#header = 0
      at++
    }
    return chunk.length
  }
}

/** Bytes of a record's header (RFC 8446 §5.1). */
const HEADER = 5
