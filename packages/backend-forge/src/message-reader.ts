import { concat } from '@tlsio/core/wire'
import { Alert, FatalAlert } from './fatal-alert.js'

/**
 * Puts handshake messages together from the fragments of records, and passes each on whole: forge
 * takes a message whose header was cut for an empty one.
 */
export class MessageReader {
  /** What is here of a message that is not whole. */
  #parts: Uint8Array[] = []
  #length = 0
  /** How long that message is, header included, as far as is known. */
  #needed = HEADER

  /** Whether part of a message is here: then nothing else may come between (RFC 4346 §6.2.1). */
  get isPartial(): boolean {
    return this.#length > 0
  }

  /**
   * Takes a fragment, gives the messages that are complete with it, headers included.
   *
   * @throws {@link FatalAlert} if one is longer than any proper one.
   */
  *receive(fragment: Uint8Array): Generator<Uint8Array, void, void> {
    this.#parts.push(fragment)
    this.#length += fragment.length
    if (this.#parts.length >= MOST_PARTS) this.#parts = [concat(...this.#parts)]
    while (this.#length >= this.#needed) {
      // Joined when a header, and when a message is there: not with each fragment.
      const bytes = concat(...this.#parts)
      const whole = HEADER + bodyLength(bytes)
      const end = this.#length >= whole ? whole : 0
      this.#parts = end < bytes.length ? [bytes.subarray(end)] : []
      this.#length -= end
      this.#needed = end > 0 ? HEADER : whole
      if (end > 0) yield bytes.subarray(0, end)
    }
  }
}

function bodyLength([type, high = 0, middle = 0, low = 0]: Uint8Array): number {
  const length = (high << 16) | (middle << 8) | low
  if (length > (type === HELLO_REQUEST ? 0 : MAX_MESSAGE)) {
    const message = `The peer sent a handshake message of ${length} bytes.`
    throw new FatalAlert(Alert.ILLEGAL_PARAMETER, message)
  }
  return length
}

const HEADER = 4

/** Fragments that are kept apart: a peer may send a message a byte at a time. */
const MOST_PARTS = 256

/** Empty by definition (RFC 4346 §7.4.1.1). */
const HELLO_REQUEST = 0

/** Bytes of a message, so that forge gets it in one record: far more than a chain of certificates. */
const MAX_MESSAGE = 65_531
