import { setImmediate } from 'node:timers/promises'
import { createNodeBackend } from '@tlsio/backend-node'
import { runConformance } from '@tlsio/conformance'
import { watchNetwork } from './sockets.js'

/** One run of the whole suite in memory. */
export interface Run {
  readonly seconds: number
  /** Error of each case, `null` for none, by title. */
  readonly verdicts: Readonly<Record<string, string | null>>
}

/** What came of the runs. */
export interface Runs {
  readonly runs: readonly Run[]
  /** Sockets and look-ups of names: there is to be none. */
  readonly network: readonly string[]
  /** What keeps the process alive though it did not before. */
  readonly left: readonly string[]
}

/** Runs the suite on node:tls a number of times, one after another. */
export async function runRepeatedly(times: number, report: (run: Run) => void): Promise<Runs> {
  // The process's own streams may be pipes, which are made when they are first asked for.
  void [process.stdin, process.stdout, process.stderr]
  const before = process.getActiveResourcesInfo()
  const network = watchNetwork()
  const runs: Run[] = []
  for (let at = 0; at < times; at++) {
    const run = await runOnce()
    report(run)
    runs.push(run)
  }
  // What was closed is let go of in the next turns.
  for (let turn = 0; turn < TURNS; turn++) await setImmediate()
  network.stop()
  return { runs, network: network.seen, left: without(process.getActiveResourcesInfo(), before) }
}

/** Titles whose verdicts are not the same in all runs. */
export function changingTitles(runs: readonly Run[]): readonly string[] {
  const titles = new Set(runs.flatMap(({ verdicts }) => Object.keys(verdicts)))
  return [...titles].filter((title) => {
    const [first, ...others] = runs.map(({ verdicts }) => verdicts[title] === null)
    return others.some((passed) => passed !== first)
  })
}

/** Runs that took longer than a backend's author is to wait, each as a sentence. */
export function slowRuns(runs: readonly Pick<Run, 'seconds'>[]): readonly string[] {
  return runs.flatMap(({ seconds }, at) =>
    seconds < MOST_SECONDS
      ? []
      : [`run ${at + 1} took ${seconds.toFixed(1)} s, and is to take less than ${MOST_SECONDS} s`],
  )
}

async function runOnce(): Promise<Run> {
  const { cases, durationMs } = await runConformance({ createBackend: createNodeBackend })
  const verdicts = Object.fromEntries(cases.map(({ title, error }) => [title, error]))
  return { seconds: durationMs / 1000, verdicts }
}

function without(all: readonly string[], some: readonly string[]): readonly string[] {
  const rest = [...all]
  for (const one of some) {
    const at = rest.indexOf(one)
    if (at >= 0) rest.splice(at, 1)
  }
  return rest
}

const TURNS = 10
const MOST_SECONDS = 60
