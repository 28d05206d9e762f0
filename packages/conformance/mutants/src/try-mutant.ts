import { listRequirements } from '@tlsio/conformance'
import type { Mutant } from './mutant.js'
import type { SuiteThread } from './suite-thread.js'
import { judge, type Trial } from './trial.js'

/**
 * Runs the suite on a mutant and judges it; tells why cases failed, if somebody wants to know. With
 * `own` only the cases of the requirement that it breaks run, in the thread of the one before: should
 * something of that one have kept it alive, such as what an engine remembers, it is tried again in a
 * new one.
 */
export async function tryMutant(
  thread: Pick<SuiteThread, 'run' | 'end'>,
  mutant: Mutant,
  selection: TrialSelection = {},
  tell?: (line: string) => void,
): Promise<Trial> {
  const { own = false } = selection
  if (!own) await thread.end()
  const trial = await attempt(thread, mutant, selection, tell)
  if (trial.killed || !own) return trial
  await thread.end()
  return attempt(thread, mutant, selection, tell)
}

/** What a mutant is put to. */
export interface TrialSelection {
  /** Areas; all if it is empty. */
  readonly areas?: readonly string[]
  /** Whether to run the cases of its own requirement only. */
  readonly own?: boolean
}

async function attempt(
  thread: Pick<SuiteThread, 'run' | 'end'>,
  { name, breaks, showsIn }: Mutant,
  { areas = [], own = false }: TrialSelection,
  tell?: (line: string) => void,
): Promise<Trial> {
  const start = performance.now()
  const ownCases = casesOf(breaks)
  const { ran, failed, unfit } = await thread.run(
    name,
    own ? { areas, cases: ownCases } : { areas },
  )
  for (const { name: title, problem } of failed) tell?.(`${name}: ${title}\n  ${problem}`)
  const titles = failed.map((outcome) => outcome.name)
  const duration = Math.round(performance.now() - start)
  const verdict = judge({ name, breaks, showsIn }, ownCases, titles)
  return { mutant: name, breaks, ran, ...verdict, ...(unfit !== undefined && { unfit }), duration }
}

function casesOf(requirement: string): readonly string[] {
  return (
    listRequirements()
      .flatMap(({ requirements }) => requirements)
      .find(({ id }) => id === requirement)?.cases ?? []
  )
}
