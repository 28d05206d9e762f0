import { Worker } from 'node:worker_threads'
import { listRequirements } from '@tlsio/conformance'
import type { Mutant } from './mutant.js'
import type { CaseOutcome } from './run-suite.js'
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

/** Runs the suite, or some of its areas, on a mutant, by its name, or on the good backend. */
export function runInThread(
  mutant: string | undefined,
  areas: readonly string[] = [],
): Promise<SuiteRun> {
  return new Promise((resolve) => {
    const outcomes: CaseOutcome[] = []
    let unfit: string | undefined
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { mutant, areas },
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

/** Runs the suite on a mutant and judges it; tells why cases failed, if somebody wants to know. */
export async function tryMutant(
  mutant: Mutant,
  areas: readonly string[] = [],
  tell?: (line: string) => void,
): Promise<Trial> {
  const start = performance.now()
  const { ran, failed, unfit } = await runInThread(mutant.name, areas)
  for (const { name, problem } of failed) tell?.(`${mutant.name}: ${name}\n  ${problem}`)
  const titles = failed.map(({ name }) => name)
  const { name, breaks } = mutant
  const duration = Math.round(performance.now() - start)
  const verdict = judge(mutant, casesOf(breaks), titles)
  return { mutant: name, breaks, ran, ...verdict, ...(unfit !== undefined && { unfit }), duration }
}

function casesOf(requirement: string): readonly string[] {
  return (
    listRequirements()
      .flatMap(({ requirements }) => requirements)
      .find(({ id }) => id === requirement)?.cases ?? []
  )
}
