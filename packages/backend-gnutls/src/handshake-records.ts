import { concat, maxMessageLength, RecordType } from '@tlsio/core/wire'

/**
 * Cuts what the peer sends into whole records, header and all, while the handshake lasts, and looks at
 * what libgnutls does not look at closely enough. It takes some of what is no TLS for a hello of SSL 2,
 * or for a message of megabytes, and waits for ever for the rest of it.
 */
export class HandshakeRecords {
  #rest: Uint8Array = new Uint8Array(0)
  #problem: string | undefined
  #isFirst = true

  /** Why what follows the records that were given is no TLS; `undefined` while it is. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** Takes the next bytes, gives the records that are complete with them. */
  push(chunk: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = []
    let bytes = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk)
    while (bytes.length > 0) {
      const size = HEADER + lengthOf(bytes)
      this.#problem = headerProblem(bytes)
      if (this.#problem !== undefined || bytes.length < Math.max(size, HEADER)) break
      const record = bytes.subarray(0, size)
      this.#problem = this.#recordProblem(record)
      if (this.#problem !== undefined) break
      records.push(record)
      bytes = bytes.subarray(size)
    }
    this.#rest = bytes
    return records
  }

  /** What is left of an unfinished record; it is given once. */
  takeRest(): Uint8Array {
    const rest = this.#rest
    this.#rest = new Uint8Array(0)
    return rest
  }

  #recordProblem(record: Uint8Array): string | undefined {
    const isFirst = this.#isFirst
    this.#isFirst = false
    const [type] = record
    if (
      type === RecordType.CHANGE_CIPHER_SPEC &&
      (record.length !== HEADER + 1 || record[HEADER] !== 1)
    ) {
      return 'a ChangeCipherSpec is one byte, 1'
    }
    if (!isFirst || type !== RecordType.HANDSHAKE || record.length < HEADER + 4) return undefined
    const [, high = 0, middle = 0, low = 0] = record.subarray(HEADER)
    const length = (high << 16) | (middle << 8) | low
    return length > maxMessageLength ? `its first message has ${length} bytes` : undefined
  }
}

/** What can be said of a record by its header, or by as much of it as is there. */
function headerProblem(bytes: Uint8Array): string | undefined {
  const [type = 0, major = 3] = bytes
  if (type < RecordType.CHANGE_CIPHER_SPEC || type > RecordType.APPLICATION_DATA) {
    return `there is no record of type ${type}`
  }
  if (major !== 3) return `a record has the version ${major}.x`
  const length = lengthOf(bytes)
  return length > MOST_FRAGMENT ? `a record has ${length} bytes` : undefined
}

/** What is not there yet counts as 0. */
function lengthOf(bytes: Uint8Array): number {
  return ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0)
}

/** Bytes of a record's header (RFC 8446 §5.1). */
export const HEADER = 5

/** TLS 1.2's limit for ciphertext (RFC 5246 §6.2.3), the larger of the two. */
const MOST_FRAGMENT = 2 ** 14 + 2048
