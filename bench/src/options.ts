import { Command, InvalidArgumentError, Option } from 'commander'

/** The command line. */
export interface BenchOptions {
  readonly rounds: number
  readonly only: readonly string[]
  readonly json?: string | undefined
}

/** Reads the command line; prints help or what is wrong with it, and exits then. */
export function parseOptions(names: readonly string[]): BenchOptions {
  return new Command('bench')
    .description(
      'Measures this library against raw node:tls on loopback, in turns, the server in a ' +
        'process of its own. A ratio above 1 means that this library is faster. ' +
        'Takes one to two minutes.',
    )
    .option('--rounds <number>', 'rounds that count, after some to warm up', positive, 9)
    .addOption(
      new Option('--only <names...>', 'measure only these').choices(names).default([], 'all'),
    )
    .option('--json <file>', 'write all figures to a file too')
    .parse()
    .opts<BenchOptions>()
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Not a whole number from 1.')
  return value
}
