import { reportLine } from './message-line.js'
import { compiled } from './places.js'
import { runProcess } from './run-process.js'
import type { RunContext } from './runtime.js'

/** How a runtime that has Node's modules is started. */
export interface SuiteProcess {
  /** Whose known defects apply. */
  readonly runtime: string
  readonly binary: string
  /** What comes before the script. */
  readonly args?: readonly string[]
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the suite in a process of its own, on all backends there are. */
export async function runSuiteProcess(
  { runtime, binary, args = [], env }: SuiteProcess,
  { report, signal }: RunContext,
): Promise<void> {
  const end = await runProcess(binary, [...args, compiled('suite-on-stdout.js'), runtime], {
    env,
    signal,
    onLine: (line) => reportLine(line, report),
  })
  if (end !== 0) throw new Error(`It ended with ${end}.`)
}
