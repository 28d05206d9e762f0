import type { CaseReport } from '../run/conformance-report.js'
import { type Html, html, proseOf } from './html.js'
import { icon } from './icons.js'
import { type MatrixCell, type MatrixReport, type MatrixRow, stateOf } from './matrix.js'
import { traceView } from './trace-view.js'
import { count, duration, pairLabel, stateNames, versionLabel } from './words.js'

/** What opens for a cell: the requirement and its cases, the worst first. */
export function cellDetails(
  { requirement }: MatrixRow,
  { cases, version }: MatrixCell,
  { report }: MatrixReport,
): Html {
  const { id, level, statement, source } = requirement
  const isBad = (one: CaseReport) => one.verdict !== 'passed'
  const sorted = [...cases.filter(isBad), ...cases.filter((one) => !isBad(one))]
  return html`<header>
<p class="over">${pairLabel(report)}, ${versionLabel(version)}</p>
<h2 id="drawer-title" tabindex="-1">${proseOf(statement)}</h2>
<dl class="facts"><div><dt>Requirement</dt><dd><code>${id}</code></dd></div><div><dt>Level</dt><dd>${level}</dd></div><div><dt>Source</dt><dd>${proseOf(source)}</dd></div></dl>
</header>
<h3>${count(cases.length, 'case')}</h3>
${sorted.map(caseView)}`
}

function caseView(one: CaseReport): Html {
  const { name, title, source, durationMs, error, expectedFailure, trace } = one
  const state = stateOf(one)
  return html`<article class="case ${state}">
<h4><span class="sign ${state}">${icon(state)}</span><code>${name}</code></h4>
<p class="facts-line"><strong>${stateNames[state]}</strong> <span>${duration(durationMs)}</span> <span>${source}</span></p>
${expectedFailure === null ? null : html`<p class="reason"><b>Expected to fail:</b> ${expectedFailure}</p>`}
${error === null ? null : html`<pre class="error">${error}</pre><p class="title"><code>${title}</code></p>`}
${trace.map((stream) => traceView(stream, trace.length))}
</article>`
}
