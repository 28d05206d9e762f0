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
  /** Work per processor time of the client process; `undefined` if the client was a page. */
  readonly cpuRatio: Ratio | undefined
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
  const { name, title, unit } = comparison
  const rate = (samples: readonly Sample[]): number => 1 / median(samples.map(elapsed))
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
        ratio: spread(ratios(samples.map(elapsed), tlsio.map(elapsed))),
        cpuRatio: cpuRatio(samples, tlsio),
      }
    }),
  }
}

function elapsed(sample: Sample): number {
  return sample.elapsed
}

function cpuRatio(a: readonly Sample[], b: readonly Sample[]): Ratio | undefined {
  const known = ({ cpu }: Sample) => cpu ?? []
  const [ofA, ofB] = [a.flatMap(known), b.flatMap(known)]
  return ofA.length === 0 ? undefined : spread(ratios(ofA, ofB))
}

/** `a/b` of each round. The ratio of two medians would compare different moments. */
function ratios(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, at) => value / (b[at] as number))
}

function spread(values: readonly number[]): Ratio {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}
