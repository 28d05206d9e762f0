import type { IoStream, TlsProtocolVersion } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import { ConformanceFailure } from './assertions.js'

/** Bytes that differ from place to place, so that a swap or a gap shows. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed >>> 0 || 1
  for (let at = 0; at < length; at++) {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}

/**
 * A record as it is on the wire. Up to TLS 1.2 it names the version spoken, and TLS 1.3 says 1.2
 * (RFC 8446 §5.1).
 *
 * @param length - what it says of its fragment; default: the truth.
 */
export function record(
  version: TlsProtocolVersion,
  type: number,
  fragment: Uint8Array,
  length: number = fragment.length,
): Uint8Array {
  return Uint8Array.of(type, ...versionBytes[version], length >> 8, length & 0xff, ...fragment)
}

const versionBytes: Readonly<Record<TlsProtocolVersion, readonly [number, number]>> = {
  SSLv3: [3, 0],
  TLSv1: [3, 1],
  'TLSv1.1': [3, 2],
  'TLSv1.2': [3, 3],
  'TLSv1.3': [3, 3],
  DTLSv1: [254, 255],
  'DTLSv1.2': [254, 253],
}

/** Text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Reads `length` bytes. More at once is a failure, and so is the end. */
export async function readExactly(stream: IoStream, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let missing = length; missing > 0; ) {
    const chunk = await stream.read()
    if (chunk === null) throw new ConformanceFailure(`The stream ended ${missing} bytes too early.`)
    if (chunk.length === 0) throw new ConformanceFailure('A read gave no bytes.')
    if (chunk.length > missing) {
      throw new ConformanceFailure(`The stream gave ${chunk.length - missing} bytes too many.`)
    }
    parts.push(chunk)
    missing -= chunk.length
  }
  return concat(...parts)
}

/** Reads up to the end of the stream. */
export async function readToEnd(stream: IoStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    parts.push(chunk)
  }
  return concat(...parts)
}
