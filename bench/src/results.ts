import type { Measured } from './interleave.js'
import type { Sample } from './stopwatch.js'

/** A spread of ratios, one per round; above 1 tlsio is better. */
export interface Ratio {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** tlsio against one baseline. */
export interface BaselineResult {
  readonly label: string
  readonly aim: number
  /** The baseline's own rate, a median. */
  readonly rate: number
  /** Work per time. */
  readonly ratio: Ratio
  /** Work per processor time of the client process. */
  readonly cpuRatio: Ratio
}

/** The figures of one comparison. */
export interface Result {
  readonly name: string
  readonly title: string
  readonly unit: string
  /** tlsio's rate, a median. */
  readonly rate: number
  readonly baselines: readonly BaselineResult[]
}

/** Draws the figures from the samples. */
export function evaluate({ comparison, tlsio, baselines }: Measured): Result {
  const { name, title, unit, amount } = comparison
  const rate = (samples: readonly Sample[]): number =>
    amount / median(samples.map(({ elapsed }) => elapsed))
  return {
    name,
    title,
    unit,
    rate: rate(tlsio),
    baselines: comparison.baselines.map(({ label, aim }, at) => {
      const samples = baselines[at] ?? []
      return {
        label,
        aim,
        rate: rate(samples),
        ratio: pairedRatio(samples, tlsio, ({ elapsed }) => elapsed),
        cpuRatio: pairedRatio(samples, tlsio, ({ cpu }) => cpu),
      }
    }),
  }
}

/** Spread of `a/b` over the rounds. The ratio of two medians would compare different moments. */
function pairedRatio(
  a: readonly Sample[],
  b: readonly Sample[],
  of: (sample: Sample) => number,
): Ratio {
  const ratios = a.map((sample, at) => of(sample) / of(b[at] as Sample))
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}
