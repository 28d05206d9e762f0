import { ByteReader, MalformedMessage } from './byte-reader.js'
import { type ClientHello, parseClientHello } from './client-hello.js'
import { HandshakeType } from './handshake-reader.js'
import { concat, RecordType } from './record-reader.js'

/** A datagram that begins a DTLS handshake. */
export interface DatagramHello {
  /** `undefined` if it is cut into several datagrams, or cannot be read. */
  readonly hello: ClientHello | undefined
}

/**
 * Reads a datagram as the ClientHello of DTLS 1.0 or 1.2, or the beginning of one; `undefined` if it is
 * something else. Whatever the bytes are, it does not throw.
 *
 * @see RFC 6347 §4.1, §4.2.2
 */
export function parseDatagramHello(datagram: Uint8Array): DatagramHello | undefined {
  try {
    return readRecord(new ByteReader(datagram))
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    return undefined
  }
}

function readRecord(reader: ByteReader): DatagramHello | undefined {
  const type = reader.uint(1)
  const major = reader.uint(1)
  reader.uint(1) // minor version: 255 and 253 stand for 1.0 and 1.2
  const epoch = reader.uint(2)
  reader.bytes(6) // sequence number
  const isFirst = type === RecordType.HANDSHAKE && major === MAJOR_VERSION && epoch === 0
  return isFirst ? readFragment(new ByteReader(reader.vector(2))) : undefined
}

function readFragment(reader: ByteReader): DatagramHello | undefined {
  const type = reader.uint(1)
  const length = reader.uint(3)
  reader.uint(2) // message number
  const offset = reader.uint(3)
  const body = reader.vector(3)
  if (type !== HandshakeType.CLIENT_HELLO) return undefined
  const isWhole = offset === 0 && body.length === length
  return { hello: isWhole ? parseHello(body) : undefined }
}

/** One that cannot be read is left to the engine. */
function parseHello(body: Uint8Array): ClientHello | undefined {
  try {
    const parsed = parseClientHello(withoutCookie(body))
    return parsed.ok ? parsed.value : undefined
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    return undefined
  }
}

/** The ClientHello of DTLS has one field more, behind the session ID (RFC 6347 §4.2.1). */
function withoutCookie(body: Uint8Array): Uint8Array {
  const reader = new ByteReader(body)
  reader.bytes(2 + 32) // version, random
  reader.vector(1) // session ID
  const cookieAt = body.length - reader.remaining
  reader.vector(1)
  const rest = body.length - reader.remaining
  return concat(body.subarray(0, cookieAt), body.subarray(rest))
}

/** The one's complement of 1: versions of DTLS count down. */
const MAJOR_VERSION = 0xfe
