import type { ConformanceReport } from '@tlsio/conformance'

/** What a runtime tells while it runs the suite; where it is text, each is one line of JSON. */
export type SuiteMessage = SuitePlan | CaseResult | SuiteReport | SuiteAbsence

/** Comes first, for each backend. */
export interface SuitePlan {
  readonly kind: 'plan'
  readonly backend: string
  /** How many results will follow: fewer mean that the runtime died. */
  readonly cases: number
}

/**
 * How a case ended. `refused`: what the backend cannot do is refused, as it must be.
 * `expected-failure`: it failed, and that is known, for a reason.
 * `not-run`: it is known to fail at some times only.
 */
export type Outcome = 'passed' | 'refused' | 'failed' | 'expected-failure' | 'not-run'

/** Comes last, for each backend. */
export interface SuiteReport {
  readonly kind: 'report'
  readonly backend: string
  readonly report: ConformanceReport
}

/** A backend that is not run. */
export interface SuiteAbsence {
  readonly kind: 'absence'
  readonly backend: string
  readonly reason: string
}

/** One case that was run. */
export interface CaseResult {
  readonly kind: 'case'
  readonly backend: string
  readonly title: string
  readonly outcome: Outcome
  /** What went wrong, or why that was expected, or why it was not run. */
  readonly reason?: string | undefined
}
