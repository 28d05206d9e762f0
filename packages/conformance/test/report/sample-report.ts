import { listRequirements } from '#src/requirements.js'
import {
  type CaseReport,
  type ConformanceReport,
  countLevels,
  outcomeOf,
} from '#src/run/conformance-report.js'
import { runConformance } from '#src/run/run-conformance.js'
import { createForgetfulBackend } from '../faulty-backends.js'

/** Text that would do harm if it became markup. */
export const hostile = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'

/**
 * A report with each verdict: a real run over a backend that forgets its protocols, with names and
 * reasons of somebody who means harm.
 */
export async function sampleReport(): Promise<ConformanceReport> {
  const report = await runConformance({
    createBackend: createForgetfulBackend,
    filter: (title) => /\/(alpn|server-name|backend-selection)\//.test(title),
    expectedFailures: {
      'TLSv1.2/alpn/agreed': hostile,
      'server-name/in-a-labels': 'it was broken',
    },
    runtime: `A test ${hostile}`,
  })
  const broken = report.cases.map((one) =>
    one.verdict === 'failed' ? { ...one, error: `${one.error} ${hostile}` } : one,
  )
  return { ...report, backend: 'forgetful', peer: 'forgetful', cases: broken }
}

/** A case that has passed. */
export function passed(changes: Partial<CaseReport> = {}): CaseReport {
  const requirement = listRequirements()[0]?.requirements[0]
  return {
    title: 'x→x/TLSv1.3/area/case',
    name: 'area/case',
    area: 'area',
    version: 'TLSv1.3',
    requirement: requirement?.id ?? '',
    level: 'must',
    source: 'a source',
    expects: 'success',
    verdict: 'passed',
    expectedFailure: null,
    durationMs: 1,
    error: null,
    trace: [],
    ...changes,
  }
}

/** A report of these cases, of which none was left out. */
export function reportOf(
  cases: readonly CaseReport[],
  changes: Partial<ConformanceReport> = {},
): ConformanceReport {
  const { filtered = false } = changes
  const outcome = outcomeOf({ cases, filtered })
  return { ...emptyReport, cases, filtered, outcome, levels: countLevels(cases), ...changes }
}

const emptyReport: ConformanceReport = {
  ...(await runConformance({ createBackend: createForgetfulBackend, filter: () => false })),
  versions: ['TLSv1.2', 'TLSv1.3'],
}
