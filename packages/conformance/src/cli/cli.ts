import { type ConformanceReport, isAsExpected } from '../run/conformance-report.js'
import { kitVersion } from '../run/kit-version.js'
import { runConformance } from '../run/run-conformance.js'
import { loadBackend } from './load-backend.js'
import { parseCommand, type RunCommand, usage } from './options.js'
import type { Output } from './output.js'
import { type Pairing, pairingsOf } from './pairings.js'
import { Progress } from './progress.js'
import { readReportFiles, tryReportFiles, writeReportFiles } from './report-files.js'
import { summaryText } from './summary.js'
import { tcp } from './tcp.js'
import { UsageError } from './usage-error.js'

/** What the command line gets from the process. */
export interface CliEnvironment {
  /** Where relative paths begin. */
  readonly directory: string
  /** What it runs in, for the reports. */
  readonly runtime: string
  readonly stdout: Output
  readonly stderr: Output
}

/** Carries out a command; gives the exit status. */
export async function runCli(words: readonly string[], env: CliEnvironment): Promise<number> {
  try {
    return await carryOut(words, env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    env.stderr.write(`tlsio-conformance: ${error.message}\n`)
    return 2
  }
}

async function carryOut(words: readonly string[], env: CliEnvironment): Promise<number> {
  const { directory, stdout } = env
  const command = parseCommand(words)
  if (command.kind === 'help') stdout.write(usage)
  if (command.kind === 'version') stdout.write(`${kitVersion}\n`)
  if (command.kind === 'help' || command.kind === 'version') return 0
  const reports =
    command.kind === 'run'
      ? await run(command, env)
      : await readReportFiles(command.files, directory)
  for (const report of reports) stdout.write(`\n${summaryText(report, stdout)}`)
  await writeReportFiles(reports, command, directory)
  return reports.every(isAsExpected) ? 0 : 1
}

async function run(
  command: RunCommand,
  env: CliEnvironment,
): Promise<readonly ConformanceReport[]> {
  const { filters, transport, patience } = command
  const load = (module: string) => loadBackend(module, env.directory)
  const backends = await inTurn(command.backends, load)
  const peers = await inTurn(command.peers, load)
  const pairings = pairingsOf(backends, peers, {
    patience,
    transport: transport === 'tcp' ? tcp : undefined,
    filter: (title) => filters.length === 0 || filters.some((text) => title.includes(text)),
  })
  // A wrong name of a file is not to cost a run.
  await tryReportFiles(command, env.directory)
  return inTurn(pairings, (pairing) => runOne(pairing, env))
}

async function runOne(
  pairing: Pairing,
  { stdout, runtime }: CliEnvironment,
): Promise<ConformanceReport> {
  let progress: Progress | undefined
  const report = await runConformance({
    ...pairing,
    runtime,
    onPlan: (cases) => {
      const context = { explain: () => [] }
      const backend = pairing.createBackend(context)
      const peer = (pairing.createPeer ?? pairing.createBackend)(context)
      progress = new Progress(stdout, `${backend.name}→${peer.name}`, cases.length)
    },
    onResult: (result) => progress?.next(result),
  })
  progress?.stop()
  return report
}

/** One after another. */
async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await act(item))
  return results
}
