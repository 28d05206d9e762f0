import { Argument, Command, InvalidArgumentError } from 'commander'

/** The command line. */
export interface BenchOptions {
  readonly rounds: number
  readonly only: readonly string[]
  readonly json?: string | undefined
}

/**
 * Reads the command line; prints help or what is wrong with it, and exits then.
 *
 * @param names - what there is to measure, by part; the first part is the default.
 */
export function parseOptions<Part extends string>(
  names: Readonly<Record<Part, readonly string[]>>,
): BenchOptions & { readonly part: Part } {
  const parts = Object.keys(names) as Part[]
  const command = new Command('bench')
    .description(
      'Measures this library against raw node:tls, with its own engine and with GnuTLS, and against raw ' +
        'node-forge. On ' +
        'loopback, in turns, the server in a process of its own; node-forge in a page too. ' +
        'Paths, which need no server, against the bare signatures of node:crypto. ' +
        'A ratio above 1 means that this library is faster. Takes two to six minutes.',
    )
    .addArgument(
      new Argument('[part]', 'the engine below, or paths').choices(parts).default(parts[0] as Part),
    )
    .option('--rounds <number>', 'rounds that count, after some to warm up', positive, 10)
    .option('--only <names...>', 'measure only these (default: all)')
    .option('--json <file>', 'write all figures to a file too')
    .addHelpText('after', () =>
      parts.map((part) => `\nNames of ${part}: ${names[part].join(', ')}`).join('\n'),
    )
    .parse()
  const part = command.processedArgs[0] as Part
  const { only = [], ...options } = command.opts<Partial<BenchOptions> & { rounds: number }>()
  const unknown = only.filter((name) => !names[part].includes(name))
  if (unknown.length > 0) {
    command.error(
      `error: --only ${unknown.join(' ')}: of ${part}, there is ${names[part].join(', ')}.`,
    )
  }
  return { ...options, only, part }
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Not a whole number from 1.')
  return value
}
