import type { Readable } from 'node:stream'
import type { Clock, TlsBackend, TlsInteraction } from '@tlsio/core'
import { Command, CommanderError } from 'commander'
import { addCertCommand } from './cert/cert-command.js'
import { printable } from './terminal/printable.js'

/** What the command line needs of the world, so that a test can be the world. */
export interface CliEnvironment {
  /** The engine to use; called when one is needed, so that the rest works without. */
  backend(): TlsBackend
  /** Certificates are judged at its time of day. */
  readonly clock: Clock
  /** Read for the file `-`. */
  readonly stdin: Readable
  /** Asked for the password of what is locked. */
  readonly interaction: TlsInteraction
  /** Gets the result, and nothing else. */
  readonly stdout: CliOutput
  /** Gets what went wrong. */
  readonly stderr: CliOutput
  /** Gives up, as Ctrl-C does. */
  readonly signal: AbortSignal
}

/** Where text goes. */
export interface CliOutput {
  /** Takes text, with its line ends. */
  write(text: string): unknown
  /** Width of the terminal in characters; `undefined` if it is none: lines are then not broken. */
  readonly columns: number | undefined
  /** Whether text may have colours. */
  readonly colors: boolean
}

/**
 * How the program ends: 0, the chain verifies (or there was nothing to judge, as for `--help`); 1, it
 * does not verify; 2, there is no verdict: wrong usage, a file that cannot be read, a host that
 * cannot be reached or that speaks no TLS.
 */
export type ExitStatus = 0 | 1 | 2

/**
 * Runs the command line of `tlsio`. Never rejects: what goes wrong is said on `stderr`, in one line.
 *
 * @param words - the arguments, without the program's own name.
 */
export async function runCli(
  words: readonly string[],
  environment: CliEnvironment,
): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const program = createProgram(environment, (verdict) => {
    status = verdict
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return status
  } catch (error) {
    // The library has said what was wrong with the words, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    environment.stderr.write(`tlsio: ${printable(messageOf(error))}\n`)
    return 2
  }
}

function createProgram(
  environment: CliEnvironment,
  onVerdict: (status: ExitStatus) => void,
): Command {
  const { stdout, stderr } = environment
  const program = new Command('tlsio')
    .description('TLS from the command line.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? DEFAULT_COLUMNS,
      getErrHelpWidth: () => stderr.columns ?? DEFAULT_COLUMNS,
      getOutHasColors: () => stdout.colors,
      getErrHasColors: () => stderr.colors,
    })
  addCertCommand(program, environment, onVerdict)
  return program
}

const DEFAULT_COLUMNS = 80

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
