import { RecordType } from '@tlsio/core/wire'
import { uninitialized } from './byte-queues.js'
import { HEADER } from './handshake-records.js'
import { MOST_FRAGMENT } from './record-cipher.js'

/**
 * Cuts what follows a handshake of TLS 1.3 into whole records, header and all. From a header on that is
 * refused, it is passed on as it comes.
 *
 * Records that were taken leave room, which is where their plaintext goes: memory that is in use anyway, so
 * that a fast peer makes no work for the garbage collector.
 */
export class OpenRecords {
  #chunk: Uint8Array = NONE
  /** Up to where there are records that were taken, and plaintext. */
  #at = 0
  #used = 0
  /** The beginning of a record, of which the rest has not come; all its bytes once the header is there. */
  #begun: Uint8Array = NONE
  #count = 0
  /** A record that came in two chunks was taken last. */
  #isJoined = false
  #isRefused = false

  /** How many bytes have not been taken yet. */
  get size(): number {
    return this.#count + this.#chunk.length - this.#at
  }

  /** Takes the next bytes, for good; the records in those before have been taken. */
  add(chunk: Uint8Array): void {
    // Of a Buffer the plaintext would be one, too, whose `slice` copies nothing.
    this.#chunk = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
    this.#at = 0
    this.#used = 0
  }

  /**
   * The next record, or what there is from a header on that is refused; `undefined` if it has not come
   * to its end.
   */
  next(): Uint8Array | undefined {
    this.#isJoined = false
    if (this.#count > 0) return this.#join()
    const left = this.#chunk.subarray(this.#at)
    if (left.length === 0) return undefined
    if (this.#isRefused) return this.#cut(left.length)
    const size = this.#sizeOf(left)
    if (left.length >= size) return this.#cut(size)
    this.#begin(size)
    return undefined
  }

  /** Whether what comes is no record: there was a header that is refused. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  /**
   * Memory of the record that was taken last, and of those before it; `undefined` if a part of it is
   * somebody else's, who must neither see plaintext in it nor lose it with what is given away.
   */
  get room(): Uint8Array | undefined {
    if (this.#isJoined) return this.#begun
    const chunk = this.#chunk
    const isOwn = chunk.length === chunk.buffer.byteLength
    return isOwn ? chunk.subarray(this.#used, this.#at) : undefined
  }

  /** So many bytes of the room are in use. */
  use(size: number): void {
    if (!this.#isJoined) this.#used += size
  }

  #cut(size: number): Uint8Array {
    const cut = this.#chunk.subarray(this.#at, this.#at + size)
    this.#at += cut.length
    return cut
  }

  /** Keeps what there is of a record of that size; of its header, as long as that is not there. */
  #begin(size: number): void {
    const begun = size === HEADER ? new Uint8Array(HEADER) : uninitialized(size)
    begun.set(this.#begun.subarray(0, this.#count))
    this.#begun = begun
    this.#fill()
  }

  #fill(): void {
    const bytes = this.#cut(this.#begun.length - this.#count)
    this.#begun.set(bytes, this.#count)
    this.#count += bytes.length
  }

  #join(): Uint8Array | undefined {
    this.#fill()
    if (this.#count < this.#begun.length) return undefined
    const size = this.#sizeOf(this.#begun)
    if (size > this.#count) {
      this.#begin(size)
      if (this.#count < size) return undefined
    }
    this.#count = 0
    this.#isJoined = true
    return this.#begun
  }

  /** Of the record that begins there; of its header, if not all of that is there. */
  #sizeOf(bytes: Uint8Array): number {
    if (bytes.length < HEADER) return HEADER
    if (isGoodHeader(bytes)) return HEADER + lengthIn(bytes)
    this.#isRefused = true
    return bytes.length
  }
}

/**
 * Whether there is a record behind that header, encrypted: libgnutls refuses what is no record of TLS 1.3 as
 * soon as it has seen its header, and takes one that says that it is a handshake message in the clear for an
 * encrypted one.
 */
function isGoodHeader(bytes: Uint8Array): boolean {
  const type = bytes[0] as number
  const length = lengthIn(bytes)
  return (
    type >= RecordType.CHANGE_CIPHER_SPEC &&
    type <= HEARTBEAT &&
    type !== RecordType.HANDSHAKE &&
    bytes[1] === 3 &&
    bytes[2] === 3 &&
    length > 0 &&
    length <= MOST_FRAGMENT
  )
}

function lengthIn(bytes: Uint8Array): number {
  return ((bytes[3] as number) << 8) | (bytes[4] as number)
}

/** Type of records that libgnutls knows (RFC 6520 §6). */
const HEARTBEAT = 24

const NONE = new Uint8Array(0)
