import { type Column, formatTable } from '@tlsio/tables'
import type { Ratio, Result } from './results.js'

const columns: readonly Column[] = [
  { head: 'Work' },
  { head: 'tlsio', align: 'right' },
  { head: 'Baseline' },
  { head: 'raw', align: 'right' },
  { head: 'Ratio', align: 'right' },
  { head: 'min–max', align: 'right' },
  { head: 'Aim', align: 'right' },
  { head: 'CPU', align: 'right' },
]

/** The results as a table, in plain text. */
export function formatResults(results: readonly Result[], borders: boolean): string {
  const rows = results.map((result, at) => {
    const isSameWork = result.name === results[at - 1]?.name
    return [isSameWork ? '' : result.title, ...cells(result)]
  })
  return formatTable(columns, rows, borders)
}

function cells({ unit, baseline, tlsioRate, rawRate, ratio, cpuRatio, aim }: Result): string[] {
  return [
    rate(tlsioRate, unit),
    baseline,
    rate(rawRate, unit),
    ratio.median.toFixed(2),
    spread(ratio),
    `≥ ${aim.toFixed(2)}`,
    cpuRatio?.median.toFixed(2) ?? '–',
  ]
}

function rate(value: number, unit: string): string {
  return `${Math.round(value)} ${unit.endsWith('s/s') ? '/s' : unit}`
}

function spread({ min, max }: Ratio): string {
  return `${min.toFixed(2)}–${max.toFixed(2)}`
}
