import { compareVersions } from '@tlsio/core'
import { type Html, html } from './html.js'
import { cellStates, type Matrix } from './matrix.js'
import { count, reportLabel, stateNames, versionLabel } from './words.js'

/** What narrows the tables down; the page's script shows it and makes it work. */
export function filters({ groups, reports }: Matrix): Html {
  const all = reports.map(({ report }) => report)
  const versions = new Set(all.flatMap((report) => report.versions))
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0)
  return html`<form id="filters" role="search" aria-label="Requirements" hidden>
<label class="wide"><span>Search</span><input type="search" name="text" placeholder="Requirement or case" autocomplete="off"></label>
<label><span>Area</span><select name="area"><option value="">All areas</option>${groups.map(({ title }, at) => html`<option value="${at}">${title}</option>`)}</select></label>
<label><span>Level</span><select name="level"><option value="">All levels</option><option>must</option><option>should</option><option>may</option></select></label>
<label><span>Verdict</span><select name="state"><option value="">All verdicts</option>${cellStates.map((state) => html`<option value="${state}">${stateNames[state]}</option>`)}</select></label>
${all.length < 2 ? null : html`<label><span>Backend</span><select name="report"><option value="">All backends</option>${all.map((report, at) => html`<option value="${at}">${reportLabel(report, all)}</option>`)}</select></label>`}
${versions.size < 2 ? null : html`<label><span>Version</span><select name="version"><option value="">All versions</option>${[...versions].sort(compareVersions).map((version) => html`<option value="${version}">${versionLabel(version)}</option>`)}</select></label>`}
<div class="shown"><output id="shown">${count(rows, 'requirement')}</output> <button type="reset">Clear</button></div>
</form>
<p id="nothing" hidden>No requirement is like that.</p>`
}
