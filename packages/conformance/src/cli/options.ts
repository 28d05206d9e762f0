import { parseArgs } from 'node:util'
import { messageOf, UsageError } from './usage-error.js'

/** What the command line asks for. */
export type Command = HelpCommand | VersionCommand | RunCommand | ReportCommand

/** Print how it is used. */
export interface HelpCommand {
  readonly kind: 'help'
}

/** Print the version of the kit. */
export interface VersionCommand {
  readonly kind: 'version'
}

/** Run the kit. */
export interface RunCommand extends ReportFiles {
  readonly kind: 'run'
  /** Modules of the backends. */
  readonly backends: readonly string[]
  /** Modules of the backends that they speak to, besides themselves. */
  readonly peers: readonly string[]
  /** Parts of titles; a case with any of them is run. All if it is empty. */
  readonly filters: readonly string[]
  readonly transport: 'memory' | 'tcp'
  /** Milliseconds; `undefined` for the kit's own. */
  readonly patience: number | undefined
}

/** Put the reports of earlier runs together. */
export interface ReportCommand extends ReportFiles {
  readonly kind: 'report'
  /** What `--json` has written. */
  readonly files: readonly string[]
}

/** Where reports go. */
export interface ReportFiles {
  readonly json: string | undefined
  readonly html: string | undefined
}

/**
 * Reads the words after the program's name.
 *
 * @throws UsageError if they make no sense.
 */
export function parseCommand(words: readonly string[]): Command {
  const { values, positionals } = parsed(words)
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const { json, html } = values
  if (positionals[0] === 'report') {
    const files = positionals.slice(1)
    if (files.length === 0) throw new UsageError('`report` needs the name of a JSON file.')
    return { kind: 'report', files, json, html }
  }
  if (positionals.length === 0) throw new UsageError('Which backend? Name its module.')
  return {
    kind: 'run',
    backends: positionals,
    peers: values.peer ?? [],
    filters: values.filter ?? [],
    transport: transportOf(values.transport),
    patience: patienceOf(values.patience),
    json,
    html,
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        peer: { type: 'string', multiple: true },
        filter: { type: 'string', multiple: true },
        transport: { type: 'string' },
        patience: { type: 'string' },
        json: { type: 'string' },
        html: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

function transportOf(name = 'memory'): 'memory' | 'tcp' {
  if (name === 'memory' || name === 'tcp') return name
  throw new UsageError(`There is no transport "${name}", only memory and tcp.`)
}

function patienceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const milliseconds = Number(text)
  if (Number.isInteger(milliseconds) && milliseconds > 0) return milliseconds
  throw new UsageError(`--patience takes a number of milliseconds, not "${text}".`)
}

export const usage = `Usage: tlsio-conformance [options] BACKEND...
       tlsio-conformance report FILE... [--html FILE] [--json FILE]

Runs the conformance suite on a backend: each against itself, and as a client and a server of each peer.
\`report\` puts what --json has written together, for example by several runtimes.

BACKEND is a file or a package with a backend as its default export, or with one by name: a function
that makes it, or its registration. "MODULE#NAME" says which export is meant. Known defects, each with a
reason, are what it exports as expectedFailures.

  --peer MODULE       another backend to speak to, in both directions; may be given more than once
  --filter TEXT       only cases with TEXT in their title; may be given more than once
  --transport KIND    memory (default), or tcp on loopback
  --patience MS       how long a single step may take (default 10000)
  --json FILE         write a report for programs
  --html FILE         write a report to look at: one page, nothing else needed
  --version           print the version of the suite
  -h, --help          print this

Exit status: 0 if nothing failed, 1 if a case failed or a known defect is mended, 2 if nothing could be run.
That nothing failed is not yet conformance: a partial run, or a known defect of a "must", is 0 too.
`
