/** How the page of a report looks. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --surface: #ffffff; --ink: #1b1f24; --muted: #59616b; --line: #e2e3df; --faint: #eeefec;
  --link: #1f56b3; --shadow: 0 1px 2px rgb(20 25 30 / .06);
  --passed: #14693f; --passed-back: #e1f2e8; --passed-fill: #3fa271;
  --refused: #4c5764; --refused-back: #e9ecef; --refused-fill: #a9b3be;
  --known: #7a4d00; --known-back: #fbeed2; --known-fill: #e0a32e;
  --failed: #a81f18; --failed-back: #fce3e0; --failed-fill: #d9483f;
  --mended: #643a9c; --mended-back: #eee5fa; --mended-fill: #9a6fd3;
  --none-fill: #dfe1dd;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101215; --surface: #181b1f; --ink: #e7e9ec; --muted: #a0a8b2; --line: #2b3037; --faint: #21252b;
    --link: #8ab4f8; --shadow: none;
    --passed: #74d6a2; --passed-back: #17301f; --passed-fill: #3d9a6b;
    --refused: #b3bdc9; --refused-back: #262c33; --refused-fill: #5d6874;
    --known: #f1c264; --known-back: #37290f; --known-fill: #c28e2b;
    --failed: #ff9d94; --failed-back: #431b1a; --failed-fill: #d9534a;
    --mended: #cdb1f7; --mended-back: #2e2246; --mended-fill: #8f68c6;
    --none-fill: #2e333a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 var(--sans); }
main { max-width: 76rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure, pre { margin: 0; }
ul, ol { padding: 0; list-style: none; }
code, pre { font-family: var(--mono); font-size: .88em; overflow-wrap: anywhere; }
a { color: var(--link); }
button, input, select { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted, .count { color: var(--muted); }
.shapes { display: none; }
.icon { width: 1em; height: 1em; flex: none; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.over { color: var(--muted); font-size: .82rem; letter-spacing: .02em; }

.top h1 { font-size: 2.1rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; overflow-wrap: anywhere; }
.outcome { display: flex; align-items: center; gap: .5rem; margin-top: .5rem; font-size: 1.1rem; }
.outcome.passed { color: var(--passed); }
.outcome.failed { color: var(--failed); }
.outcome.expected-failure { color: var(--known); }
.outcome .icon { align-self: start; margin-top: .25em; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; margin-top: 1.75rem; }
.card { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-content: start; align-items: start; padding: 1.1rem 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); font-size: .87rem; }
.card > div { flex: 1 1 9rem; min-width: 0; overflow-wrap: anywhere; }
.card h2 { font-size: 1.05rem; font-weight: 650; }
.ring { width: 6rem; height: 6rem; flex: none; }
.ring circle { fill: none; stroke-width: 4.5; transform: rotate(-90deg); transform-origin: 50% 50%; }
.ring .track { stroke: var(--faint); }
.ring text { fill: var(--ink); font: 650 8.5px var(--sans); }
.ring .passed { stroke: var(--passed-fill); } .ring .refused { stroke: var(--refused-fill); }
.ring .expected-failure { stroke: var(--known-fill); } .ring .failed { stroke: var(--failed-fill); }
.ring .unexpected-pass { stroke: var(--mended-fill); }
.figures { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: .55rem 0; }
.figures li { display: flex; align-items: center; gap: .45rem; }
.shows { font-weight: 600; }
.shows.conforming { color: var(--passed); } .shows.failed { color: var(--failed); }
.shows.partial, .shows.known-defects { color: var(--known); }
.levels { display: flex; flex-wrap: wrap; gap: 0 1.2rem; margin-bottom: .55rem; font-variant-numeric: tabular-nums; }
.supports { flex: 1 0 100%; min-width: 0; margin-top: .55rem; }
.supports .over { margin-top: .5rem; }
.supports dl { margin-top: .3rem; }
.supports dl > div { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .1rem 0; border-top: 1px solid var(--line); }
.supports dt { flex: 0 1 11.5rem; min-width: 0; color: var(--muted); }
.supports dd { flex: 1 1 6rem; min-width: 0; overflow-wrap: anywhere; }
.figures b { flex: none; font-variant-numeric: tabular-nums; }

.sign { display: inline-grid; place-items: center; width: 1.3em; height: 1.3em; flex: none; border-radius: 5px; }
.sign .icon { width: .85em; height: .85em; }
.passed.sign, .passed.cell { color: var(--passed); background: var(--passed-back); }
.refused.sign, .refused.cell { color: var(--refused); background: var(--refused-back); }
.expected-failure.sign, .expected-failure.cell { color: var(--known); background: var(--known-back); }
.failed.sign, .failed.cell { color: var(--failed); background: var(--failed-back); }
.unexpected-pass.sign, .unexpected-pass.cell { color: var(--mended); background: var(--mended-back); }

.areas ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1.1rem 2rem; margin-top: 2rem; }
.areas li { font-size: .87rem; }
.areas a { color: var(--ink); font-weight: 600; text-decoration-color: var(--line); text-underline-offset: 3px; }
.areas a:hover { color: var(--link); }
.areas .muted { float: right; font-variant-numeric: tabular-nums; }
.strip { display: block; width: 100%; margin-top: .4rem; }
.strip rect { fill: var(--none-fill); cursor: pointer; }
.strip rect:hover { opacity: .7; }
.strip .passed { fill: var(--passed-fill); } .strip .refused { fill: var(--refused-fill); }
.strip .expected-failure { fill: var(--known-fill); } .strip .failed { fill: var(--failed-fill); }
.strip .unexpected-pass { fill: var(--mended-fill); }

.list { margin-top: 2.25rem; }
.list h2, .area h2 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.01em; }
.list > ul, .list > details > ul { margin-top: .6rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
.list > ul > li, .list > details > ul > li { display: flex; gap: .7rem; padding: .7rem 1rem; font-size: .9rem; }
.list > ul > li + li, .list > details > ul > li + li { border-top: 1px solid var(--line); }
.list li > div { min-width: 0; }
.list p { overflow-wrap: anywhere; }
.list details { color: var(--muted); font-size: .9rem; }
.list > details { margin-top: .6rem; }
.list details ul { margin-top: .4rem; }
summary { cursor: pointer; }
.link { padding: 0; border: 0; background: none; color: var(--link); font: .88em/1.5 var(--mono); text-align: start; overflow-wrap: anywhere; cursor: pointer; }
.link:hover { text-decoration: underline; }

#filters { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: end; gap: .75rem; margin: 2.5rem -1.5rem 0; padding: .8rem 1.5rem; background: var(--page); border-bottom: 1px solid var(--line); }
#filters label { display: grid; gap: .15rem; font-size: .78rem; color: var(--muted); }
#filters label { flex: 0 1 8.5rem; }
#filters .wide { flex: 1 1 10rem; }
#filters input, #filters select { width: 100%; height: 2.3rem; padding: 0 .6rem; font-size: .9rem; color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
#filters .shown { display: flex; align-items: center; gap: .75rem; height: 2.3rem; font-size: .85rem; color: var(--muted); }
#filters button { height: 2.3rem; padding: 0 .8rem; font-size: .85rem; background: none; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
#filters button:hover { background: var(--faint); }
#nothing { margin-top: 2rem; text-align: center; color: var(--muted); }

.area { margin-top: 2.25rem; scroll-margin-top: 5rem; }
.area .count { margin-inline-start: .4rem; font-size: .85rem; font-weight: 400; letter-spacing: 0; }
.scroll { margin-top: .6rem; overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
thead th { padding: .55rem .5rem .3rem; font-size: .78rem; font-weight: 600; color: var(--muted); text-align: center; vertical-align: bottom; }
thead tr:last-child th { padding: 0 .5rem .45rem; font-weight: 400; white-space: nowrap; }
thead th:first-child[rowspan] { text-align: start; padding-inline-start: 1rem; padding-bottom: .45rem; }
thead small { display: block; overflow-wrap: anywhere; font-size: .72rem; font-weight: 400; }
.backend { border-inline-start: 1px solid var(--line); }
tbody tr { border-top: 1px solid var(--line); scroll-margin-top: 6rem; }
tbody tr:hover { background: var(--faint); }
tbody th { padding: .5rem 1rem; font-weight: 400; text-align: start; min-width: 18rem; }
.statement { display: block; overflow-wrap: anywhere; }
.meta { display: flex; flex-wrap: wrap; gap: .5rem; color: var(--muted); font-size: .78rem; }
.level.must { display: none; }
.level { font-variant-caps: all-small-caps; letter-spacing: .05em; }
td { width: 5.4rem; padding: .35rem .4rem; text-align: center; }
.cell { display: inline-flex; align-items: center; justify-content: center; gap: .35rem; width: 100%; min-width: 4.2rem; height: 1.9rem; padding: 0 .5rem; border: 0; border-radius: 7px; font-size: .82rem; font-variant-numeric: tabular-nums; }
button.cell { cursor: pointer; }
button.cell:hover { box-shadow: inset 0 0 0 1.5px currentColor; }
.cell.none { color: var(--muted); }
.cell.failed, .cell.unexpected-pass { font-weight: 650; }

dialog { position: fixed; inset: 0 0 0 auto; width: min(44rem, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0; padding: 0 1.75rem 3rem; overflow: hidden auto; overscroll-behavior: contain; color: var(--ink); background: var(--surface); border: 0; border-inline-start: 1px solid var(--line); }
dialog::backdrop { background: rgb(10 12 15 / .45); }
dialog[open] { animation: slide .16s ease-out; }
@keyframes slide { from { transform: translateX(1.5rem); opacity: 0; } }
@media (prefers-reduced-motion: reduce) { dialog[open] { animation: none; } }
dialog > form { position: sticky; top: 0; z-index: 1; display: flex; justify-content: end; margin-inline: -1.75rem; padding: .6rem .75rem; background: var(--surface); }
dialog > form button { width: 2.3rem; height: 2.3rem; background: var(--surface); border: 1px solid var(--line); border-radius: 50%; cursor: pointer; }
dialog > form button:hover { background: var(--faint); }
#drawer-body h2 { margin: .15rem 0 .8rem; font-size: 1.2rem; line-height: 1.35; font-weight: 650; overflow-wrap: anywhere; outline: none; }
#drawer-body { overflow-wrap: anywhere; }
#drawer-body h3 { margin: 1.5rem 0 .5rem; font-size: .85rem; font-weight: 600; color: var(--muted); }
.facts div { display: flex; gap: .75rem; font-size: .87rem; }
.facts dt { flex: 0 0 6.2rem; color: var(--muted); }
.facts dd { overflow-wrap: anywhere; min-width: 0; }
.case, #drawer-body h2, .trace { scroll-margin-top: 4rem; }
.case { padding: .7rem 0; border-top: 1px solid var(--line); }
.case h4 { display: flex; gap: .6rem; align-items: center; font-size: .92rem; font-weight: 600; }
.facts-line { margin-inline-start: 1.8rem; color: var(--muted); font-size: .82rem; }
.facts-line > * + *::before { content: "· "; }
.facts-line strong { font-weight: 600; }
.case.failed strong { color: var(--failed); } .case.unexpected-pass strong { color: var(--mended); }
.case.expected-failure strong { color: var(--known); }
.reason { margin: .5rem 0 0 1.8rem; font-size: .9rem; }
.error { margin: .6rem 0 .3rem; padding: .7rem .85rem; white-space: pre-wrap; background: var(--failed-back); color: var(--failed); border-radius: 8px; line-height: 1.5; }
.expected-failure .error { background: var(--known-back); color: var(--known); }
.case .title { font-size: .8rem; color: var(--muted); }

.trace { margin-top: 1rem; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: 10px; }
.trace figcaption { margin-bottom: .4rem; font-size: .82rem; font-weight: 600; color: var(--muted); }
.timeline { display: block; width: 100%; max-width: 34rem; margin: 0 auto; font: 11px var(--sans); }
.timeline text { fill: var(--ink); }
.lifelines text { font-weight: 650; font-size: 12px; }
.lifelines line { stroke: var(--refused-fill); stroke-width: 1.5; }
.timeline .time, .timeline .length, .timeline .note { fill: var(--muted); font-variant-numeric: tabular-nums; }
.timeline .time { font-size: 10px; }
.scale { stroke: var(--line); }
.record rect { fill: var(--refused-back); }
.record.handshake rect { fill: var(--passed-back); } .record.handshake text { fill: var(--passed); }
.record.change rect { fill: var(--mended-back); } .record.change text { fill: var(--mended); }
.record.alert rect { fill: var(--failed-back); } .record.alert text { fill: var(--failed); }
.arrow { fill: none; stroke: var(--ink); stroke-width: 1.3; stroke-linecap: round; stroke-linejoin: round; }
.arrow.lost { stroke: var(--failed); stroke-dasharray: none; }
.timeline .flight .note { fill: var(--failed); }
.end path { stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; }
.hello { margin-top: .7rem; font-size: .87rem; }
.hello summary { font-weight: 600; }
.hello dl { margin-top: .3rem; }
.hello dl > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: .2rem .75rem; padding: .2rem 0; }
.hello dt { color: var(--muted); }
.hello dd { min-width: 0; overflow-wrap: anywhere; }
.hello dd ul { display: flex; flex-wrap: wrap; gap: .25rem; }
.hello dd li { padding: 0 .4rem; font: .76rem/1.6 var(--mono); background: var(--faint); border-radius: 5px; overflow-wrap: anywhere; }
.records { margin-top: .3rem; }
.records span { display: inline-block; min-width: 4.5rem; color: var(--muted); font-variant-numeric: tabular-nums; }
p.note { margin-top: .5rem; font-size: .85rem; color: var(--muted); }

@media (max-width: 46rem) {
  main { padding: 1.5rem 1rem 4rem; }
  .top h1 { font-size: 1.6rem; }
  .card { padding: 1rem; column-gap: 1rem; }
  .ring { width: 4.8rem; height: 4.8rem; }
  #filters { position: static; margin-inline: -1rem; padding-inline: 1rem; }
  #filters label { flex: 1 1 8rem; min-width: 0; }
  #filters .wide { flex-basis: 100%; }
  #filters .shown { flex: 1 1 8rem; justify-content: space-between; }
  .area { scroll-margin-top: 1rem; }
  .scroll { overflow: clip; }
  table, tbody { display: block; }
  tbody { margin-top: -1px; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: flex; flex-wrap: wrap; gap: .5rem; padding: .7rem .85rem; }
  tbody th { display: block; flex: 1 0 100%; min-width: 0; padding: 0; }
  td { display: flex; align-items: center; gap: .4rem; width: auto; padding: 0; font-size: .78rem; text-align: start; color: var(--muted); }
  td::before { content: attr(data-where); }
  .cell { width: auto; min-width: 3.4rem; height: 2.1rem; }
  .cell.none { min-width: 1.5rem; padding: 0; }
  dialog { width: 100vw; padding-inline: 1rem; border: 0; }
  dialog > form { margin-inline: -1rem; }
  .trace { padding: .75rem .5rem; }
  .timeline { font-size: 13px; }
  .timeline .time { font-size: 12px; }
  .hello dl > div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  body { background: none; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  #filters, dialog { display: none !important; }
  .area, .card, tr, li { break-inside: avoid; }
  .area { break-inside: auto; }
  .scroll { overflow: visible; box-shadow: none; }
  .card, .list > ul, .list > details > ul { box-shadow: none; }
  .list details > ul { display: block; }
  .sign, .cell, .strip rect, .ring circle { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
