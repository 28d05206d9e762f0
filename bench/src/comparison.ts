import type { Stopwatch } from './stopwatch.js'

/** One way to do a piece of work. */
export interface Contender {
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

/** The same work done by tlsio and by raw node:tls. */
export interface Comparison {
  /** For `--only`, and in JSON. */
  readonly name: string
  /** For the report. */
  readonly title: string
  /** Unit of the rate. */
  readonly unit: 'handshakes/s' | 'MB/s'
  /** Amount of work in one round, in that unit times seconds. */
  readonly amount: number
  readonly tlsio: Contender
  readonly baselines: readonly Baseline[]
}
