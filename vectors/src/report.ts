import { type Column, formatTable } from '@tlsio/tables'
import { type CaseResult, percent, type Tally, tallies } from './results.js'

const columns: readonly Column[] = [
  { head: 'Suite' },
  { head: 'Validator' },
  { head: 'Agree', align: 'right' },
  { head: 'Arguable', align: 'right' },
  { head: 'Wrongly accepted', align: 'right' },
  { head: 'Wrongly rejected', align: 'right' },
  { head: 'Valid accepted', align: 'right' },
  { head: 'Aim', align: 'right' },
]

/** The figures as a table, then each case that this library sees differently, with the reason. */
export function formatResults(
  results: readonly CaseResult[],
  openssl: string | undefined,
  borders: boolean,
): string {
  const ofOpenSsl = openssl === undefined ? [] : tallies(results, 'openssl')
  const rows: string[][] = []
  for (const [at, tally] of tallies(results, 'own').entries()) {
    rows.push([tally.suite, 'tlsio', ...cells(tally), `≥ ${percent(tally.aim)}`])
    const other = ofOpenSsl[at]
    if (other !== undefined) rows.push(['', 'openssl verify', ...cells(other), ''])
  }
  return [formatTable(columns, rows, borders), ...exceptionLines(results)].join('\n')
}

function cells({ counts, acceptedShare }: Tally): string[] {
  const { agree, arguable } = counts
  const wrong = [counts['wrongly-accepted'], counts['wrongly-rejected']]
  return [...[agree, arguable, ...wrong].map(String), percent(acceptedShare)]
}

function exceptionLines(results: readonly CaseResult[]): string[] {
  return results
    .filter(({ own }) => own.outcome !== 'agree')
    .map(
      ({ suite, id, own, exception }) =>
        `${own.outcome}: ${suite} ${id}: ${exception ?? own.reasons.join('; ')}`,
    )
}
