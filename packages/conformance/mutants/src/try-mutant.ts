import { Worker } from 'node:worker_threads'
import { listRequirements } from '@tlsio/conformance'
import type { Mutant } from './mutant.js'
import type { CaseOutcome, Selection } from './run-suite.js'
import { judge, type Trial } from './trial.js'

/** The suite's word on a backend: what failed, and why. */
export interface SuiteRun {
  /** How many cases ran. */
  readonly ran: number
  /** Those that failed. */
  readonly failed: readonly CaseOutcome[]
  /** Why not all could run; `undefined` if they did. */
  readonly unfit?: string | undefined
}

/** Runs the suite, or a part of it, on a mutant, by its name, or on the good backend. */
export function runInThread(
  mutant: string | undefined,
  selection: Selection = {},
): Promise<SuiteRun> {
  return new Promise((resolve) => {
    const outcomes: CaseOutcome[] = []
    let unfit: string | undefined
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { mutant, selection },
    })
    worker.on('message', (outcome: CaseOutcome) => outcomes.push(outcome))
    worker.once('error', (error) => {
      unfit = `its thread ended: ${error}`
    })
    worker.once('exit', () => {
      const failed = outcomes.filter(({ problem }) => problem !== undefined)
      resolve({ ran: outcomes.length, failed, ...(unfit !== undefined && { unfit }) })
    })
  })
}

/**
 * Runs the suite on a mutant and judges it; tells why cases failed, if somebody wants to know. With
 * `own` only the cases of the requirement that it breaks run.
 */
export async function tryMutant(
  mutant: Mutant,
  selection: Selection & { readonly own?: boolean } = {},
  tell?: (line: string) => void,
): Promise<Trial> {
  const start = performance.now()
  const { name, breaks } = mutant
  const ownCases = casesOf(breaks)
  const { areas = [], own = false } = selection
  const cases = own ? { areas, cases: ownCases } : { areas }
  const { ran, failed, unfit } = await runInThread(name, cases)
  for (const { name: title, problem } of failed) tell?.(`${name}: ${title}\n  ${problem}`)
  const titles = failed.map(({ name }) => name)
  const duration = Math.round(performance.now() - start)
  const verdict = judge(mutant, ownCases, titles)
  return { mutant: name, breaks, ran, ...verdict, ...(unfit !== undefined && { unfit }), duration }
}

function casesOf(requirement: string): readonly string[] {
  return (
    listRequirements()
      .flatMap(({ requirements }) => requirements)
      .find(({ id }) => id === requirement)?.cases ?? []
  )
}
