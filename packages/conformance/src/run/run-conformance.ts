import { compareVersions, type TlsProtocolVersion } from '@tlsio/core'
import { ConformanceFailure } from '../assertions.js'
import type { ConformanceOptions } from '../options.js'
import { type PlannedCase, planConformance } from '../plan.js'
import { requirementOf } from '../requirements.js'
import { StrayErrors } from '../stray-errors.js'
import {
  type CaseReport,
  type CaseVerdict,
  type ConformanceReport,
  countLevels,
  outcomeOf,
  type RunScope,
} from './conformance-report.js'
import { kitVersion } from './kit-version.js'

/** Options of {@link runConformance}. */
export interface RunOptions extends Omit<ConformanceOptions, 'test'> {
  /** What it runs in, for the report. Default: `navigator.userAgent`, where there is one. */
  readonly runtime?: string | undefined
  /**
   * Which cases to run: all, or only those that need a peer, where another run has the others.
   * Default: `all`.
   */
  readonly scope?: RunScope | undefined
  /** Is told which cases will be run. The first waits for a promise that it gives. */
  readonly onPlan?: ((cases: readonly PlannedCase[]) => unknown) | undefined
  /**
   * Is told what came of each case at once. The next waits for a promise that it gives, and the run
   * rejects if that does.
   */
  readonly onResult?: ((result: CaseReport) => unknown) | undefined
}

/**
 * Runs the cases that apply to a backend, one after another, and tells what came of them. It needs
 * no test runner and nothing of any runtime.
 *
 * @throws TypeError as `conformance` does.
 */
export async function runConformance(options: RunOptions): Promise<ConformanceReport> {
  const { createBackend, createPeer = createBackend } = options
  const all = planRun({ ...options, filter: undefined })
  const plan = all.filter(({ title }) => options.filter?.(title) !== false)
  const backend = createBackend({ explain: () => [] })
  const peer = createPeer({ explain: () => [] })
  const startedAt = new Date()
  const elapsed = stopwatch()
  await options.onPlan?.(plan)
  const cases: CaseReport[] = []
  // A case looks out for them while it runs; this is for what is thrown between two of them.
  const strays = new StrayErrors()
  try {
    for (const one of plan) {
      const result = await resultOf(one, strays)
      cases.push(result)
      await options.onResult?.(result)
    }
  } finally {
    strays.stop()
  }
  const filtered = plan.length < all.length
  return {
    format: 'tlsio-conformance',
    formatVersion: 1,
    kit: kitVersion,
    runtime: options.runtime ?? userAgent() ?? null,
    backend: backend.name,
    peer: peer.name,
    transport: options.transport?.name ?? 'memory',
    supports: backend.supports,
    peerSupports: peer.supports,
    versions: versionsOf(plan),
    scope: options.scope ?? 'all',
    filtered,
    outcome: outcomeOf({ cases, filtered }),
    levels: countLevels(cases),
    startedAt: startedAt.toISOString(),
    durationMs: elapsed(),
    cases,
  }
}

/** The cases that {@link runConformance} runs. */
export function planRun(
  options: Omit<ConformanceOptions, 'test'> & Pick<RunOptions, 'scope'>,
): readonly PlannedCase[] {
  const plan = planConformance(options)
  return options.scope === 'pairs' ? plan.filter(({ version }) => version !== undefined) : plan
}

async function resultOf(one: PlannedCase, strays: StrayErrors): Promise<CaseReport> {
  const { title, name, requirement, source, expects, expectedFailure } = one
  const elapsed = stopwatch()
  const ended = await failureOf(one.run)
  const noticed = await failureOf(() => strays.check())
  const failure = ended ?? noticed
  return {
    title,
    name,
    area: name.split('/', 1)[0] ?? name,
    version: one.version ?? null,
    requirement,
    level: requirementOf(name)?.level ?? 'must',
    source,
    expects,
    verdict: verdictOf(failure !== undefined, expectedFailure !== undefined),
    expectedFailure: expectedFailure ?? null,
    durationMs: elapsed(),
    error: failure?.message ?? null,
    trace: failure?.trace ?? [],
  }
}

function verdictOf(failed: boolean, isExpected: boolean): CaseVerdict {
  if (failed) return isExpected ? 'expected-failure' : 'failed'
  return isExpected ? 'unexpected-pass' : 'passed'
}

async function failureOf(run: () => Promise<void>): Promise<ConformanceFailure | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof ConformanceFailure) return error
    const message = error instanceof Error ? error.message : String(error)
    return new ConformanceFailure(message, { cause: error })
  }
}

function versionsOf(plan: readonly PlannedCase[]): readonly TlsProtocolVersion[] {
  const versions = new Set(plan.flatMap(({ version }) => version ?? []))
  return [...versions].sort(compareVersions)
}

function stopwatch(): () => number {
  const started = performance.now()
  return () => Math.round((performance.now() - started) * 10) / 10
}

function userAgent(): string | undefined {
  return (globalThis as { navigator?: { readonly userAgent?: string } }).navigator?.userAgent
}
