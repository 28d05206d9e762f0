import { type CreateBackend, type PlannedCase, planConformance } from '@tlsio/conformance'
import type { KnownDefects, RuntimeDefects } from './known-defects/index.js'
import type { CaseResult, SuiteMessage } from './messages.js'

/** Options of {@link runSuite}. */
export interface SuiteOptions {
  /** The backends to run it on, by name. */
  readonly backends: Readonly<Record<string, CreateBackend>>
  /** What is known to be wrong with them in this runtime. */
  readonly knownDefects?: RuntimeDefects | undefined
  /** Takes each message. */
  report(message: SuiteMessage): unknown
}

/**
 * Runs the conformance suite on each backend, in a plain loop: no test runner, nothing of any
 * runtime.
 */
export async function runSuite(options: SuiteOptions): Promise<void> {
  const { backends, knownDefects = {}, report } = options
  const plans = Object.entries(backends).map(([backend, createBackend]) => ({
    backend,
    cases: planFor(createBackend, knownDefects[backend] ?? {}),
  }))
  for (const { backend, cases } of plans) {
    await report({ kind: 'plan', backend, cases: cases.length })
  }
  for (const { backend, cases } of plans) {
    for (const one of cases) {
      await report({ kind: 'case', backend, title: one.title, ...(await outcomeOf(one)) })
    }
  }
}

interface SuiteCase extends PlannedCase {
  /** Why it is not run. */
  readonly unstable: string | undefined
}

function planFor(createBackend: CreateBackend, defects: KnownDefects): readonly SuiteCase[] {
  const unstable = planConformance({ createBackend, expectedFailures: defects.unstable })
  const failing = planConformance({ createBackend, expectedFailures: defects.failing })
  return failing.map((one, at) => ({ ...one, unstable: unstable[at]?.expectedFailure }))
}

async function outcomeOf(one: SuiteCase): Promise<Pick<CaseResult, 'outcome' | 'reason'>> {
  const { expects, expectedFailure, unstable } = one
  if (unstable !== undefined) return { outcome: 'not-run', reason: unstable }
  try {
    await one.run()
  } catch (error) {
    if (expectedFailure !== undefined) {
      return { outcome: 'expected-failure', reason: expectedFailure }
    }
    return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
  if (expectedFailure !== undefined) {
    return { outcome: 'failed', reason: `It passes, though expected to fail: ${expectedFailure}` }
  }
  return { outcome: expects === 'refusal' ? 'refused' : 'passed' }
}
