import test from 'ava'
import { daysBetween, describeValidity } from '#src/cert/days-left.js'

const [from, to] = [Date.parse('2030-01-01T00:00:00Z'), Date.parse('2030-04-01T00:00:00Z')]

const cases: readonly [now: string, words: string][] = [
  ['2030-01-04T00:00:00Z', '87 days left'],
  ['2030-03-30T23:59:59Z', '1 day left'],
  ['2030-03-31T00:00:00Z', '1 day left'],
  ['2030-03-31T00:00:01Z', '23 hours left'],
  ['2030-03-31T23:00:00Z', '1 hour left'],
  ['2030-03-31T23:00:01Z', '59 minutes left'],
  ['2030-04-01T00:00:00Z', 'less than a minute left'],
  ['2030-04-01T00:00:00.001Z', 'expired less than a minute ago'],
  ['2030-04-04T12:00:00Z', 'expired 3 days ago'],
  ['2029-12-31T22:00:00Z', 'not yet valid, begins in 2 hours'],
  ['2029-12-31T23:59:59.999Z', 'not yet valid, begins in less than a minute'],
]

for (const [now, words] of cases) {
  test(`days-left/at-${now}`, (t) => {
    t.is(describeValidity(from, to, Date.parse(now)), words)
  })
}

test('days-left/whole-days-rounded-down', (t) => {
  t.is(daysBetween(from, to), 90)
  t.is(daysBetween(from + 1, to), 89)
  t.is(daysBetween(to, to), 0)
  t.is(daysBetween(to + 1, to), -1)
})
