import { IoError, type IoOptions, type IoStream } from '@tlsio/core'

/** Far longer than any line of FTP; a peer that sends more is not one. */
const maxLineLength = 8192
const lineFeed = 0x0a

/**
 * Reads a byte stream line by line.
 *
 * It reads ahead: before the stream is used for something else, {@link LineReader.isEmpty} must be
 * true.
 */
export class LineReader {
  readonly #stream: IoStream
  readonly #decoder = new TextDecoder()
  #ahead: Uint8Array = new Uint8Array(0)

  constructor(stream: IoStream) {
    this.#stream = stream
  }

  /** Whether nothing was read beyond the last line. */
  get isEmpty(): boolean {
    return this.#ahead.length === 0
  }

  /**
   * The next line, as UTF-8, without its end (CR LF or LF); `null` at the end of the stream, where
   * a line that was cut off does not count.
   *
   * @throws IoError `IO_FAILED` if the line is longer than 8192 bytes; else as the stream's `read`.
   */
  async next(options?: IoOptions): Promise<string | null> {
    let searched = 0
    let end = this.#ahead.indexOf(lineFeed)
    while (end === -1) {
      searched = this.#ahead.length
      if (searched > maxLineLength) throw tooLong()
      const chunk = await this.#stream.read(options)
      if (chunk === null) return null
      this.#ahead = concatenate(this.#ahead, chunk)
      end = this.#ahead.indexOf(lineFeed, searched)
    }
    if (end > maxLineLength) throw tooLong()
    const line = this.#decoder.decode(this.#ahead.subarray(0, end))
    this.#ahead = this.#ahead.slice(end + 1)
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

function tooLong(): IoError {
  return new IoError('IO_FAILED', `The peer sent a line of more than ${maxLineLength} bytes.`)
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
