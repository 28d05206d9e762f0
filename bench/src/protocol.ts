/** Bytes of a count on the wire: what `Buffer.readUIntBE` takes at most. */
export const COUNT_SIZE = 6

/** A number of bytes as the two processes tell each other. */
export function encodeCount(count: number): Buffer {
  const bytes = Buffer.alloc(COUNT_SIZE)
  bytes.writeUIntBE(count, 0, COUNT_SIZE)
  return bytes
}

/** Bytes after which a server that acknowledges answers with one byte. */
export const ACKNOWLEDGED = 512 * 1024

/** Bytes that a writer to such a server may be ahead of what it has acknowledged. */
export const WINDOW = 2 * ACKNOWLEDGED
