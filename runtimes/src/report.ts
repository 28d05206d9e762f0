import { type Column, formatTable } from '@tlsio/tables'
import type { Row, RuntimeResults } from './results.js'

const columns: readonly Column[] = [
  { head: 'Runtime' },
  { head: 'Backend' },
  { head: 'Passed', align: 'right' },
  { head: 'Refused', align: 'right' },
  { head: 'Failed', align: 'right' },
  { head: 'Expected failures', align: 'right' },
  { head: 'Note' },
]

/** Runtime by backend, in plain text. */
export function formatResults(results: readonly Row[], borders: boolean): string {
  const rows = results.map(
    ({ runtime, backend, passed, refused, failed, expectedFailures, note }) => [
      runtime,
      backend,
      passed,
      refused,
      failed,
      expectedFailures,
      note,
    ],
  )
  return formatTable(columns, rows, borders)
}

/** Each case that failed, and why. */
export function formatFailures({ runtime, cases }: RuntimeResults): string[] {
  return cases
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ title, reason }) => `not ok ${runtime} ${title}\n  ${reason}`)
}

/** What is known to fail, or not run, each reason once. */
export function formatKnownDefects(results: readonly RuntimeResults[]): string[] {
  return results.flatMap(({ runtime, cases }) => {
    const times = new Map<string, number>()
    for (const { backend, outcome, reason } of cases) {
      if (outcome !== 'expected-failure' && outcome !== 'not-run') continue
      const what = outcome === 'not-run' ? 'not run' : 'expected to fail'
      const line = `${what}: ${runtime}, ${backend}: ${reason}`
      times.set(line, (times.get(line) ?? 0) + 1)
    }
    return [...times].map(([line, count]) => `${line} (${count})`)
  })
}
