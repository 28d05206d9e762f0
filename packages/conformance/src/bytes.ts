import type { IoStream } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import { ConformanceFailure } from './assertions.js'

/** Bytes that differ from place to place, so that a swap or a gap shows. */
export function pattern(length: number, seed = 1): Uint8Array {
  let state = seed >>> 0 || 1
  return Uint8Array.from({ length }, () => {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  })
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
