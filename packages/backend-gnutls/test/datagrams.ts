import { concat } from '@tlsio/core/wire'

/** A record in the clear, or of another epoch. */
export function record(
  fragment: Uint8Array,
  { type = 22, epoch = 0 }: { type?: number; epoch?: number } = {},
): Uint8Array {
  const { length } = fragment
  const header = [type, 254, 253, 0, epoch, 0, 0, 0, 0, 0, 7, length >> 8, length & 255]
  return concat(Uint8Array.from(header), fragment)
}

/** A part of a handshake message. */
export function part(
  type: number,
  body: Uint8Array,
  sequence: number = 4,
  from: number = 0,
  to: number = body.length,
): Uint8Array {
  const bytes = body.subarray(from, to)
  const lengths = [0, body.length >> 8, body.length & 255, sequence >> 8, sequence & 255]
  const place = [0, from >> 8, from & 255, 0, bytes.length >> 8, bytes.length & 255]
  return concat(Uint8Array.of(type, ...lengths, ...place), bytes)
}
