import type { ConformanceReport } from '../run/conformance-report.js'
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

/** A version as people write it. */
export function versionLabel(version: string | null): string {
  if (version === null) return 'any version'
  return version === 'TLSv1' ? 'TLS 1.0' : version.replace(/^TLSv/, 'TLS ')
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

/** A number and what it counts. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** A duration. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`
}
