import { cellDetails } from './case-view.js'
import { type Html, html, proseOf } from './html.js'
import { icon } from './icons.js'
import {
  type Matrix,
  type MatrixCell,
  type MatrixGroup,
  type MatrixReport,
  type MatrixRow,
  stateOf,
} from './matrix.js'
import {
  absenceWords,
  count,
  pairLabel,
  placeLabel,
  reportLabel,
  stateNames,
  versionLabel,
} from './words.js'

/** The table of each area, and what opens for their cells. */
export function matrixView({ groups, reports }: Matrix): Html {
  return html`${groups.map((group, at) => groupView(group, at, reports))}`
}

/** Name of what opens for a cell; it is also its address in the page. */
export function cellName({ requirement }: MatrixRow, { report, version }: MatrixCell): string {
  return `${requirement.id}.${report}.${version ?? 'any'}`
}

/** Name of an area's section. */
export function groupName(at: number): string {
  return `area-${at + 1}`
}

function groupView(group: MatrixGroup, at: number, reports: readonly MatrixReport[]): Html {
  const name = groupName(at)
  return html`<section class="area" id="${name}" data-area="${at}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${group.title} <span class="count">${countsOf(group)}</span></h2>
<div class="scroll" role="region" aria-labelledby="${name}-title" tabindex="0">
<table role="table">
<thead role="rowgroup">
<tr role="row"><th role="columnheader" scope="col" rowspan="2">Requirement</th>${reports.map(reportHeading)}</tr>
<tr role="row">${reports.flatMap(({ versions }, report) => versions.map((version) => html`<th role="columnheader" scope="col" class="version"${placeOf(report, [version])}>${versionLabel(version)}</th>`))}</tr>
</thead>
<tbody role="rowgroup">
${group.rows.map((row) => rowView(row, reports))}</tbody>
</table>
</div>
</section>
`
}

/** Which columns an element is in, for the filters. */
function placeOf(report: number, versions: readonly (string | null)[]): Html {
  const names = versions.filter((version) => version !== null).join(' ')
  return html` data-report="${report}" data-versions="${names}"`
}

function reportHeading({ report, versions }: MatrixReport, at: number): Html {
  return html`<th role="columnheader" scope="colgroup" colspan="${versions.length}" class="backend"${placeOf(at, versions)}>${pairLabel(report)}<small>${placeLabel(report)}</small></th>`
}

function countsOf({ rows }: MatrixGroup): string {
  const bad = rows.filter(({ state }) => state === 'failed' || state === 'unexpected-pass').length
  const known = rows.filter(({ state }) => state === 'expected-failure').length
  const parts = [count(rows.length, 'requirement')]
  if (bad > 0) parts.push(`${bad} broken`)
  if (known > 0) parts.push(count(known, 'known defect'))
  return parts.join(', ')
}

function rowView(row: MatrixRow, reports: readonly MatrixReport[]): Html {
  const { id, level, statement, source } = row.requirement
  const names = new Set(row.cells.flatMap(({ cases }) => cases.map(({ name }) => name)))
  const text = [id, statement, source, ...names].join(' ').toLowerCase()
  return html`<tr role="row" id="${id}" data-level="${level}" data-text="${text}">
<th role="rowheader" scope="row"><span class="statement">${proseOf(statement)}</span> <span class="meta"><span class="level ${level}">${level}</span> <code>${id}</code></span></th>
${row.cells.map((cell) => cellView(row, cell, reports))}
</tr>
`
}

function cellView(row: MatrixRow, cell: MatrixCell, reports: readonly MatrixReport[]): Html {
  const { cases, state, columns, version } = cell
  const column = reports[cell.report] as MatrixReport
  const all = reports.map(({ report }) => report)
  const name = reportLabel(column.report, all)
  const where = `${reports.length > 1 ? `${name} ` : ''}${versionLabel(version)}`
  const what = state === 'none' ? absenceWords(column.report) : stateNames[state]
  const words = `${name}, ${versionLabel(version)}: ${what}`
  const states = new Set([state, ...cases.map(stateOf)])
  const place = html`${placeOf(cell.report, version === null ? column.versions : [version])} data-states="${[...states].join(' ')}" data-where="${where}"`
  if (state === 'none') {
    return html`<td role="cell" colspan="${columns}"${place}><span class="cell none" title="${words}">${icon(state)}<span class="unseen">${what}</span></span></td>`
  }
  const opens = cellName(row, cell)
  const worst = cases.filter((one) => stateOf(one) === state).length
  const figure = worst === cases.length ? `${cases.length}` : `${worst}/${cases.length}`
  const label = `${words}, ${count(cases.length, 'case')}`
  return html`<td role="cell" colspan="${columns}"${place}><button type="button" class="cell ${state}" data-opens="${opens}" aria-haspopup="dialog" aria-label="${label}">${icon(state)}<span aria-hidden="true">${figure}</span></button><template id="${opens}">${cellDetails(row, cell, column)}</template></td>`
}
