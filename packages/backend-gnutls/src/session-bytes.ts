import { concat } from '@tlsio/core/wire'
import { Digest } from './ffi/constants.js'
import type { Gnutls } from './gnutls.js'

/** What is kept of a session. */
export interface KeptSession {
  /** The `gnutls_group_t` that its keys were agreed on in. */
  readonly group: number
  /** libgnutls's own data. */
  readonly data: Uint8Array
}

/**
 * A session of libgnutls as bytes: format, version of the library, and digest of the rest, which is the
 * group and its own data.
 *
 * A library is only given what it has made itself, whole: damaged data is not refused by it, but
 * brings the process down when the connection is closed.
 */
export function encodeSession(gnutls: Gnutls, { group, data }: KeptSession): Uint8Array {
  const kept = concat(Uint8Array.of(group >> 8, group), data)
  return concat(headOf(gnutls, kept), kept)
}

/** The inverse; `undefined` for anything that {@link encodeSession} has not made with this library. */
export function decodeSession(gnutls: Gnutls, bytes: Uint8Array): KeptSession | undefined {
  const [, length = 0] = bytes
  const start = 2 + length + DIGEST
  if (bytes.length <= start + GROUP) return undefined
  const kept = bytes.slice(start)
  if (!headOf(gnutls, kept).every((byte, at) => byte === bytes[at])) return undefined
  const [high = 0, low = 0] = kept
  return { group: (high << 8) | low, data: kept.subarray(GROUP) }
}

function headOf(gnutls: Gnutls, kept: Uint8Array): Uint8Array {
  const version = new TextEncoder().encode(gnutls.version)
  const digest = gnutls.digest(Digest.SHA256, DIGEST, kept)
  return concat(Uint8Array.of(FORMAT, version.length), version, digest)
}

const FORMAT = 2
/** SHA-256. */
const DIGEST = 32
/** Bytes of the group. */
const GROUP = 2
