import type { Comparison, Contender } from './comparison.js'
import { type Sample, Stopwatch } from './stopwatch.js'

/**
 * Samples of one comparison, per unit of work: those of the same index were taken one right after
 * the other.
 */
export interface Measured {
  readonly comparison: Comparison
  readonly tlsio: readonly Sample[]
  /** In the order of the comparison's baselines. */
  readonly baselines: readonly (readonly Sample[])[]
}

/**
 * Takes turns: whatever else the machine does meanwhile hits all contenders, and the ratio within a
 * round stays. Who begins changes from round to round, since the first pays for the garbage of the
 * last.
 */
export async function interleave(
  comparison: Comparison,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Measured> {
  const contenders = [comparison.tlsio, ...comparison.baselines]
  const samples = contenders.map((): Sample[] => [])
  const warmUp = WARM_UP_ROUNDS[comparison.unit]
  for (let round = 1 - warmUp; round <= rounds; round++) {
    onRound(round)
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (round + warmUp + turn) % contenders.length
      const sample = await measure(contenders[at] as Contender)
      if (round > 0) samples[at]?.push(sample)
    }
  }
  const [tlsio = [], ...baselines] = samples
  return { comparison, tlsio, baselines }
}

/**
 * Rounds that do not count: code that runs for the first hundreds of times is still being compiled. A
 * connection is so much code that it gets faster for some three thousand of them.
 */
const WARM_UP_ROUNDS = { 'handshakes/s': 30, 'MB/s': 4, 'paths/s': 4 } as const

/** Runs one round. What it took is told per unit, since a slow contender does less in a round. */
async function measure(contender: Contender): Promise<Sample> {
  const stopwatch = new Stopwatch()
  await contender.round(stopwatch)
  const { elapsed, cpu } = stopwatch.sample
  const { amount } = contender
  return { elapsed: elapsed / amount, cpu: cpu === undefined ? undefined : cpu / amount }
}
