import { concat } from '@tlsio/core/wire'
import { Alert, FatalAlert } from './fatal-alert.js'

/**
 * Puts handshake messages together from the fragments of records, and passes each on whole: forge
 * takes a message whose header was cut for an empty one.
 */
export class MessageReader {
  #rest: Uint8Array = new Uint8Array(0)

  /** Whether part of a message is here: then nothing else may come between (RFC 4346 §6.2.1). */
  get isPartial(): boolean {
    return this.#rest.length > 0
  }

  /**
   * Takes a fragment, gives the messages that are complete with it, headers included.
   *
   * @throws {@link FatalAlert} if one is longer than any proper one.
   */
  *receive(fragment: Uint8Array): Generator<Uint8Array, void, void> {
    this.#rest = this.isPartial ? concat(this.#rest, fragment) : fragment
    for (let end = this.#end(); end <= this.#rest.length; end = this.#end()) {
      const message = this.#rest.subarray(0, end)
      this.#rest = this.#rest.subarray(end)
      yield message
    }
    this.#rest = this.#rest.slice()
  }

  #end(): number {
    const [, high, middle, low] = this.#rest
    if (high === undefined || middle === undefined || low === undefined) return Infinity
    const length = (high << 16) | (middle << 8) | low
    if (length > MAX_MESSAGE) {
      const message = `The peer sent a handshake message of ${length} bytes.`
      throw new FatalAlert(Alert.ILLEGAL_PARAMETER, message)
    }
    return HEADER + length
  }
}

const HEADER = 4

/** Bytes of a message, so that forge gets it in one record: far more than a chain of certificates. */
const MAX_MESSAGE = 65_531
