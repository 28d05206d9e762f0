import { Command, InvalidArgumentError } from 'commander'
import type { Runtime } from './runtime.js'

/** The command line. */
export interface RuntimesOptions {
  /** Which ones to run, in the order of `all`. */
  readonly chosen: readonly Runtime[]
  /** A file to write every result to. */
  readonly json?: string | undefined
  /** A folder to write a report of the suite to for each runtime and backend. */
  readonly reports?: string | undefined
  /** Whether to leave out the tests that no runtime does otherwise. */
  readonly short: boolean
}

/** Reads the command line; prints help or what is wrong with it, and exits then. */
export function parseOptions(
  all: readonly Runtime[],
  argv: readonly string[] = process.argv,
): RuntimesOptions {
  const names = all.map(({ name }) => name).join(', ')
  const command = new Command('test:runtimes')
    .description(
      'Runs the conformance suite, as it was compiled, in each runtime and on each backend that ' +
        'runs there; in each Node, all tests of the project besides. Runtimes come from npm, ' +
        'except Chromium, and are kept in .cache/.',
    )
    .argument('[runtime...]', `${names}; default: all. Of a Node, the number is enough.`, collect)
    .option('--json <file>', 'write every result to a file too')
    .option(
      '--reports <folder>',
      'write a report of the suite for each runtime and backend, for `tlsio-conformance report`',
    )
    .option(
      '--short',
      'leave out long tests that depend on no runtime; `pnpm test` has them',
      false,
    )
    .parse(argv)
  const asked = new Set(command.processedArgs[0] as readonly string[] | undefined)
  return {
    chosen: asked.size === 0 ? all : all.filter(({ name }) => asked.has(name)),
    ...command.opts<{ json?: string; reports?: string; short: boolean }>(),
  }

  function collect(typed: string, before: readonly string[] = []): readonly string[] {
    const found = all.find(({ name }) => name === typed || name === `node${typed}`)
    if (found === undefined) throw new InvalidArgumentError(`There are ${names}.`)
    return [...before, found.name]
  }
}
