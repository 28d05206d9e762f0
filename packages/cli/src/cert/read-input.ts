import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'

/**
 * All bytes of a file, or of standard input for `-`.
 *
 * @throws Error if it cannot be read, or is longer than any file of certificates; the message names
 *   the file.
 * @throws the reason of `signal`, if it was aborted.
 */
export async function readInput(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const stream = addAbortSignal(signal, path === '-' ? stdin : createReadStream(path))
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      if (length > LONGEST_INPUT) throw new Error(`it is longer than ${LONGEST_INPUT} bytes`)
      chunks.push(bytes)
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw new Error(`${nameOfInput(path)} cannot be read: ${reasonOf(cause)}.`, { cause })
  }
  return Buffer.concat(chunks)
}

/** What to call a file in a message. */
export function nameOfInput(path: string): string {
  return path === '-' ? 'Standard input' : path
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons.get(code ?? '') ?? message
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'you may not read it'],
])

/** In bytes: some ten thousand certificates. What is longer is something else, or has no end. */
const LONGEST_INPUT = 16_777_216
