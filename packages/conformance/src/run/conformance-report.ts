import type { TlsCapabilities, TlsProtocolVersion } from '@tlsio/core'
import type { CaseExpectation } from '../conformance-case.js'
import type { WireTrace } from '../wire/trace.js'

/**
 * What came of a case. `expected-failure` is a known defect; `unexpected-pass` is a known defect that
 * is mended: its entry in `expectedFailures` is to go.
 */
export type CaseVerdict = 'passed' | 'failed' | 'expected-failure' | 'unexpected-pass'

/** What a run of the kit found: plain data, the same after `JSON.stringify` and `JSON.parse`. */
export interface ConformanceReport {
  /** Always `tlsio-conformance`. */
  readonly format: 'tlsio-conformance'
  /** Version of this document: it changes when a member goes or changes its meaning. */
  readonly formatVersion: 1
  /** Version of `@tlsio/conformance`. */
  readonly kit: string
  /** What it ran in, for example `Node.js 22.21.0`; `null` if that is not known. */
  readonly runtime: string | null
  /** Name of the backend that was examined. */
  readonly backend: string
  /** Name of the backend of the servers that it spoke to. */
  readonly peer: string
  /** Name of the transport, for example `memory`. */
  readonly transport: string
  /** What the backend says it can do. */
  readonly supports: TlsCapabilities
  /** What its peer says. */
  readonly peerSupports: TlsCapabilities
  /** The versions that were spoken, the oldest first. */
  readonly versions: readonly TlsProtocolVersion[]
  /** When it began, as in RFC 3339. */
  readonly startedAt: string
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** In the order in which they ran. */
  readonly cases: readonly CaseReport[]
}

/** What came of one case. */
export interface CaseReport {
  /** `backend→peer/version/area/case`, or `backend/area/case`. */
  readonly title: string
  /** `area/case`. */
  readonly name: string
  /** The first part of `name`. */
  readonly area: string
  /** The version spoken; `null` where it does not matter. */
  readonly version: TlsProtocolVersion | null
  /** `id` of the requirement that it checks; see `listRequirements`. */
  readonly requirement: string
  /** The member or behaviour of GIO, the RFC and section, or the member of ours that it checks. */
  readonly source: string
  /** Whether it shows that something works, or that something unsupported is refused. */
  readonly expects: CaseExpectation
  /** What came of it. */
  readonly verdict: CaseVerdict
  /** Why it is known to fail; `null` if it is not. */
  readonly expectedFailure: string | null
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** Why it failed; `null` if it passed. */
  readonly error: string | null
  /** What went over the wire in a case that failed; empty otherwise. */
  readonly trace: readonly WireTrace[]
}

/** How many cases there are of each verdict. */
export function countVerdicts(cases: readonly CaseReport[]): Readonly<Record<CaseVerdict, number>> {
  const counts = { passed: 0, failed: 0, 'expected-failure': 0, 'unexpected-pass': 0 }
  for (const { verdict } of cases) counts[verdict]++
  return counts
}

/** Whether all is as it should be: nothing failed that is not known to, and all known failures do. */
export function isConforming({ cases }: Pick<ConformanceReport, 'cases'>): boolean {
  return cases.every(({ verdict }) => verdict === 'passed' || verdict === 'expected-failure')
}
