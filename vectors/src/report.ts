import Table, { type TableConstructorOptions } from 'cli-table3'
import { type CaseResult, percent, type Tally, tallies } from './results.js'

/** The figures as a table, then each case that this library sees differently, with the reason. */
export function formatResults(
  results: readonly CaseResult[],
  openssl: string | undefined,
  borders: boolean,
): string {
  const table = new Table({
    head: [
      'Suite',
      'Validator',
      'Agree',
      'Arguable',
      'Wrongly accepted',
      'Wrongly rejected',
      'Valid accepted',
      'Aim',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    ...(borders ? {} : { chars: plain }),
  })
  const ofOpenSsl = openssl === undefined ? [] : tallies(results, 'openssl')
  for (const [at, tally] of tallies(results, 'own').entries()) {
    table.push([tally.suite, 'tlsio', ...cells(tally), `≥ ${percent(tally.aim)}`])
    const other = ofOpenSsl[at]
    if (other !== undefined) table.push(['', 'openssl verify', ...cells(other), ''])
  }
  const lines = table.toString().split('\n')
  return [...lines.map((line) => line.trimEnd()), ...exceptionLines(results)].join('\n')
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
  middle: '  ',
}
