import test from 'ava'
import { readReports, writeReports } from '#src/report/read-reports.js'
import { passed, reportOf, sampleReport } from './sample-report.js'

test('read-reports/what-was-written', async (t) => {
  const reports = [await sampleReport(), reportOf([passed()])]
  t.true(reports[0]?.cases.some(({ trace }) => trace.length > 0))
  t.deepEqual(readReports(writeReports(reports)), JSON.parse(JSON.stringify(reports)))
  t.is(readReports(JSON.stringify(reports[1])).length, 1, 'a report by itself')
})

const refused: readonly [name: string, text: string, why: RegExp][] = [
  ['no-json', '{', /no JSON/],
  ['no-report', '[]', /no report in it/],
  ['number', '7', /no report of the conformance suite/],
  ['null', '[null]', /no report of the conformance suite/],
  [
    'another-format',
    JSON.stringify({ format: 'something-else' }),
    /no report of the conformance suite/,
  ],
  ['another-version', JSON.stringify({ ...reportOf([]), formatVersion: 2 }), /version 2, not 1/],
  ['no-cases', JSON.stringify({ ...reportOf([]), cases: 'none' }), /"cases"/],
  ['no-versions', JSON.stringify({ ...reportOf([]), versions: [1] }), /"versions"/],
  [
    'no-verdict',
    JSON.stringify(reportOf([{ ...passed(), verdict: 'fine' as 'passed' }])),
    /"cases"/,
  ],
  ['not-said-whether-filtered', JSON.stringify({ ...reportOf([]), filtered: 'no' }), /"filtered"/],
  ['no-levels', JSON.stringify({ ...reportOf([]), levels: {} }), /"levels"/],
  [
    'an-outcome-that-its-cases-do-not-have',
    JSON.stringify({ ...reportOf([]), outcome: 'conforming' }),
    /"outcome" is not what its cases say/,
  ],
  ['no-trace', JSON.stringify(reportOf([{ ...passed(), trace: [{}] as never }])), /"cases"/],
]

for (const [name, text, why] of refused) {
  test(`read-reports/refused/${name}`, (t) => {
    t.throws(() => readReports(text), { instanceOf: TypeError, message: why })
  })
}
