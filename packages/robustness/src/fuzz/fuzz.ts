import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { certificate, database, type Subject } from '../subject.js'
import { Unhandled } from '../unhandled.js'
import { interleaving } from './interleaving.js'
import { PlainBackend } from './plain-backend.js'
import { play } from './player.js'
import { seedOf } from './seed.js'
import { Tally } from './tally.js'

/**
 * Plays random runs on a backend and prints the seed: always the same ones, or those of the seed in
 * `TLSIO_FUZZ_SEED`, which may be `random` (`pnpm fuzz`). `TLSIO_FUZZ_RUNS` is the number of runs, and
 * `TLSIO_FUZZ_PATH` goes straight to the one that fast-check has named.
 */
export function fuzz(subject: Subject, runs: number): void {
  test(`robustness/${subject.name}/fuzz`, async (t) => {
    t.timeout(LONGEST + 60_000)
    await playAll(t, subject, runs)
  })
}

async function playAll(t: ExecutionContext, subject: Subject, runs: number): Promise<void> {
  const backend = subject.createBackend()
  const { TLSIO_FUZZ_SEED, TLSIO_FUZZ_RUNS, TLSIO_FUZZ_PATH } = process.env
  const seed = seedOf(TLSIO_FUZZ_SEED)
  const plain = backend instanceof PlainBackend ? backend : undefined
  const unhandled = new Unhandled()
  const tally = new Tally()
  const stage = { backend, certificate, database, isAuthentic: !plain, unhandled, tally }
  const property = fc.asyncProperty(interleaving(subject.versions), async (run) => {
    plain?.broken.splice(0)
    await play(run, stage)
    if (plain !== undefined && plain.broken.length > 0) throw new Error(plain.broken.join('\n'))
  })
  const timers = timersLeft()
  const started = performance.now()
  try {
    const details = await fc.check(property, {
      seed,
      numRuns: Number(TLSIO_FUZZ_RUNS ?? runs),
      ...(TLSIO_FUZZ_PATH === undefined ? {} : { path: TLSIO_FUZZ_PATH }),
      // Making a failing run smaller may take long if it hangs.
      interruptAfterTimeLimit: LONGEST,
      markInterruptAsFailure: true,
    })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const line = `${t.title}: seed ${seed}, ${details.numRuns} runs in ${seconds} s`
    process.stdout.write(`${line}\n${tally}\n`)
    t.log(line)
    if (details.failed) {
      const report = fc.defaultReportMessage(details)
      t.fail(`Replay with TLSIO_FUZZ_SEED=${seed}.\n${report}\n${details.errorInstance}`)
    }
    t.is(timersLeft(), timers, 'timers left behind')
  } finally {
    unhandled.stop()
  }
}

/** In milliseconds; the test has a little more. */
const LONGEST = 480_000

function timersLeft(): number {
  return process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length
}
