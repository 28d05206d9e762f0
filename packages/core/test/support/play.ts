import type { ExecutionContext } from 'ava'
import fc from 'fast-check'

/**
 * Runs a property on the same inputs each time, unless there is another `TLSIO_FUZZ_SEED`, which may
 * be `random` (`pnpm fuzz`). `TLSIO_FUZZ_RUNS` is the number of inputs.
 */
export async function play<T>(
  t: ExecutionContext,
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
  runs: number,
): Promise<void> {
  t.timeout(300_000)
  const { TLSIO_FUZZ_SEED, TLSIO_FUZZ_RUNS } = process.env
  const seed = TLSIO_FUZZ_SEED === 'random' ? Date.now() & 0x7fffffff : Number(TLSIO_FUZZ_SEED ?? 1)
  const started = performance.now()
  const details = await fc.check(property as fc.IAsyncProperty<T>, {
    seed,
    numRuns: Number(TLSIO_FUZZ_RUNS ?? runs),
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  t.log(`seed ${seed}, ${details.numRuns} inputs in ${seconds} s`)
  if (details.failed) {
    const report = fc.defaultReportMessage(details)
    t.fail(`Replay with TLSIO_FUZZ_SEED=${seed}.\n${report}\n${details.errorInstance}`)
  } else t.pass()
}
