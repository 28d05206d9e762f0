import type { WriteStream } from 'node:tty'
import type { CliOutput } from '../cli.js'

/**
 * Standard output or error of a process. Colours only on a terminal that has them, by `NO_COLOR`,
 * `FORCE_COLOR` and `TERM` as Node reads them.
 */
export function processOutput(stream: NodeJS.WriteStream): CliOutput {
  // Whoever reads may have had enough, as `head` has: that is no failure of this program.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const terminal: WriteStream | undefined = stream.isTTY ? stream : undefined
  return {
    write: (text) => stream.write(text),
    // Some terminals do not know, and say 0.
    columns: terminal?.columns || undefined,
    colors: terminal?.hasColors() ?? false,
  }
}
