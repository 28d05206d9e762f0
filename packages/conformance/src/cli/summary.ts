import { levelWords, outcomeWords } from '../report/words.js'
import {
  type CaseReport,
  type ConformanceReport,
  countVerdicts,
  outcomeOf,
} from '../run/conformance-report.js'
import type { Output, Paint } from './output.js'
import { printable } from './printable.js'

/** The summary of a run: a table of its areas, known defects with their reasons, and the outcome. */
export function summaryText(report: ConformanceReport, { paint }: Pick<Output, 'paint'>): string {
  const { cases } = report
  const areas = [...new Set(cases.map(({ area }) => area))]
  const rows = [
    ...areas.map((area) =>
      rowOf(
        area,
        cases.filter((one) => one.area === area),
      ),
    ),
    rowOf('all', cases),
  ]
  return [
    paint.strong(nameOf(report)),
    ...placeLines(report, paint),
    ...tableLines(rows, paint),
    ...knownDefectLines(cases, paint),
    levelWords(cases).join('; '),
    outcomeLine(report, paint),
    '',
  ].join('\n')
}

/** What ran, in one line. */
export function nameOf(report: ConformanceReport): string {
  const { backend, peer, transport, versions } = report
  const over = transport === 'memory' ? '' : ` over ${transport}`
  return printable(`${backend}→${peer}${over} ${versions.join(', ')}`.trim())
}

/** Where it ran, and who did what. */
function placeLines(report: ConformanceReport, paint: Paint): readonly string[] {
  const { runtime, backend, peer, scope } = report
  const parts = [
    ...(runtime === null ? [] : [runtime]),
    ...(backend === peer ? [] : [`clients of ${backend}, servers of ${peer}`]),
    ...(scope === 'pairs' ? ['without what needs no peer'] : []),
  ]
  return parts.length === 0 ? [] : [paint.faint(printable(parts.join(', ')))]
}

interface Row {
  readonly area: string
  readonly counts: readonly number[]
  readonly seconds: number
}

const headings = ['passed', 'refused', 'known', 'failed']

function rowOf(area: string, cases: readonly CaseReport[]): Row {
  const verdicts = countVerdicts(cases)
  const refused = cases.filter(isRefusal).length
  const failed = verdicts.failed + verdicts['unexpected-pass']
  const milliseconds = cases.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return {
    area: printable(area),
    counts: [verdicts.passed - refused, refused, verdicts['expected-failure'], failed],
    seconds: milliseconds / 1000,
  }
}

function isRefusal({ expects, verdict }: CaseReport): boolean {
  return expects === 'refusal' && verdict === 'passed'
}

function tableLines(rows: readonly Row[], paint: Paint): readonly string[] {
  const width = Math.max(...rows.map(({ area }) => area.length))
  const paints = [paint.good, String, paint.known, paint.bad]
  const heading = ['area'.padEnd(width), ...headings.map((one) => one.padStart(8)), '        s']
  const lines = rows.map(({ area, counts, seconds }) => {
    // A zero is no news.
    const cells = counts.map((count, at) => {
      return count === 0 ? paint.faint('·'.padStart(8)) : paints[at]?.(String(count).padStart(8))
    })
    return `${area.padEnd(width)}${cells.join('')}${paint.faint(seconds.toFixed(2).padStart(9))}`
  })
  const rule = paint.faint('─'.repeat(width + 8 * headings.length + 9))
  return [paint.faint(heading.join('')), rule, ...lines.slice(0, -1), rule, ...lines.slice(-1)]
}

function knownDefectLines(cases: readonly CaseReport[], paint: Paint): readonly string[] {
  const known = cases.filter(({ verdict }) => verdict === 'expected-failure')
  if (known.length === 0) return []
  const reasons = [...new Set(known.map(({ expectedFailure }) => expectedFailure ?? ''))]
  return [
    'Known defects:',
    ...reasons.flatMap((reason) => [
      `${paint.known('!')} ${printable(reason)}`,
      ...known
        .filter(({ expectedFailure }) => expectedFailure === reason)
        .map(({ title }) => `    ${paint.faint(printable(title))}`),
    ]),
  ]
}

function outcomeLine(report: ConformanceReport, paint: Paint): string {
  const counts = countVerdicts(report.cases)
  const parts = [
    `${counts.passed} passed`,
    `${counts.failed} failed`,
    `${counts['expected-failure']} expected to fail`,
  ]
  const mended = counts['unexpected-pass']
  if (mended > 0) parts.push(`${mended} mended and still in expectedFailures`)
  const seconds = (report.durationMs / 1000).toFixed(1)
  const words = `${outcomeWords(report)}: ${parts.join(', ')} in ${seconds} s`
  const outcome = outcomeOf(report)
  if (outcome === 'failed') return paint.bad(`✗ ${words}`)
  return outcome === 'conforming' ? paint.good(`✓ ${words}`) : paint.known(`! ${words}`)
}
