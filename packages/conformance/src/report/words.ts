import {
  type CaseReport,
  type ConformanceOutcome,
  type ConformanceReport,
  countLevels,
  outcomeOf,
} from '../run/conformance-report.js'
import type { CellState } from './matrix.js'

/** What a state is called. */
export const stateNames: Readonly<Record<CellState, string>> = {
  failed: 'failed',
  'unexpected-pass': 'mended',
  'expected-failure': 'known defect',
  passed: 'passed',
  refused: 'refused, as it must be',
  none: 'does not apply',
}

const outcomeNames: Readonly<Record<ConformanceOutcome, string>> = {
  conforming: 'conforming',
  'known-defects': 'conforming but for known defects',
  partial: 'partial run',
  failed: 'not conforming',
}

/** What a run shows, in few words. */
export function outcomeWords(report: Pick<ConformanceReport, 'cases' | 'filtered'>): string {
  const outcome = outcomeOf(report)
  const words = outcomeNames[outcome]
  return outcome === 'failed' && report.filtered ? `${words}, ${outcomeNames.partial}` : words
}

/** How many cases passed of those of each level, and why not all: `must 1,020 of 1,022, …`. */
export function levelWords(cases: readonly CaseReport[]): readonly string[] {
  return Object.entries(countLevels(cases)).flatMap(([level, counts]) => {
    const { passed, failed, 'expected-failure': known, 'unexpected-pass': mended } = counts
    const total = passed + failed + known + mended
    if (total === 0) return []
    const parts = [`${level} ${passed.toLocaleString('en')} of ${total.toLocaleString('en')}`]
    if (failed > 0) parts.push(`${failed} failed`)
    if (mended > 0) parts.push(`${mended} mended`)
    if (known > 0) parts.push(count(known, 'known defect'))
    return [parts.join(', ')]
  })
}

/** What it means that a report has no case of a requirement. */
export function absenceWords({ filtered, scope }: ConformanceReport): string {
  return filtered || scope === 'pairs' ? 'not in this run' : stateNames.none
}

/** A version as people write it. */
export function versionLabel(version: string | null): string {
  if (version === null) return 'any version'
  return version.replace(/v1$/, 'v1.0').replace(/^(D?TLS)v/, '$1 ')
}

/** A backend, and its peer if that is another. */
export function pairLabel({ backend, peer }: ConformanceReport): string {
  return backend === peer ? backend : `${backend} → ${peer}`
}

/** Where it ran, and over what. */
export function placeLabel({ runtime, transport }: ConformanceReport): string {
  return [runtime ?? '', transport === 'memory' ? '' : `over ${transport}`]
    .filter((part) => part !== '')
    .join(', ')
}

/** A report among others: where it ran, too, if the pair alone does not tell which it is. */
export function reportLabel(report: ConformanceReport, all: readonly ConformanceReport[]): string {
  const isOne = all.filter((one) => pairLabel(one) === pairLabel(report)).length === 1
  const place = placeLabel(report)
  return isOne || place === '' ? pairLabel(report) : `${pairLabel(report)}, ${place}`
}

/** A number and what it counts. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** A duration. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`
}
