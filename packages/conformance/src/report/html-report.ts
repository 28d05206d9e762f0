import { listRequirements } from '../requirements.js'
import type { ConformanceReport } from '../run/conformance-report.js'
import { filters } from './filters.js'
import { Html, html } from './html.js'
import { iconShapes } from './icons.js'
import { matrixOf } from './matrix.js'
import { matrixView } from './matrix-view.js'
import { overview } from './overview.js'
import { style } from './style.js'
import { pairLabel } from './words.js'

/**
 * One page with all of the reports, which needs nothing else: it may load nothing, and run nothing but
 * its own script.
 *
 * @param pageScript - the compiled `page/script.ts`.
 */
export async function htmlReport(
  reports: readonly ConformanceReport[],
  pageScript: string,
): Promise<string> {
  // A debugger would look for the map beside the page.
  const script = pageScript.replace(/^\/\/# sourceMappingURL=.*$/m, '')
  const policy = [
    "default-src 'none'",
    `style-src '${await hashOf(style)}'`,
    `script-src '${await hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const matrix = matrixOf(reports, listRequirements())
  const names = [...new Set(reports.map(pairLabel))].join(', ')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${names}: conformance report</title>
<style>${new Html(style)}</style>
</head>
<body>
${iconShapes}
<main>
${overview(matrix)}
${filters(matrix)}
${matrixView(matrix)}
</main>
<dialog id="drawer" aria-labelledby="drawer-title"><form method="dialog"><button aria-label="Close">✕</button></form><div id="drawer-body"></div></dialog>
<script type="module">${new Html(script)}</script>
</body>
</html>
`.text
}

/** How a policy names a text that may be there. @see Content Security Policy Level 3 §2.3.1 */
async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`
}
