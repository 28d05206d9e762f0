import test from 'ava'
import { matrixOf } from '#src/report/matrix.js'
import type { RequirementGroup } from '#src/requirement.js'
import type { CaseReport } from '#src/run/conformance-report.js'
import { passed, reportOf } from './sample-report.js'

const requirement = {
  id: 'one',
  level: 'must' as const,
  statement: 'It is.',
  source: 'us',
  cases: [],
}
const groups: readonly RequirementGroup[] = [
  {
    title: 'Area',
    subject: 'backend',
    requirements: [requirement, { ...requirement, id: 'two' }],
  },
]

function rowOf(...cases: readonly Partial<CaseReport>[]) {
  const all = cases.map((one) => passed({ requirement: 'one', ...one }))
  return matrixOf([reportOf(all)], groups).groups[0]?.rows[0]
}

test('matrix/a-cell-for-each-version', (t) => {
  const row = rowOf({ version: 'TLSv1.2', verdict: 'failed' }, { version: 'TLSv1.3' })
  t.deepEqual(
    row?.cells.map(({ version, state, columns }) => [version, state, columns]),
    [
      ['TLSv1.2', 'failed', 1],
      ['TLSv1.3', 'passed', 1],
    ],
  )
  t.is(row?.state, 'failed')
})

test('matrix/one-cell-where-the-version-does-not-matter', (t) => {
  const row = rowOf({ version: null })
  t.deepEqual(
    row?.cells.map(({ version, columns }) => [version, columns]),
    [[null, 2]],
  )
})

test('matrix/what-does-not-depend-on-versions-counts-for-each', (t) => {
  const row = rowOf({ version: null, verdict: 'failed' }, { version: 'TLSv1.3' })
  t.deepEqual(
    row?.cells.map(({ cases, state }) => [cases.length, state]),
    [
      [1, 'failed'],
      [2, 'failed'],
    ],
  )
})

test('matrix/the-worst-of-several', (t) => {
  const version = 'TLSv1.3'
  const stateOf = (...cases: readonly Partial<CaseReport>[]) =>
    rowOf(...cases.map((one) => ({ version, ...one }) as const))?.state
  const refusal = { expects: 'refusal' } as const
  t.is(stateOf(), 'none')
  t.is(stateOf(refusal), 'refused')
  t.is(stateOf(refusal, {}), 'passed')
  t.is(stateOf({}, { verdict: 'expected-failure' }), 'expected-failure')
  t.is(stateOf({ verdict: 'expected-failure' }, { verdict: 'unexpected-pass' }), 'unexpected-pass')
  t.is(stateOf({ verdict: 'unexpected-pass' }, { verdict: 'failed' }), 'failed')
  t.is(stateOf({ verdict: 'failed', ...refusal }), 'failed')
})

test('matrix/requirements-without-cases-stay', (t) => {
  const [group] = matrixOf([reportOf([])], groups).groups
  t.deepEqual(
    group?.rows.map(({ state }) => state),
    ['none', 'none'],
  )
})

test('matrix/requirements-of-another-version-of-the-kit', (t) => {
  const report = reportOf([passed({ requirement: 'gone' })])
  const last = matrixOf([report], groups).groups.at(-1)
  t.is(last?.rows[0]?.requirement.id, 'gone')
  t.is(last?.rows[0]?.state, 'passed')
})

test('matrix/reports-side-by-side', (t) => {
  const reports = [reportOf([]), reportOf([], { versions: [] })]
  const { groups: rows, reports: columns } = matrixOf(reports, groups)
  t.deepEqual(
    columns.map(({ versions }) => versions),
    [['TLSv1.2', 'TLSv1.3'], [null]],
  )
  t.deepEqual(
    rows[0]?.rows[0]?.cells.map(({ report }) => report),
    [0, 1],
  )
})
