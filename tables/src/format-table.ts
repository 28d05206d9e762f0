import Table, { type TableConstructorOptions } from 'cli-table3'

/** A column of a table. */
export interface Column {
  /** What stands above it. */
  readonly head: string
  /** Where its cells stand. Default: left. */
  readonly align?: 'left' | 'right'
  /** Its width in characters, at which words go on to the next line. Default: as its cells need. */
  readonly width?: number
}

/** A table as text: with lines around the cells for a terminal, or without for a pipe or a file. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  borders: boolean,
): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: columns.map(({ width }) => width ?? null),
    wordWrap: columns.some(({ width }) => width !== undefined),
    style: { head: [], border: [], 'padding-left': borders ? 1 : 0 },
    ...(borders ? {} : { chars: plain }),
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

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
