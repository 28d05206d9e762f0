import { Command } from 'commander'

/** The command line. */
export interface VectorsOptions {
  /** Folder of the vectors. */
  readonly vectors: string
  /** A file to write every answer to. */
  readonly json?: string | undefined
}

/** Reads the command line; prints help or what is wrong with it, and exits then. */
export function parseOptions(
  folder: string,
  argv: readonly string[] = process.argv,
): VectorsOptions {
  return new Command('vectors')
    .description(
      'Validates the certification paths of x509-limbo and BetterTLS, each as its authors ask, ' +
        'with openssl verify beside it. Fails if anything that must be rejected is accepted, or ' +
        'too little of what must be accepted.',
    )
    .option('--vectors <dir>', 'folder of the vectors', folder)
    .option('--json <file>', 'write every answer to a file too')
    .parse(argv)
    .opts<VectorsOptions>()
}
