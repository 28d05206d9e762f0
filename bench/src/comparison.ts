import type { Stopwatch } from './stopwatch.js'

/** One way to do a piece of work. */
export interface Contender {
  /** Amount of work in one round, in the comparison's unit times seconds. */
  readonly amount: number
  /**
   * Does one round of it. Only what runs on the stopwatch counts.
   *
   * @throws if the work was not done as meant: no figure comes from a failure.
   */
  round(stopwatch: Stopwatch): Promise<void>
}

/** What tlsio is held against. */
export interface Baseline extends Contender {
  /** How it is called in the report. */
  readonly label: string
  /** Ratio of tlsio's rate to this one's that we want to see at least. */
  readonly aim: number
}

/** The same work done by tlsio and by what is below it, as a program would use that by itself. */
export interface Comparison {
  /** For `--only`, and in JSON. */
  readonly name: string
  /** For the report. */
  readonly title: string
  /** Why it cannot be measured on this machine, as a sentence; nothing if it can. */
  readonly problem?: string | undefined
  /** Unit of the rate. */
  readonly unit: 'handshakes/s' | 'MB/s' | 'paths/s'
  readonly tlsio: Contender
  readonly baselines: readonly Baseline[]
}
