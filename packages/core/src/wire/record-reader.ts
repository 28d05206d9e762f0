/** Content types of TLS records. @see RFC 8446 §5.1 */
export const RecordType: {
  /** Encryption begins (up to TLS 1.2). */
  readonly CHANGE_CIPHER_SPEC: 20
  /** An alert: a warning, an error or the end. */
  readonly ALERT: 21
  /** Part of a handshake message. */
  readonly HANDSHAKE: 22
  /** Plaintext of the application; in TLS 1.3, anything encrypted. */
  readonly APPLICATION_DATA: 23
} = Object.freeze({ CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22, APPLICATION_DATA: 23 })

/** One record as it is on the wire. @see RFC 8446 §5.1 */
export interface TlsRecord {
  /** One of {@link RecordType}: with TLS 1.3 and encryption, the outer one. */
  readonly type: number
  /** What the record says its version is, for example 0x0303; it means little. */
  readonly legacyVersion: number
  /** Plaintext before encryption starts, ciphertext after. */
  readonly fragment: Uint8Array
}

/**
 * Cuts one direction of a TLS connection into records, however the bytes were chunked. It never
 * holds more than one record. Once it has met something that is no TLS, it ignores the rest.
 */
export class RecordReader {
  /** The beginning of a record that was cut; a copy, so that it keeps no large chunk alive. */
  #rest: Uint8Array = EMPTY
  #problem: string | undefined

  /** Why the bytes are no TLS records; `undefined` while they are. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** How many bytes of an unfinished record it holds. */
  get pending(): number {
    return this.#rest.length
  }

  /**
   * Takes the next bytes, gives the records that are complete with them. A record that lies in
   * `chunk` as a whole is not copied: its fragment is a view.
   */
  push(chunk: Uint8Array): readonly TlsRecord[] {
    const records: TlsRecord[] = []
    for (let left = chunk; left.length > 0 && this.#problem === undefined; ) {
      const held = this.#rest
      // What is held gets the rest of its header, then of its fragment, and nothing else.
      const bytes =
        held.length === 0 ? left : concat(held, left.subarray(0, sizeOf(held) - held.length))
      const size = sizeOf(bytes)
      this.#problem = problemOf(bytes)
      this.#rest = EMPTY
      if (this.#problem !== undefined) break
      if (bytes.length >= size) records.push(recordOf(bytes.subarray(0, size)))
      else this.#rest = held.length === 0 ? bytes.slice() : bytes
      left = left.subarray(Math.min(bytes.length, size) - held.length)
    }
    return records
  }
}

/** Joins byte arrays. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

const EMPTY = new Uint8Array(0)
const headerLength = 5
/** TLS 1.2's limit for ciphertext (RFC 5246 §6.2.3), the larger of the two. */
const maxFragmentLength = 2 ** 14 + 2048

/** Bytes of the record that begins here; of its header, as long as that is not complete. */
function sizeOf(bytes: Uint8Array): number {
  return bytes.length < headerLength ? headerLength : headerLength + fragmentLength(bytes)
}

function fragmentLength(bytes: Uint8Array): number {
  return ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0)
}

function recordOf(bytes: Uint8Array): TlsRecord {
  return {
    type: bytes[0] ?? 0,
    legacyVersion: ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0),
    fragment: bytes.subarray(headerLength),
  }
}

function problemOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < headerLength) return undefined
  const [type = 0, major = 0] = bytes
  if (type < RecordType.CHANGE_CIPHER_SPEC || type > RecordType.APPLICATION_DATA) {
    return `record type ${type}`
  }
  if (major !== 3) return `record version ${major}.x`
  const length = fragmentLength(bytes)
  return length > maxFragmentLength ? `record of ${length} bytes` : undefined
}
