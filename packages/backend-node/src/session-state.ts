/**
 * A session as node:tls takes it on every version.
 *
 * Since 22.23, 24.17 and 26.3 Node puts a header with the server name in front of OpenSSL's bytes, and silently drops
 * a session whose name is not equal to the letter. Core judges the peer of a session itself, and more
 * strictly, so the header is taken off: without it the versions behave alike. In a connection that does
 * not reject by itself, Node passes bytes without header on to OpenSSL.
 */
export function bareSession(session: Uint8Array): Uint8Array {
  if (session[0] === ASN1_SEQUENCE) return session
  const text = Buffer.from(session.buffer, session.byteOffset, session.byteLength)
  if (text.indexOf(HEADER) !== 0) return session
  const nameAt = text.indexOf(0, HEADER.length) + 1
  if (nameAt === 0 || nameAt + 2 > text.length) return session
  const bare = session.subarray(nameAt + 2 + text.readUInt16BE(nameAt))
  return bare[0] === ASN1_SEQUENCE ? bare : session
}

/** How OpenSSL's own encoding of a session (`i2d_SSL_SESSION`) begins. */
const ASN1_SEQUENCE = 0x30
const HEADER = Buffer.from('\0nodejs:tls:session:')
