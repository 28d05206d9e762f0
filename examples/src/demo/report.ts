import Table, { type TableConstructorOptions } from 'cli-table3'
import type { DemoRun } from './run.js'

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

/** The runs as a table, in plain text. */
export function formatRuns(runs: readonly DemoRun[], borders: boolean): string {
  const table = new Table({
    head: ['Backend', 'TLS', 'Data connections, as the server saw them', 'Full', 'Resumed'],
    colWidths: [9, 9, 44, 10, 10],
    colAligns: ['left', 'left', 'left', 'right', 'right'],
    style: { head: [], border: [], 'padding-left': borders ? 1 : 0 },
    wordWrap: true,
    ...(borders ? {} : { chars: plain }),
  })
  for (const run of runs) {
    const { backend, protocolVersion, full, resumed } = run
    table.push([
      backend,
      protocolVersion,
      describeData(run),
      milliseconds(full),
      milliseconds(resumed),
    ])
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function describeData({ data, refusal }: DemoRun): string {
  const lines = data.map(({ verb, resumed }) => `${verb} ${resumed ? 'resumed' : 'NOT resumed'}`)
  if (refusal !== null) lines.push(`Refused: ${refusal}`)
  return lines.join('\n')
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`
}
