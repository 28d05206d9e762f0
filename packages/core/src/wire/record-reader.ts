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
  #rest: Uint8Array = new Uint8Array(0)
  #problem: string | undefined

  /** Why the bytes are no TLS records; `undefined` while they are. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** How many bytes of an unfinished record it holds. */
  get pending(): number {
    return this.#rest.length
  }

  /** Takes the next bytes, gives the records that are complete with them. */
  push(chunk: Uint8Array): readonly TlsRecord[] {
    const records: TlsRecord[] = []
    if (this.#problem !== undefined) return records
    let bytes = concat(this.#rest, chunk)
    while (bytes.length >= headerLength) {
      const length = ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0)
      this.#problem = problemOf(bytes, length)
      if (this.#problem !== undefined) {
        this.#rest = new Uint8Array(0)
        return records
      }
      const end = headerLength + length
      if (bytes.length < end) break
      records.push({
        type: bytes[0] ?? 0,
        legacyVersion: ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0),
        fragment: bytes.subarray(headerLength, end),
      })
      bytes = bytes.subarray(end)
    }
    // A copy, so that a few bytes left over do not keep a large chunk alive.
    this.#rest = bytes.slice()
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

const headerLength = 5
/** TLS 1.2's limit for ciphertext (RFC 5246 §6.2.3), the larger of the two. */
const maxFragmentLength = 2 ** 14 + 2048

function problemOf(header: Uint8Array, length: number): string | undefined {
  const [type = 0, major = 0] = header
  if (type < RecordType.CHANGE_CIPHER_SPEC || type > RecordType.APPLICATION_DATA) {
    return `record type ${type}`
  }
  if (major !== 3) return `record version ${major}.x`
  if (length > maxFragmentLength) return `record of ${length} bytes`
  return undefined
}
