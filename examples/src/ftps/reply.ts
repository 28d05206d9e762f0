import { IoError, type IoOptions } from '@tlsio/core'
import type { LineReader } from './line-reader.js'

/** More lines than any greeting or list of features has. */
const maxLines = 1000

/** What an FTP server answers. */
export interface FtpReply {
  /** Three digits; the first says what it means: 1 wait, 2 done, 3 go on, 4 not now, 5 never. */
  readonly code: number
  /** All lines as they came, with their codes, joined by line feeds. */
  readonly text: string
}

/** The server's refusal, or an answer of the wrong kind. */
export class FtpError extends Error {
  /** Always `FtpError`. */
  override readonly name: string = 'FtpError'
  /** The code of the reply, for example 550. */
  readonly code: number
  /** The whole reply. */
  readonly reply: string

  /** @param subject - what was answered: a command without secrets, or a description. */
  constructor(subject: string, reply: FtpReply) {
    super(`The server answered ${subject} with "${onOneLine(reply.text)}".`)
    this.code = reply.code
    this.reply = reply.text
  }
}

/**
 * Reads one reply, of one line or several (RFC 959 §4.2).
 *
 * @throws IoError `IO_BROKEN_PIPE` if the server closed the connection instead, `IO_FAILED` if what
 *   came is no FTP reply.
 */
export async function readReply(lines: LineReader, options?: IoOptions): Promise<FtpReply> {
  const first = await nextLine(lines, options)
  const code = /^([1-5]\d\d)(?:[ -]|$)/.exec(first)?.[1]
  if (code === undefined) {
    throw new IoError('IO_FAILED', `"${onOneLine(first).slice(0, 80)}" is no FTP reply.`)
  }
  const all = [first]
  if (first[3] === '-') {
    for (let line = ''; !line.startsWith(`${code} `); all.push(line)) {
      if (all.length === maxLines) {
        throw new IoError('IO_FAILED', `A reply of the server has more than ${maxLines} lines.`)
      }
      line = await nextLine(lines, options)
    }
  }
  return { code: Number(code), text: all.join('\n') }
}

/** Text from the peer, fit for a message: no line ends and no terminal control characters. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '?')
}

async function nextLine(lines: LineReader, options: IoOptions | undefined): Promise<string> {
  const line = await lines.next(options)
  if (line === null) {
    throw new IoError('IO_BROKEN_PIPE', 'The server closed the control connection.')
  }
  return line
}
