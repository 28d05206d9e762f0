import type { Requirement, RequirementGroup, RequirementLevel } from '../requirement.js'
import type { CaseReport, ConformanceReport } from '../run/conformance-report.js'

/**
 * What a cell says, the worst first: of several cases it is the worst. `refused`: all that was asked
 * is not supported, and was refused as it must be.
 */
export const cellStates = [
  'failed',
  'unexpected-pass',
  'expected-failure',
  'passed',
  'refused',
  'none',
] as const

/** One of {@link cellStates}. */
export type CellState = (typeof cellStates)[number]

/** Requirements by backends and versions. */
export interface Matrix {
  readonly reports: readonly MatrixReport[]
  readonly groups: readonly MatrixGroup[]
}

/** The columns of one report: one for each version, or a single one. */
export interface MatrixReport {
  readonly report: ConformanceReport
  readonly versions: readonly (string | null)[]
}

/** The rows of one area. */
export interface MatrixGroup {
  readonly title: string
  readonly rows: readonly MatrixRow[]
}

/** A requirement. */
export interface MatrixRow {
  readonly requirement: Pick<Requirement, 'id' | 'statement' | 'source'> & {
    readonly level: RequirementLevel
  }
  readonly cells: readonly MatrixCell[]
  /** The worst of its cells. */
  readonly state: CellState
}

/** A requirement in some columns of a report. */
export interface MatrixCell {
  /** Which of the reports. */
  readonly report: number
  /** The version; `null` if the cases do not depend on it. */
  readonly version: string | null
  /** How many columns it takes. */
  readonly columns: number
  readonly cases: readonly CaseReport[]
  readonly state: CellState
}

/** Puts reports side by side. What checks no requirement of this kit is listed at the end. */
export function matrixOf(
  reports: readonly ConformanceReport[],
  groups: readonly RequirementGroup[],
): Matrix {
  const columns = reports.map((report) => ({
    report,
    versions: report.versions.length > 0 ? report.versions : [null],
  }))
  const byRequirement = reports.map((report) => casesByRequirement(report))
  const rowOf = (requirement: MatrixRow['requirement']): MatrixRow => {
    const cells = columns.flatMap(({ versions }, report) =>
      cellsOf(byRequirement[report]?.get(requirement.id) ?? [], report, versions),
    )
    return { requirement, cells, state: worst(cells.map(({ state }) => state)) }
  }
  const known = new Set(groups.flatMap(({ requirements }) => requirements.map(({ id }) => id)))
  const all = [...groups, ...unknownGroups(reports, known)]
  return {
    reports: columns,
    groups: all.map(({ title, requirements }) => ({ title, rows: requirements.map(rowOf) })),
  }
}

/** What a case counts as. */
export function stateOf({ verdict, expects }: CaseReport): CellState {
  return verdict === 'passed' && expects === 'refusal' ? 'refused' : verdict
}

function casesByRequirement({ cases }: ConformanceReport): ReadonlyMap<string, CaseReport[]> {
  const found = new Map<string, CaseReport[]>()
  for (const one of cases) {
    const list = found.get(one.requirement) ?? []
    list.push(one)
    found.set(one.requirement, list)
  }
  return found
}

function cellsOf(
  cases: readonly CaseReport[],
  report: number,
  versions: readonly (string | null)[],
): readonly MatrixCell[] {
  if (cases.every(({ version }) => version === null)) {
    return [{ report, version: null, columns: versions.length, cases, state: worstOf(cases) }]
  }
  return versions.map((version) => {
    const here = cases.filter((one) => one.version === null || one.version === version)
    return { report, version, columns: 1, cases: here, state: worstOf(here) }
  })
}

function worstOf(cases: readonly CaseReport[]): CellState {
  return worst(cases.map(stateOf))
}

function worst(states: readonly CellState[]): CellState {
  return cellStates.find((state) => states.includes(state)) ?? 'none'
}

/** Reports of another version of the kit may name requirements that this one does not have. */
function unknownGroups(
  reports: readonly ConformanceReport[],
  known: ReadonlySet<string>,
): readonly RequirementGroup[] {
  const cases = reports.flatMap((report) => report.cases)
  const unknown = cases.filter(({ requirement }) => !known.has(requirement))
  const levels = new Map(unknown.map(({ requirement, level }) => [requirement, level]))
  if (levels.size === 0) return []
  const requirements = [...levels].map(([id, level]) => ({
    id,
    level,
    statement: `This version of the kit does not know the requirement "${id}".`,
    source: 'a report of another version',
    cases: [],
  }))
  return [{ title: 'Requirements of another version', subject: 'backend', requirements }]
}
