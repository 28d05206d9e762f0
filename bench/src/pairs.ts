import type { Baseline, Comparison, Contender } from './comparison.js'
import { type Sample, Stopwatch } from './stopwatch.js'

/**
 * Samples of tlsio and of a baseline, per unit of work: those of the same index were taken one right after
 * the other.
 */
export interface Pairs {
  readonly tlsio: readonly Sample[]
  readonly raw: readonly Sample[]
}

/**
 * Takes turns: whatever else the machine does meanwhile hits both contenders, and the ratio within a round
 * stays. Who begins changes from round to round, since the second pays for the garbage of the first.
 */
export async function measurePairs(
  { tlsio, unit }: Comparison,
  baseline: Baseline,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Pairs> {
  const contenders = [tlsio, baseline] as const
  const samples: readonly [Sample[], Sample[]] = [[], []]
  for (let round = 1 - WARM_UP_ROUNDS[unit]; round <= rounds; round++) {
    onRound(round)
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const at of order) {
      const sample = await measure(contenders[at])
      if (round > 0) samples[at].push(sample)
    }
  }
  return { tlsio: samples[0], raw: samples[1] }
}

/**
 * Rounds that do not count: code that runs for the first hundreds of times is still being compiled. A
 * connection is so much code that it gets faster for some five thousand of them.
 */
const WARM_UP_ROUNDS = { 'handshakes/s': 50, 'MB/s': 4, 'paths/s': 4 } as const

/** Runs one round. What it took is told per unit, since a slow contender does less in a round. */
async function measure(contender: Contender): Promise<Sample> {
  const stopwatch = new Stopwatch()
  await contender.round(stopwatch)
  const { elapsed, cpu } = stopwatch.sample
  const { amount } = contender
  return { elapsed: elapsed / amount, cpu: cpu === undefined ? undefined : cpu / amount }
}
