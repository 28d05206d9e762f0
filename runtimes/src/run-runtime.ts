import { Progress } from './progress.js'
import { RuntimeResults } from './results.js'
import { NotInstalled, type RunContext, type Runtime, type TestsContext } from './runtime.js'

/** Runs all there is to run in one runtime; whatever becomes of it is in the results. */
export async function runRuntime(runtime: Runtime, context: TestsContext): Promise<RuntimeResults> {
  const results = new RuntimeResults(runtime.label)
  await attempt(results, async () => {
    const counts = await runtime.runAllTests?.(context)
    if (counts !== undefined) results.addTests(counts)
  })
  await attempt(results, () => runSuite(runtime, results, context.signal))
  return results
}

async function attempt(results: RuntimeResults, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof NotInstalled) results.addAbsence(reason)
    else results.addBreakdown(reason)
  }
}

async function runSuite(
  runtime: Runtime,
  results: RuntimeResults,
  stopped: AbortSignal,
): Promise<void> {
  const progress = new Progress(runtime.label)
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), SILENCE)
  const context: RunContext = {
    signal: AbortSignal.any([stopped, silence.signal]),
    identify(label) {
      results.runtime = label
    },
    report(message) {
      timer.refresh()
      results.add(message)
      progress.show(results.cases.length, results.planned)
    },
  }
  try {
    await runtime.runSuite(context)
    if (results.planned === 0) throw new Error('It told nothing.')
  } catch (error) {
    if (stopped.aborted) throw new Error('It was stopped.')
    if (silence.signal.aborted) throw new Error('Nothing was heard of it any more.')
    throw error
  } finally {
    clearTimeout(timer)
    progress.stop()
  }
}

/** In milliseconds. A case ends itself after 30 seconds: this is for a runtime that hangs. */
const SILENCE = 180_000
