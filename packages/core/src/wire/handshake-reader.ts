import { concat, RecordType, type TlsRecord } from './record-reader.js'

/** Types of handshake messages that are sent in the clear. @see RFC 8446 §4 */
export const HandshakeType: {
  /** The client speaks first. @see RFC 8446 §4.1.2 */
  readonly CLIENT_HELLO: 1
  /** The server answers; also a HelloRetryRequest. @see RFC 8446 §4.1.3 */
  readonly SERVER_HELLO: 2
} = Object.freeze({ CLIENT_HELLO: 1, SERVER_HELLO: 2 })

/** One handshake message. @see RFC 8446 §4 */
export interface HandshakeMessage {
  /** Its type, for example one of {@link HandshakeType}. */
  readonly type: number
  /** What follows the four bytes of type and length. */
  readonly body: Uint8Array
}

/**
 * Puts the handshake messages of one direction together from its records, as long as they are in
 * the clear. It holds at most {@link maxMessageLength} bytes.
 */
export class HandshakeReader {
  #rest: Uint8Array = new Uint8Array(0)
  #changed = false
  #done = false

  /** Whether no message in the clear can follow: encryption has begun, or one was too long. */
  get done(): boolean {
    return this.#done
  }

  /** Takes the next record, gives the messages that are complete with it. */
  push(record: TlsRecord): readonly HandshakeMessage[] {
    if (this.#done) return []
    if (record.type === RecordType.CHANGE_CIPHER_SPEC) this.#changed = true
    if (record.type === RecordType.APPLICATION_DATA) this.#done = true
    if (record.type !== RecordType.HANDSHAKE) return []
    return this.#changed ? this.#helloAfterChange(record) : this.#next(record)
  }

  #next(record: TlsRecord): readonly HandshakeMessage[] {
    const messages: HandshakeMessage[] = []
    let bytes = concat(this.#rest, record.fragment)
    for (let length = lengthOf(bytes); length !== undefined; length = lengthOf(bytes)) {
      if (length > maxMessageLength) {
        this.#done = true
        bytes = new Uint8Array(0)
        break
      }
      const end = headerLength + length
      if (bytes.length < end) break
      messages.push({ type: bytes[0] ?? 0, body: bytes.slice(headerLength, end) })
      bytes = bytes.subarray(end)
    }
    this.#rest = bytes.slice()
    return messages
  }

  // After ChangeCipherSpec comes ciphertext, with one exception: with TLS 1.3 it may also stand
  // between two hellos in the clear (RFC 8446 Appendix D.4). Ciphertext that looks like a whole
  // hello by chance is one in 2^31.
  #helloAfterChange(record: TlsRecord): readonly HandshakeMessage[] {
    const bytes = record.fragment
    const type = bytes[0]
    const isHello = type === HandshakeType.CLIENT_HELLO || type === HandshakeType.SERVER_HELLO
    if (isHello && lengthOf(bytes) === bytes.length - headerLength) {
      return [{ type, body: bytes.slice(headerLength) }]
    }
    this.#done = true
    return []
  }
}

/** Most bytes that a message may have: a certificate chain fits well. */
export const maxMessageLength: number = 2 ** 17

const headerLength = 4

function lengthOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < headerLength) return undefined
  return ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
}
