import { casesNamed } from '../expected-failures.js'
import type { ConformanceOptions } from '../options.js'
import { type PlannedCase, planConformance } from '../plan.js'
import type { LoadedBackend } from './load-backend.js'
import { messageOf, UsageError } from './usage-error.js'

/** A run of the suite: a backend and whom it speaks to. */
export type Pairing = Omit<ConformanceOptions, 'test'>

/** What all runs have in common. */
export interface CommonOptions extends Pick<ConformanceOptions, 'transport' | 'patience'> {
  readonly filter: (title: string) => boolean
}

/**
 * Each backend against itself, if it has servers, and against each peer. What needs no peer is run
 * once.
 *
 * @throws UsageError if a pair has no version in common, if a known defect has no reason or names no
 *   case, or if the filter leaves nothing to run.
 */
export function pairingsOf(
  backends: readonly LoadedBackend[],
  peers: readonly LoadedBackend[],
  common: CommonOptions,
): readonly Pairing[] {
  const all = backends.flatMap((one) => {
    const needsPeer = one.backend.supports.client && !one.backend.supports.server
    const itself = needsPeer && peers.length > 0 ? [] : [one]
    const runs = [...itself, ...peers].map((peer, at) => ({
      createBackend: one.create,
      createPeer: peer.create,
      ...common,
      filter: (title: string) => common.filter(title) && (at === 0 || title.includes('→')),
    }))
    return withKnownDefects(runs, one.expectedFailures)
  })
  const some = all.filter((run) => planOf(run).length > 0)
  if (some.length === 0) throw new UsageError('No case has such a title.')
  return some
}

/** A known defect need not show with every peer, but it must name a case with one of them. */
function withKnownDefects(
  runs: readonly Pairing[],
  expectedFailures: Readonly<Record<string, string>>,
): readonly Pairing[] {
  const titles = runs.map(titlesOf)
  for (const name of Object.keys(expectedFailures)) {
    if (!titles.some((some) => casesNamed(name, some).length > 0)) {
      throw new UsageError(`The expected failure "${name}" names no case of this backend.`)
    }
  }
  return runs.map((run, at) => ({
    ...run,
    expectedFailures: Object.fromEntries(
      Object.entries(expectedFailures).filter(
        ([name]) => casesNamed(name, titles[at] ?? []).length > 0,
      ),
    ),
  }))
}

function titlesOf({ filter: _, ...run }: Pairing): readonly string[] {
  return planOf(run).map(({ title }) => title)
}

function planOf(run: Pairing): readonly PlannedCase[] {
  try {
    return planConformance(run)
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}
