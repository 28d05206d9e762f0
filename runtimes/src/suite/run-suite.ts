import {
  type CaseReport,
  type CreateBackend,
  type PlannedCase,
  planConformance,
  runConformance,
} from '@tlsio/conformance'
import type { KnownDefects, RuntimeDefects } from './known-defects/index.js'
import type { CaseResult, SuiteMessage } from './messages.js'

/** Options of {@link runSuite}. */
export interface SuiteOptions {
  /** The backends to run it on, by name. */
  readonly backends: Readonly<Record<string, CreateBackend>>
  /** What is known to be wrong with them in this runtime. */
  readonly knownDefects?: RuntimeDefects | undefined
  /** Takes each message; the next case waits for it. */
  report(message: SuiteMessage): unknown
}

/** Runs the conformance suite on each backend, and tells how it goes. */
export async function runSuite(options: SuiteOptions): Promise<void> {
  const { backends, knownDefects = {}, report } = options
  const runs = Object.entries(backends).map(([backend, createBackend]) => {
    const { unstable, failing } = knownDefects[backend] ?? ({} as KnownDefects)
    const plan = planConformance({ createBackend, expectedFailures: unstable })
    return { backend, createBackend, failing, plan }
  })
  for (const { backend, plan } of runs) {
    await report({ kind: 'plan', backend, cases: plan.length })
  }
  for (const { backend, createBackend, failing, plan } of runs) {
    const left = plan.filter((one) => one.expectedFailure !== undefined)
    for (const one of left) await report(notRun(backend, one))
    const unstable = new Set(left.map(({ title }) => title))
    const result = await runConformance({
      createBackend,
      expectedFailures: failing,
      filter: (title) => !unstable.has(title),
      onResult: (one) => report(resultOf(backend, one)),
    })
    await report({ kind: 'report', backend, report: result })
  }
}

function notRun(backend: string, { title, expectedFailure }: PlannedCase): CaseResult {
  return { kind: 'case', backend, title, outcome: 'not-run', reason: expectedFailure }
}

function resultOf(backend: string, one: CaseReport): CaseResult {
  const { title, verdict, expects, error, expectedFailure } = one
  const result = { kind: 'case', backend, title } as const
  switch (verdict) {
    case 'passed':
      return { ...result, outcome: expects === 'refusal' ? 'refused' : 'passed' }
    case 'failed':
      return { ...result, outcome: 'failed', reason: error ?? undefined }
    case 'expected-failure':
      return { ...result, outcome: 'expected-failure', reason: expectedFailure ?? undefined }
    case 'unexpected-pass': {
      const reason = `It passes, though expected to fail: ${expectedFailure}`
      return { ...result, outcome: 'failed', reason }
    }
  }
}
