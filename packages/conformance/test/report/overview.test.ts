import test from 'ava'
import { matrixOf } from '#src/report/matrix.js'
import { overview } from '#src/report/overview.js'
import type { ConformanceReport } from '#src/run/conformance-report.js'
import { passed, reportOf } from './sample-report.js'

const known = { verdict: 'expected-failure', expectedFailure: 'known', error: 'x' } as const
const failed = { verdict: 'failed', error: 'It broke.' } as const

/** The first line, without markup. */
function outcomeOf(...reports: readonly ConformanceReport[]): string {
  const { text } = overview(matrixOf(reports, []))
  const [, line = ''] = /<p class="outcome[^"]*">(.*)<\/p>/.exec(text) ?? []
  return line.replace(/<[^>]*>/g, '')
}

test('overview/all-is-said-of-all-only', (t) => {
  const good = reportOf([passed(), passed()])
  t.is(outcomeOf(good), 'All 2 cases ended as they must.')
  t.is(outcomeOf(good, good), 'All 4 cases ended as they must.')
  t.is(
    outcomeOf(reportOf([passed(), passed(known)])),
    '1 of 2 cases ended as they must, 1 known defect.',
  )
  t.is(
    outcomeOf(reportOf([passed()], { filtered: true })),
    '1 of 1 case ended as they must. This is a partial run.',
  )
  t.is(outcomeOf(reportOf([])), '0 of 0 cases ended as they must. This is a partial run.')
  t.is(
    outcomeOf(good, reportOf([passed(known)], { filtered: true })),
    '2 of 3 cases ended as they must, 1 known defect. 1 of 2 runs is partial.',
  )
})

test('overview/failures', (t) => {
  const mended = { verdict: 'unexpected-pass', expectedFailure: 'known' } as const
  t.is(outcomeOf(reportOf([passed(), passed(failed)])), '1 case of 2 failed.')
  t.is(
    outcomeOf(reportOf([passed(mended), passed(failed)], { filtered: true })),
    '1 case of 2 failed, 1 known defect is mended. This is a partial run.',
  )
})
