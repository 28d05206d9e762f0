import { uninitialized } from './byte-queues.js'
import { MOST_PLAINTEXT } from './ffi/constants.js'

/** What the peer sent, decrypted, until core takes it: as few chunks as can be. */
export class PlaintextQueue {
  readonly #chunks: Uint8Array[] = []
  /** What is decrypted into, and how much of it is in use. */
  #room: Uint8Array = NONE
  #used = 0

  /**
   * Room for the next record, behind those before it.
   *
   * @param least - how many bytes it has at least.
   * @param coming - how many bytes of ciphertext there are, for more room from the start.
   */
  roomFor(least: number, coming: number): Uint8Array {
    if (this.#room.length - this.#used < least) {
      this.#gather()
      if (this.#room.length < least) {
        this.#room = uninitialized(Math.max(Math.min(coming, MOST_TOGETHER), least))
      }
    }
    return this.#room.subarray(this.#used)
  }

  /** So many bytes of the room are in use. */
  use(size: number): void {
    this.#used += size
  }

  /** Adds what was decrypted elsewhere, into memory that is to be given away with it. */
  add(bytes: Uint8Array): void {
    this.#gather()
    const last = this.#chunks.at(-1)
    const isNext =
      last !== undefined &&
      last.buffer === bytes.buffer &&
      last.byteOffset + last.length === bytes.byteOffset &&
      last.length + bytes.length <= MOST_TOGETHER
    if (isNext) {
      const size = last.length + bytes.length
      this.#chunks[this.#chunks.length - 1] = new Uint8Array(last.buffer, last.byteOffset, size)
    } else this.#chunks.push(bytes)
  }

  /** The next chunk, its taker's from now on; `undefined` if there is none. */
  take(): Uint8Array | undefined {
    this.#gather()
    const chunk = this.#chunks.shift()
    // The taker may keep it: much is given away with its memory, little is copied out.
    return chunk !== undefined && chunk.length < chunk.buffer.byteLength / 2 ? chunk.slice() : chunk
  }

  #gather(): void {
    if (this.#used === 0) return
    const bytes = this.#room.subarray(0, this.#used)
    this.#used = 0
    if (bytes.length < this.#room.length / 2) this.#chunks.push(bytes.slice())
    else {
      this.#chunks.push(bytes)
      this.#room = NONE
    }
  }
}

/** Most bytes of records that have come together, as one chunk. */
const MOST_TOGETHER = 4 * MOST_PLAINTEXT

const NONE = new Uint8Array(0)
