import type { IoOptions, IoStream } from '@tlsio/core'
import { LineReader } from './line-reader.js'
import { FtpError, type FtpReply, readReply } from './reply.js'

/** The kind of reply a command must get: its first digit. */
export type Expected = 1 | 2 | 3

/** Commands and replies over a byte stream, which can be replaced by a TLS connection over it. */
export class ControlConnection {
  #stream: IoStream
  #lines: LineReader
  readonly #options: IoOptions

  /** @param options - `signal` gives up whatever is under way. */
  constructor(stream: IoStream, options: IoOptions) {
    this.#stream = stream
    this.#lines = new LineReader(stream)
    this.#options = options
  }

  /**
   * Sends a command and reads its reply.
   *
   * @throws FtpError if the reply is of another kind than `expected`.
   */
  async request(command: string, ...expected: readonly Expected[]): Promise<FtpReply> {
    await this.#send(command)
    return this.reply(command, ...expected)
  }

  /**
   * Sends a password; no message ever contains it.
   *
   * @throws FtpError if it is refused.
   */
  async requestLogin(password: string): Promise<void> {
    await this.#send(`PASS ${password}`)
    await this.reply('PASS', 2)
  }

  /**
   * Reads one reply. Preliminary ones (1xx) are passed over where none is expected.
   *
   * @param subject - what it answers, for the error message.
   * @throws FtpError if it is of another kind than `expected`.
   */
  async reply(subject: string, ...expected: readonly Expected[]): Promise<FtpReply> {
    for (;;) {
      const reply = await readReply(this.#lines, this.#options)
      const kind = Math.floor(reply.code / 100)
      if ((expected as readonly number[]).includes(kind)) return reply
      if (kind !== 1) throw new FtpError(subject, reply)
    }
  }

  /**
   * From now on everything goes through what `wrap` makes of the stream; gives that back.
   *
   * @throws Error if the server has said more in plaintext: somebody between us may have put it there
   *   to be taken for an answer of the authenticated server (CVE-2011-0411).
   */
  replaceStream<T extends IoStream>(wrap: (stream: IoStream) => T): T {
    if (!this.#lines.isEmpty) {
      throw new Error(
        'There is plaintext after the reply to AUTH TLS; somebody may have injected it.',
      )
    }
    const stream = wrap(this.#stream)
    this.#stream = stream
    this.#lines = new LineReader(stream)
    return stream
  }

  /** Closes the stream in order. */
  close(): Promise<void> {
    return this.#stream.close()
  }

  /** Drops the stream at once. */
  abort(reason: unknown): void {
    this.#stream.abort(reason)
  }

  async #send(command: string): Promise<void> {
    // A line end in a file name or password would smuggle in a second command.
    if (/[\r\n\0]/.test(command)) {
      throw new TypeError('An FTP command cannot contain a line end or a zero byte.')
    }
    await this.#stream.write(new TextEncoder().encode(`${command}\r\n`), this.#options)
  }
}
