import test from 'ava'
import { formatTable } from '#src/format-table.js'

const columns = [{ head: 'Name' }, { head: 'Count', align: 'right' }] as const

test('table/plain', (t) => {
  t.is(
    formatTable(
      columns,
      [
        ['one', 1],
        ['several', 1000],
      ],
      false,
    ),
    ['Name     Count', 'one          1', 'several   1000'].join('\n'),
  )
})

test('table/lines', (t) => {
  const lines = formatTable(columns, [['one', 1]], true).split('\n')
  t.regex(lines[0] ?? '', /^┌─+┬─+┐$/)
  t.regex(lines[1] ?? '', /^│ Name │ Count │$/)
})

test('table/words-go-on-to-the-next-line', (t) => {
  const narrow = [{ head: 'Words', width: 8 }]
  t.is(formatTable(narrow, [['first second']], false), ['Words', 'first', 'second'].join('\n'))
})
