import type { TlsCapabilities, TlsProtocolVersion } from '@tlsio/core'
import type { CaseExpectation } from '../conformance-case.js'
import type { RequirementLevel } from '../requirement.js'
import type { WireTrace } from '../wire/trace.js'

/**
 * What came of a case. `expected-failure` is a known defect; `unexpected-pass` is a known defect that
 * is mended: its entry in `expectedFailures` is to go.
 */
export type CaseVerdict = 'passed' | 'failed' | 'expected-failure' | 'unexpected-pass'

/** How many cases there are of each verdict. */
export type VerdictCounts = Readonly<Record<CaseVerdict, number>>

/**
 * Which cases a run is about: all that apply to a backend, or those that need a peer, because the
 * others are in another run of the same backend.
 */
export type RunScope = 'all' | 'pairs'

/**
 * What a run shows. `failed`: a case failed that is not known to, or a known defect is mended.
 * `partial`: nothing failed, but cases were left out, or there were none. `known-defects`: a `must` is
 * known to be broken. `conforming`: every `must` is kept, and each exception from a `should` or a
 * `may` is known.
 */
export type ConformanceOutcome = 'conforming' | 'known-defects' | 'partial' | 'failed'

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
  /** Name of the backend of the clients. */
  readonly backend: string
  /** Name of the backend of the servers that they spoke to. */
  readonly peer: string
  /** Name of the transport, for example `memory`. */
  readonly transport: string
  /** What the backend says it can do. */
  readonly supports: TlsCapabilities
  /** What its peer says. */
  readonly peerSupports: TlsCapabilities
  /** The versions that were spoken, the oldest first. */
  readonly versions: readonly TlsProtocolVersion[]
  /** Which cases it is about. */
  readonly scope: RunScope
  /** Whether a filter left out cases of that scope. */
  readonly filtered: boolean
  /** What it shows. */
  readonly outcome: ConformanceOutcome
  /** The verdicts of `cases` by the level of their requirements. */
  readonly levels: Readonly<Record<RequirementLevel, VerdictCounts>>
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
  /** How much that requirement binds. */
  readonly level: RequirementLevel
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
export function countVerdicts(cases: readonly Pick<CaseReport, 'verdict'>[]): VerdictCounts {
  const counts = { passed: 0, failed: 0, 'expected-failure': 0, 'unexpected-pass': 0 }
  for (const { verdict } of cases) counts[verdict]++
  return counts
}

/** The same by the level of their requirements. */
export function countLevels(cases: readonly CaseReport[]): ConformanceReport['levels'] {
  const of = (level: RequirementLevel) => countVerdicts(cases.filter((one) => one.level === level))
  return { must: of('must'), should: of('should'), may: of('may') }
}

/** What cases show, if these are all that were run. */
export function outcomeOf({
  cases,
  filtered,
}: Pick<ConformanceReport, 'cases' | 'filtered'>): ConformanceOutcome {
  const { failed, 'unexpected-pass': mended } = countVerdicts(cases)
  if (failed + mended > 0) return 'failed'
  if (filtered || cases.length === 0) return 'partial'
  return countLevels(cases).must['expected-failure'] > 0 ? 'known-defects' : 'conforming'
}

/**
 * Whether a run shows that a backend conforms: no case was left out, every `must` is kept, and
 * nothing failed that is not known to. A run of the scope `pairs` shows it of the two backends
 * together, and not of what needs no peer.
 */
export function isConforming({ outcome }: Pick<ConformanceReport, 'outcome'>): boolean {
  return outcome === 'conforming'
}

/**
 * Whether a run, whole or partial, is as was expected: nothing failed that is not known to, and all
 * known defects are still there.
 */
export function isAsExpected({ outcome }: Pick<ConformanceReport, 'outcome'>): boolean {
  return outcome !== 'failed'
}
