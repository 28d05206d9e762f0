import { concat } from '@tlsio/core/wire'
import { Digest } from './ffi/constants.js'
import type { Gnutls } from './gnutls.js'

/**
 * A session of libgnutls as bytes: format, version of the library, digest, and its own data.
 *
 * A library is only given what it has made itself, whole: damaged data is not refused by it, but
 * brings the process down when the connection is closed.
 */
export function encodeSession(gnutls: Gnutls, data: Uint8Array): Uint8Array {
  const version = new TextEncoder().encode(gnutls.version)
  return concat(
    Uint8Array.of(FORMAT, version.length),
    version,
    gnutls.digest(Digest.SHA256, DIGEST, data),
    data,
  )
}

/** The inverse; `undefined` for anything that {@link encodeSession} has not made with this library. */
export function decodeSession(gnutls: Gnutls, bytes: Uint8Array): Uint8Array | undefined {
  const [format, length = 0] = bytes
  const start = 2 + length + DIGEST
  if (format !== FORMAT || bytes.length <= start) return undefined
  const data = bytes.slice(start)
  return sameBytes(encodeSession(gnutls, data), bytes) ? data : undefined
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

const FORMAT = 1
/** SHA-256. */
const DIGEST = 32
