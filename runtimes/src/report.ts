import Table, { type TableConstructorOptions } from 'cli-table3'
import type { Row, RuntimeResults } from './results.js'

/** Runtime by backend, in plain text. */
export function formatTable(rows: readonly Row[], borders: boolean): string {
  const table = new Table({
    head: ['Runtime', 'Backend', 'Passed', 'Refused', 'Failed', 'Expected failures', 'Note'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
    ...(borders ? {} : { chars: plain }),
  })
  for (const { runtime, backend, passed, refused, failed, expectedFailures, note } of rows) {
    table.push([runtime, backend, passed, refused, failed, expectedFailures, note])
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
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

/** Without lines around the cells, for a pipe or a file. */
const plain: NonNullable<TableConstructorOptions['chars']> = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}
