import type { Mutant } from './mutant.js'

/** What the suite made of one mutant. */
export interface Trial {
  /** Its name. */
  readonly mutant: string
  /** The requirement it breaks. */
  readonly breaks: string
  /** How many cases ran. */
  readonly ran: number
  /** Titles `area/case` of the requirement's own cases that failed: they catch it. */
  readonly killedBy: readonly string[]
  /** Titles of others that failed in areas where it may show. */
  readonly alsoFailed: readonly string[]
  /** Titles of those that failed in areas it has nothing to do with. */
  readonly unrelated: readonly string[]
  /** Areas where it was said to show and did not. */
  readonly showsNotIn: readonly string[]
  /** Why no case could run on it; `undefined` if they did. */
  readonly unfit?: string | undefined
  /** Whether at least one of its own requirement's cases failed. */
  readonly killed: boolean
  /** How long it took, in milliseconds. */
  readonly duration: number
}

/** Sorts the cases that failed by what they have to do with the mutant. */
export function judge(
  mutant: Omit<Mutant, 'create'>,
  ownCases: readonly string[],
  failed: readonly string[],
): Pick<Trial, 'killedBy' | 'alsoFailed' | 'unrelated' | 'showsNotIn' | 'killed'> {
  const expected = Object.keys(mutant.showsIn ?? {})
  const own = ownCases.map(areaOf)
  const users = Object.entries(uses).filter(([, used]) => used.some((area) => own.includes(area)))
  const areas = new Set([...own, ...users.map(([area]) => area), ...expected])
  const killedBy = failed.filter((title) => ownCases.includes(title))
  const others = failed.filter((title) => !ownCases.includes(title))
  return {
    killedBy,
    alsoFailed: others.filter((title) => areas.has(areaOf(title))),
    unrelated: others.filter((title) => !areas.has(areaOf(title))),
    showsNotIn: expected.filter((area) => !others.some((title) => areaOf(title) === area)),
    killed: killedBy.length > 0,
  }
}

/** Areas whose cases go by what others examine: who breaks that may show there. */
const uses: Readonly<Record<string, readonly string[]>> = {
  // Whatever tickets a server gives, they are used by the store, by copies and by the application.
  tickets: ['session-resumption', 'copy-session-state', 'sessions'],
}

function areaOf(title: string): string {
  return title.split('/', 1)[0] as string
}
