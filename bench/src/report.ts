import Table, { type TableConstructorOptions } from 'cli-table3'
import type { BaselineResult, Ratio, Result } from './results.js'

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

/** The results as a table, in plain text. */
export function formatResults(results: readonly Result[], borders: boolean): string {
  const table = new Table({
    head: ['Work', 'tlsio', 'Baseline', 'raw', 'Ratio', 'min–max', 'Aim', 'CPU'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    ...(borders ? {} : { chars: plain }),
  })
  for (const result of results) {
    for (const [at, baseline] of result.baselines.entries()) {
      const first = at === 0 ? [result.title, rate(result.rate, result.unit)] : ['', '']
      table.push([...first, ...cells(baseline, result.unit)])
    }
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function cells(baseline: BaselineResult, unit: string): string[] {
  const { label, ratio, cpuRatio, aim } = baseline
  return [
    label,
    rate(baseline.rate, unit),
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
