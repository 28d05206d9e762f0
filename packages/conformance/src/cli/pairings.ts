import { casesNamed } from '../expected-failures.js'
import type { PlannedCase } from '../plan.js'
import { planRun, type RunOptions } from '../run/run-conformance.js'
import type { LoadedBackend } from './load-backend.js'
import { messageOf, UsageError } from './usage-error.js'

/** A run of the suite: the backends of the clients and of the servers. */
export type Pairing = RunOptions

/** What all runs have in common. */
export type CommonOptions = Pick<RunOptions, 'transport' | 'patience' | 'filter'>

/**
 * Each backend by itself, and with each peer in both directions, as far as they have clients and
 * servers. What needs no peer is run once.
 *
 * @throws UsageError if a pair has no version in common or no direction, if a known defect has no
 *   reason or names no case, or if the filter leaves nothing to run.
 */
export function pairingsOf(
  backends: readonly LoadedBackend[],
  peers: readonly LoadedBackend[],
  common: CommonOptions,
): readonly Pairing[] {
  const all = backends.flatMap((one) => {
    const { client, server } = one.backend.supports
    // A client without servers of its kind is run whole with its first peer.
    const itself = client && !server && peers.length > 0 ? [] : [{ client: one, server: one }]
    const pairs = [...itself, ...peers.flatMap((peer) => directionsOf(one, peer))]
    return withKnownDefects(pairs, one, common)
  })
  const some = all.filter((run) => planOf(run).length > 0)
  if (some.length === 0) throw new UsageError('No case has such a title.')
  return some
}

interface Pair {
  readonly client: LoadedBackend
  readonly server: LoadedBackend
}

function directionsOf(one: LoadedBackend, peer: LoadedBackend): readonly Pair[] {
  const [mine, its] = [one.backend.supports, peer.backend.supports]
  const pairs = [
    ...(mine.client && its.server ? [{ client: one, server: peer }] : []),
    ...(its.client && mine.server ? [{ client: peer, server: one }] : []),
  ]
  if (pairs.length > 0) return pairs
  const names = `"${one.backend.name}" and "${peer.backend.name}"`
  throw new UsageError(`${names} cannot speak to each other: one must have clients, one servers.`)
}

/**
 * The runs of a backend. A known defect need not show in each, but it must name a case in one of
 * them.
 */
function withKnownDefects(
  pairs: readonly Pair[],
  { expectedFailures }: LoadedBackend,
  common: CommonOptions,
): readonly Pairing[] {
  const runs = pairs.map(({ client, server }, at): Pairing => {
    const scope = at === 0 ? 'all' : 'pairs'
    return { ...common, createBackend: client.create, createPeer: server.create, scope }
  })
  const titles = runs.map(titlesOf)
  for (const name of Object.keys(expectedFailures)) {
    if (!titles.some((some) => casesNamed(name, some).length > 0)) {
      throw new UsageError(`The expected failure "${name}" names no case of this backend.`)
    }
  }
  return runs.map((run, at) => ({
    ...run,
    expectedFailures: Object.fromEntries(
      knownDefectsOf(pairs[at] as Pair).filter(
        ([name]) => casesNamed(name, titles[at] ?? []).length > 0,
      ),
    ),
  }))
}

/** Those of the clients, and those of the servers that are said to be of a pair. */
function knownDefectsOf({ client, server }: Pair): readonly (readonly [string, string])[] {
  const ofPairs = Object.entries(server.expectedFailures).filter(([name]) => name.includes('→'))
  return [...Object.entries(client.expectedFailures), ...ofPairs]
}

function titlesOf({ filter: _, ...run }: Pairing): readonly string[] {
  return planOf(run).map(({ title }) => title)
}

function planOf(run: Pairing): readonly PlannedCase[] {
  try {
    return planRun(run)
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}
