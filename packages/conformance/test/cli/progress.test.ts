import test from 'ava'
import { type Output, plain } from '#src/cli/output.js'
import { Progress } from '#src/cli/progress.js'
import { summaryText } from '#src/cli/summary.js'
import { passed, reportOf } from '../report/sample-report.js'

const clear = '\r\u001b[K'
const failed = { verdict: 'failed', error: 'It is \u001b[31mred\u001b[0m\u202e.' } as const

/** Where the text goes, and a clock. */
function world(columns?: number) {
  const written: string[] = []
  const output: Output = { write: (text) => written.push(text), columns, paint: plain }
  const time = { now: 0 }
  return { written, output, time, now: () => time.now }
}

test('progress/one-line-on-a-terminal', (t) => {
  const { written, output, time, now } = world(60)
  const progress = new Progress(output, 'node→node', 4, now)
  progress.next(passed())
  progress.next(passed())
  t.is(written.filter((text) => text !== clear).length, 2, 'no sooner than can be seen')
  time.now = 50
  progress.next(passed({ name: `a-long-name/${'x'.repeat(100)}` }))
  progress.stop()
  const lines = written.filter((text) => text !== clear)
  t.is(lines.length, 3)
  t.true(lines.every((line) => line.length < 60 && !line.includes('\n')))
  t.regex(lines[0] ?? '', /^─{24} 0\/4 node→node/)
  t.regex(lines[2] ?? '', /^━{18}─{6} 3\/4 node→node {2}a-long-name/)
  t.is(written.at(-1), clear, 'nothing stays')
})

test('progress/failures-stay', (t) => {
  const { written, output, now } = world(60)
  const progress = new Progress(output, 'node→node', 2, now)
  progress.next(passed(failed))
  const at = written.findIndex((text) => text.startsWith('✗ x→x/TLSv1.3/area/case\n'))
  t.is(written[at - 1], clear)
})

test('progress/plain-elsewhere', (t) => {
  const { written, output, now } = world()
  const progress = new Progress(output, 'node→node', 2, now)
  progress.next(passed())
  progress.next(passed(failed))
  progress.stop()
  t.is(written.length, 2)
  t.is(written[0], 'node→node: 2 cases\n')
  t.notRegex(written.join(''), /[^\P{C}\n]/u, 'nothing controls a terminal')
})

test('summary/areas-and-outcome', (t) => {
  const cases = [
    passed({ area: 'one', durationMs: 1500 }),
    passed({ area: 'one', expects: 'refusal' }),
    passed({ area: 'two', level: 'should', ...failed }),
    passed({
      area: 'two',
      verdict: 'expected-failure',
      expectedFailure: 'known \u001b[2J',
      error: 'x',
    }),
  ]
  const text = summaryText(reportOf(cases, { durationMs: 2000 }), { paint: plain })
  t.regex(text, /^area +passed +refused +known +failed +s$/m)
  t.regex(text, /^one +1 +1 +· +· +1\.50$/m)
  t.regex(text, /^two +· +· +1 +1 +0\.00$/m)
  t.regex(text, /^all +1 +1 +1 +1 +1\.50$/m)
  t.regex(text, /^must 2 of 3, 1 known defect; should 0 of 1, 1 failed$/m)
  t.regex(text, /^✗ not conforming: 2 passed, 1 failed, 1 expected to fail in 2\.0 s$/m)
  t.notRegex(text, /[^\P{C}\n]/u)
})

test('summary/what-a-run-shows', (t) => {
  const known = { verdict: 'expected-failure', expectedFailure: 'known', error: 'x' } as const
  const last = (...[cases, changes]: Parameters<typeof reportOf>) =>
    summaryText(reportOf(cases, changes), { paint: plain }).trim().split('\n').at(-1) ?? ''
  t.regex(last([passed()]), /^✓ conforming: 1 passed/)
  t.regex(last([passed(known)]), /^! conforming but for known defects: 0 passed/)
  t.regex(last([passed({ ...known, level: 'should' })]), /^✓ conforming: 0 passed/)
  t.regex(last([]), /^! partial run: 0 passed/)
  t.regex(last([passed()], { filtered: true }), /^! partial run: 1 passed/)
  t.regex(last([passed(failed)], { filtered: true }), /^✗ not conforming, partial run: 0 passed/)
})
