import { reportLine } from './message-line.js'
import { whyNotOnThisMachine } from './native-backend.js'
import { nativeBackends, nodeBackends } from './node-backends.js'
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
  /** The same for a backend that calls a native library, if that takes more. */
  readonly nativeArgs?: readonly string[]
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Runs the suite on all backends there are: in one process, and in one more for each that calls a
 * native library.
 *
 * @throws Error if a process breaks down; the others run even so.
 */
export async function runSuiteProcess(how: SuiteProcess, context: RunContext): Promise<void> {
  const { args = [], nativeArgs = args } = how
  const broken: string[] = []
  const run = async (backends: readonly string[], options: readonly string[]) => {
    const reason = await runBackends(how, options, backends, context)
    if (reason !== undefined) broken.push(reason)
  }
  await run(Object.keys(nodeBackends), args)
  for (const backend of Object.keys(nativeBackends)) {
    const reason = await whyNotOnThisMachine(backend)
    if (reason === undefined) await run([backend], nativeArgs)
    else context.report({ kind: 'absence', backend, reason: `not installed: ${reason}` })
  }
  if (broken.length > 0) throw new Error(broken.join(' '))
}

/** Why it did not come to its end, if it did not. */
async function runBackends(
  { runtime, binary, env }: SuiteProcess,
  args: readonly string[],
  backends: readonly string[],
  { report, signal }: RunContext,
): Promise<string | undefined> {
  const script = compiled('suite-on-stdout.js')
  const end = await runProcess(binary, [...args, script, runtime, ...backends], {
    env,
    signal,
    onLine: (line) => reportLine(line, report),
  })
  return end === 0 ? undefined : `It ended with ${end}, running ${backends.join(', ')}.`
}
