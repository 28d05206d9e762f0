import { type Column, formatTable } from '@tlsio/tables'
import type { DemoRun } from './run.js'

const columns: readonly Column[] = [
  { head: 'Backend', width: 9 },
  { head: 'TLS', width: 9 },
  { head: 'Data connections, as the server saw them', width: 44 },
  { head: 'Full', align: 'right', width: 10 },
  { head: 'Resumed', align: 'right', width: 10 },
]

/** The runs as a table, in plain text. */
export function formatRuns(runs: readonly DemoRun[], borders: boolean): string {
  const rows = runs.map((run) => {
    const { backend, protocolVersion, full, resumed } = run
    return [
      backend,
      protocolVersion ?? '-',
      describeData(run),
      milliseconds(full),
      milliseconds(resumed),
    ]
  })
  return formatTable(columns, rows, borders)
}

function describeData({ isHere, data, refusal }: DemoRun): string {
  if (!isHere) return `Not here: ${refusal}`
  const lines = data.map(({ verb, resumed }) => `${verb} ${resumed ? 'resumed' : 'NOT resumed'}`)
  if (refusal !== null) lines.push(`Refused: ${refusal}`)
  return lines.join('\n')
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`
}
