import {
  type CaseReport,
  type ConformanceReport,
  countVerdicts,
  outcomeOf,
} from '../run/conformance-report.js'
import { type Html, html } from './html.js'
import { icon } from './icons.js'
import { type CellState, cellStates, type Matrix, type MatrixGroup, stateOf } from './matrix.js'
import { cellName, groupName } from './matrix-view.js'
import { supportsView } from './supports-view.js'
import {
  count,
  duration,
  levelWords,
  outcomeWords,
  pairLabel,
  placeLabel,
  stateNames,
  versionLabel,
} from './words.js'

/** What to see first: the outcome, each report in figures, and each area as a strip. */
export function overview(matrix: Matrix): Html {
  const reports = matrix.reports.map(({ report }) => report)
  return html`<header class="top">
<p class="over">tlsio conformance report</p>
<h1>${[...new Set(reports.map(pairLabel))].join(', ')}</h1>
${outcome(reports)}
</header>
<div class="cards">${reports.map(card)}</div>
<nav class="areas" aria-label="Areas"><ul>${matrix.groups.map(areaStrip)}</ul></nav>
${problems(matrix)}
${knownDefects(matrix)}`
}

function outcome(reports: readonly ConformanceReport[]): Html {
  const cases = reports.flatMap((report) => report.cases)
  const {
    passed,
    failed,
    'unexpected-pass': mended,
    'expected-failure': known,
  } = countVerdicts(cases)
  const total = count(cases.length, 'case')
  const partial = partialWords(reports)
  if (failed + mended > 0) {
    const parts = [
      failed > 0 ? `${count(failed, 'case')} of ${cases.length.toLocaleString('en')} failed` : '',
      mended > 0 ? `${count(mended, 'known defect is', 'known defects are')} mended` : '',
    ]
    return outcomeLine('failed', `${parts.filter((part) => part !== '').join(', ')}. ${partial}`)
  }
  if (partial === '' && known === 0)
    return outcomeLine('passed', `All ${total} ended as they must.`)
  const defects = known === 0 ? '' : `, ${count(known, 'known defect')}`
  const words = `${passed.toLocaleString('en')} of ${total} ended as they must${defects}. ${partial}`
  const conforming = reports.every((report) => outcomeOf(report) === 'conforming')
  return outcomeLine(conforming ? 'passed' : 'expected-failure', words)
}

function outcomeLine(state: CellState, words: string): Html {
  return html`<p class="outcome ${state}">${icon(state)}${words.trim()}</p>`
}

/** That cases were left out; nothing if none were. */
function partialWords(reports: readonly ConformanceReport[]): string {
  const number = reports.filter(isPartial).length
  if (number === 0) return ''
  if (reports.length === 1) return 'This is a partial run.'
  return `${number} of ${reports.length} runs ${number === 1 ? 'is' : 'are'} partial.`
}

function isPartial({ cases, filtered }: ConformanceReport): boolean {
  return filtered || cases.length === 0
}

function card(report: ConformanceReport): Html {
  const { cases, startedAt, durationMs, kit, versions } = report
  const counts = figuresOf(cases)
  const shown = cellStates.filter((state) => (counts.get(state) ?? 0) > 0)
  return html`<section class="card" aria-label="${pairLabel(report)}, ${placeLabel(report)}">
${ring(counts, cases.length)}
<div><h2>${pairLabel(report)}</h2>
<p class="muted">${[placeLabel(report), versions.map(versionLabel).join(' and ')].filter((part) => part !== '').join(', ')}</p>
${report.scope === 'all' ? null : html`<p class="muted">Without what needs no peer</p>`}
<p class="shows ${outcomeOf(report)}">${outcomeWords(report)}</p>
<ul class="figures">${shown.map((state) => html`<li class="${state}"><span class="sign ${state}">${icon(state)}</span><b>${(counts.get(state) ?? 0).toLocaleString('en')}</b> ${figureName(state, counts.get(state) ?? 0)}</li>`)}</ul>
<ul class="levels">${levelWords(cases).map((words) => html`<li>${words}</li>`)}</ul>
<p class="muted">Kit ${kit}, ${duration(durationMs)}, <time datetime="${startedAt}">${startedAt.slice(0, 16).replace('T', ' ')} UTC</time></p></div>
${supportsView(report)}
</section>`
}

function figureName(state: CellState, number: number): string {
  return state === 'expected-failure' && number !== 1 ? 'known defects' : stateNames[state]
}

function figuresOf(cases: readonly CaseReport[]): ReadonlyMap<CellState, number> {
  const counts = new Map<CellState, number>()
  for (const one of cases) counts.set(stateOf(one), (counts.get(stateOf(one)) ?? 0) + 1)
  return counts
}

/** Parts of the whole; what is rare stays visible. */
function ring(counts: ReadonlyMap<CellState, number>, total: number): Html {
  let from = 0
  const arcs = cellStates.flatMap((state) => {
    const number = counts.get(state) ?? 0
    if (number === 0) return []
    const share = Math.max(1, (number / total) * 100)
    const arc = html`<circle class="${state}" cx="21" cy="21" r="16" pathLength="100" stroke-dasharray="${share.toFixed(2)} 100" stroke-dashoffset="${(-from).toFixed(2)}"/>`
    from += share
    return [arc]
  })
  const good = (counts.get('passed') ?? 0) + (counts.get('refused') ?? 0)
  const share =
    total === 0 ? 0 : good === total ? 100 : Math.min(99, Math.floor((good / total) * 100))
  return html`<svg class="ring" viewBox="0 0 42 42" role="img" aria-label="${share} % of the cases passed"><circle class="track" cx="21" cy="21" r="16"/>${[...arcs].reverse()}<text x="21" y="24" text-anchor="middle">${share}%</text></svg>`
}

function areaStrip({ title, rows }: MatrixGroup, at: number): Html {
  const good = rows.filter(({ state }) => state === 'passed' || state === 'refused').length
  const apply = rows.filter(({ state }) => state !== 'none').length
  const lines = Math.ceil(rows.length / stripLength)
  const squares = rows.map(({ requirement, state }, index) => {
    const x = (index % stripLength) * 12
    const y = Math.floor(index / stripLength) * 12
    return html`<rect class="${state}" x="${x}" y="${y}" width="10" height="10" rx="2.5" data-row="${requirement.id}"><title>${requirement.id}: ${stateNames[state]}</title></rect>`
  })
  return html`<li><a href="#${groupName(at)}">${title}</a> <span class="muted">${good} of ${apply}</span><svg class="strip" viewBox="0 0 ${stripLength * 12} ${lines * 12}" aria-hidden="true">${squares}</svg></li>`
}

const stripLength = 20

function problems(matrix: Matrix): Html | null {
  const bad = casesWith(matrix, ['failed', 'unexpected-pass'])
  if (bad.length === 0) return null
  const rest = bad.slice(mostProblems)
  return html`<section class="list" aria-labelledby="problems"><h2 id="problems">What is wrong</h2>
<ul>${bad.slice(0, mostProblems).map(problem)}</ul>
${rest.length === 0 ? null : html`<details><summary>${rest.length} more</summary><ul>${rest.map(problem)}</ul></details>`}
</section>`
}

/** More would hide the tables. */
const mostProblems = 10

function problem({ one, opens }: FoundCase): Html {
  const why = one.error ?? `It passes, though it was expected to fail: ${one.expectedFailure ?? ''}`
  return html`<li><span class="sign ${stateOf(one)}">${icon(stateOf(one))}</span><div><button type="button" class="link" data-opens="${opens}">${one.title}</button><p>${why}</p></div></li>`
}

function knownDefects(matrix: Matrix): Html | null {
  const known = casesWith(matrix, ['expected-failure'])
  if (known.length === 0) return null
  const reasons = [...new Set(known.map(({ one }) => one.expectedFailure ?? ''))]
  const casesFor = (reason: string) => known.filter(({ one }) => one.expectedFailure === reason)
  return html`<section class="list" aria-labelledby="known"><h2 id="known">Known defects</h2>
<ul>${reasons.map(
    (reason) =>
      html`<li><span class="sign expected-failure">${icon('expected-failure')}</span><div><p>${reason}</p><details><summary>${count(casesFor(reason).length, 'case')}</summary><ul>${casesFor(reason).map(({ one, opens }) => html`<li><button type="button" class="link" data-opens="${opens}">${one.title}</button></li>`)}</ul></details></div></li>`,
  )}</ul></section>`
}

interface FoundCase {
  readonly one: CaseReport
  /** Name of the cell that it is in. */
  readonly opens: string
}

function casesWith({ groups }: Matrix, states: readonly CellState[]): readonly FoundCase[] {
  const found = new Map<CaseReport, string>()
  for (const row of groups.flatMap(({ rows }) => rows)) {
    for (const cell of row.cells) {
      for (const one of cell.cases) {
        if (states.includes(stateOf(one)) && !found.has(one)) found.set(one, cellName(row, cell))
      }
    }
  }
  return [...found].map(([one, opens]) => ({ one, opens }))
}
