/**
 * Thrown by {@link ByteReader} when a message is shorter or longer than it says; never leaves
 * `wire/`.
 */
export class MalformedMessage extends Error {
  /** Always `MalformedMessage`. */
  override readonly name: string = 'MalformedMessage'
}

/**
 * Reads the presentation language of TLS (RFC 8446 §3) from bytes, big-endian and never past the
 * end.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  /** The next `length` bytes, a view. */
  bytes(length: number): Uint8Array {
    const start = this.#skip(length)
    return this.#bytes.subarray(start, this.#at)
  }

  /** An unsigned number of `size` bytes, 1 to 4. */
  uint(size: number): number {
    let value = 0
    for (let at = this.#skip(size); at < this.#at; at++) {
      value = value * 256 + (this.#bytes[at] as number)
    }
    return value
  }

  /** An opaque vector with a length prefix of `prefix` bytes. */
  vector(prefix: number): Uint8Array {
    return this.bytes(this.uint(prefix))
  }

  /** All elements of a vector with a length prefix of `prefix` bytes. */
  list<T>(prefix: number, element: (reader: ByteReader) => T): readonly T[] {
    return new ByteReader(this.vector(prefix)).all(element)
  }

  /** All elements up to the end. */
  all<T>(element: (reader: ByteReader) => T): readonly T[] {
    const found: T[] = []
    while (this.remaining > 0) found.push(element(this))
    return found
  }

  /** Checks that nothing is left. */
  end(): void {
    if (this.remaining > 0) throw new MalformedMessage(`${this.remaining} bytes too many`)
  }

  /** Goes past the next `length` bytes. @returns where they begin. */
  #skip(length: number): number {
    if (length > this.remaining) {
      throw new MalformedMessage(`${length} bytes expected, ${this.remaining} left`)
    }
    const start = this.#at
    this.#at += length
    return start
  }
}
