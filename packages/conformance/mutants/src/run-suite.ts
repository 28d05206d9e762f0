import { listRequirements, type PlannedCase, planConformance } from '@tlsio/conformance'
import { hasLibraryChanged } from './breaking/library.js'
import type { Mutant } from './mutant.js'

/** A part of the suite. */
export interface Selection {
  /** Areas to run; all if it is empty. */
  readonly areas?: readonly string[]
  /** Titles `area/case` to run; all if it is left out. */
  readonly cases?: readonly string[]
}

/** What a thread tells of a case. */
export interface CaseOutcome {
  /** `area/case`. */
  readonly name: string
  /** Why it failed; `undefined` if it passed. */
  readonly problem: string | undefined
}

/**
 * How long a step may take, in milliseconds: a mutant that lets a case wait for ever costs that much
 * each time.
 */
const patience = 2000

/**
 * The cases that a backend is put to: those of one version, and those that depend on none. Those that
 * examine core alone are left out where they can show nothing: the library is as it was.
 */
export function planFor(
  { create, version = 'TLSv1.3', breaks }: Pick<Mutant, 'create'> & Partial<Mutant>,
  { areas = [], cases }: Selection,
): readonly PlannedCase[] {
  const plan = planConformance({ createBackend: create, patience })
  const isCoreAsItWas = breaks !== undefined && !ofCore.has(breaks) && !hasLibraryChanged()
  return plan.filter(
    (one) =>
      (one.version === undefined || one.version === version) &&
      (areas.length === 0 || areas.includes(one.name.split('/', 1)[0] as string)) &&
      (cases?.includes(one.name) ?? true) &&
      !(isCoreAsItWas && ofCore.has(one.requirement)),
  )
}

const ofCore: ReadonlySet<string> = new Set(
  listRequirements()
    .filter(({ subject }) => subject === 'core')
    .flatMap(({ requirements }) => requirements.map(({ id }) => id)),
)

/** Runs them in turn. */
export async function runCases(
  plan: readonly PlannedCase[],
  tell: (outcome: CaseOutcome) => void,
): Promise<void> {
  for (const { name, run } of plan) {
    let problem: unknown
    try {
      await run()
    } catch (error) {
      problem = error
    }
    tell({ name, problem: problem === undefined ? undefined : String(problem) })
  }
}
