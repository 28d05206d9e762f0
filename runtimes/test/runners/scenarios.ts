import type { ConformanceOptions, CreateBackend } from '@tlsio/conformance'

/** What one run of a runner is to add, a call of `conformance` each. */
export type Scenario = readonly Omit<ConformanceOptions, 'test'>[]

/** Two runs of a runner. */
export interface Scenarios {
  /** A real backend, and one with a defect that is known. */
  readonly green: Scenario
  /** A defect that is not known, and one that is known and was mended. */
  readonly red: Scenario
}

const NAME = 'backend-selection/name-can-be-preferred'
const FRESH = 'backend-selection/fresh-backend-each-time'

/** Titles, as they are to be seen. */
export const seen = {
  knownDefect: `No Name/${NAME} (expected to fail: it has no name yet)`,
  defect: `No Name/${NAME}`,
  mended: `No Name/${FRESH} (expected to fail: it shares all)`,
} as const

/** The scenarios with a backend that is all right. */
export function scenariosFor(createBackend: CreateBackend): Scenarios {
  /** Its name breaks a rule. */
  const createUnnamed: CreateBackend = (context) =>
    Object.assign(createBackend(context), { name: 'No Name' })
  return {
    green: [
      { createBackend, filter: isInSmallArea },
      {
        createBackend: createUnnamed,
        expectedFailures: { [NAME]: 'it has no name yet' },
        filter: (title) => title.endsWith(NAME),
      },
    ],
    red: [
      {
        createBackend: createUnnamed,
        expectedFailures: { [FRESH]: 'it shares all' },
        filter: (title) => title.endsWith(NAME) || title.endsWith(FRESH),
      },
    ],
  }
}

/** Real handshakes, and not many. */
export function isInSmallArea(title: string): boolean {
  return title.includes('/server-name/')
}
