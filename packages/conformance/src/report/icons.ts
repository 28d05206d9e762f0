import { type Html, html } from './html.js'
import type { CellState } from './matrix.js'

/** The shapes, once for the whole page: each state has its own, so that no colour is needed. */
export const iconShapes: Html = html`<svg class="shapes" aria-hidden="true">
<symbol id="i-passed" viewBox="0 0 16 16"><path d="M3 8.5l3.4 3.4L13 4.6"/></symbol>
<symbol id="i-failed" viewBox="0 0 16 16"><path d="M4 4l8 8M12 4l-8 8"/></symbol>
<symbol id="i-expected-failure" viewBox="0 0 16 16"><path d="M8 2.5v6.8M8 12.6v.6"/></symbol>
<symbol id="i-unexpected-pass" viewBox="0 0 16 16"><path d="M8 13.5v-10M3.8 7.5L8 3.2l4.2 4.3"/></symbol>
<symbol id="i-refused" viewBox="0 0 16 16"><path d="M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0M4.6 4.6l6.8 6.8"/></symbol>
<symbol id="i-none" viewBox="0 0 16 16"><path d="M5.5 8h5"/></symbol>
</svg>`

/** The sign of a state; whoever uses it says the word, too. */
export function icon(state: CellState): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#i-${state}"/></svg>`
}
