import type { Pairs } from './pairs.js'
import type { Sample } from './stopwatch.js'

/** A spread of ratios, one per round; above 1 tlsio is better. */
export interface Ratio {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** tlsio against one baseline, measured in a process of their own. */
export interface Figures {
  /** tlsio's rate, a median. */
  readonly tlsioRate: number
  /** The baseline's, a median. */
  readonly rawRate: number
  /** Work per time. */
  readonly ratio: Ratio
  /** Work per processor time of the client process; `undefined` if the client was a page. */
  readonly cpuRatio: Ratio | undefined
}

/** Figures, and what they are of. */
export interface Result extends Figures {
  /** The comparison's. */
  readonly name: string
  readonly title: string
  readonly unit: string
  /** Label of the baseline. */
  readonly baseline: string
  readonly aim: number
}

/** Draws the figures from the samples. */
export function evaluate({ tlsio, raw }: Pairs): Figures {
  return {
    tlsioRate: rate(tlsio),
    rawRate: rate(raw),
    ratio: spread(ratios(raw.map(elapsed), tlsio.map(elapsed))),
    cpuRatio: cpuRatio(raw, tlsio),
  }
}

function rate(samples: readonly Sample[]): number {
  return 1 / median(samples.map(elapsed))
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
