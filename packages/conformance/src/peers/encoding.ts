import { concat } from '@tlsio/core/wire'

/** An unsigned number in `size` bytes, big-endian (RFC 8446 §3.3). */
export function uint(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)))
}

/** A vector: its length in `prefix` bytes, then its parts (RFC 8446 §3.4). */
export function vector(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concat(...parts)
  return concat(uint(content.length, prefix), content)
}

/** A handshake message with its header (RFC 8446 §4). */
export function message(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  return concat(uint(type, 1), vector(3, ...body))
}

/** An extension of a message (RFC 8446 §4.2). */
export function extension(type: number, ...data: readonly Uint8Array[]): Uint8Array {
  return concat(uint(type, 2), vector(2, ...data))
}

/** Whether both have the same bytes. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}
