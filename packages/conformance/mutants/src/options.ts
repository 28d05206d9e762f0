import { Command, InvalidArgumentError } from 'commander'

/** The command line. */
export interface MutantsOptions {
  /** Which mutants to run; all if it is empty. */
  readonly names: readonly string[]
  /** A file to write the kill table to. */
  readonly json?: string | undefined
  /** A Markdown page to write the kill table to. */
  readonly page?: string | undefined
  /** Whether to say why each case failed. */
  readonly why: boolean
  /** Areas to run instead of all. */
  readonly areas: readonly string[]
  /** Whether to run only the cases of the requirement that each breaks. */
  readonly own: boolean
  /** How many threads. */
  readonly jobs: number
}

/** Reads the command line; prints help or what is wrong with it, and exits then. */
export function parseOptions(
  known: readonly string[],
  jobs: number,
  argv: readonly string[] = process.argv,
): MutantsOptions {
  const command = new Command('mutants')
    .description(
      'Runs the conformance suite on backends that break one requirement each. Each must fail in a ' +
        'case of that requirement and in no area that has nothing to do with it; the good backend ' +
        'must pass. Exit status 1 if not.',
    )
    .argument('[mutant...]', 'names, or first parts of them; default: all', collect)
    .option('--json <file>', 'write the kill table to a file too')
    .option('--page <file>', 'write the kill table as a page of Markdown')
    .option('--why', 'say why each case failed', false)
    .option('--areas <area...>', 'run these areas only, which says nothing of the others', [])
    .option('--own', 'run the cases of its own requirement only: does it die at all?', false)
    .option('--jobs <number>', 'how many at a time', atLeastOne, jobs)
    .parse(argv)
  const names = (command.processedArgs[0] as readonly string[] | undefined) ?? []
  return { names, ...command.opts<Omit<MutantsOptions, 'names'>>() }

  function collect(typed: string, before: readonly string[] = []): readonly string[] {
    const found = known.filter((name) => name.startsWith(typed))
    if (found.length === 0) throw new InvalidArgumentError('There is no such mutant.')
    return [...before, ...found]
  }
}

function atLeastOne(typed: string): number {
  const jobs = Number(typed)
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new InvalidArgumentError('It is a whole number from 1.')
  return jobs
}
