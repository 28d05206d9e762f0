import type { TlsCapabilities } from '@tlsio/core'
import type { ConformanceReport } from '../run/conformance-report.js'
import { type Html, html } from './html.js'

/** What the backends of a run say they can do: it decides which requirements apply. */
export function supportsView({ backend, peer, supports, peerSupports }: ConformanceReport): Html {
  const claims =
    backend === peer
      ? [claimsView(null, supports)]
      : [claimsView(`Clients: ${backend}`, supports), claimsView(`Servers: ${peer}`, peerSupports)]
  const who = backend === peer ? 'it claims' : 'they claim'
  return html`<details class="supports"><summary>What ${who}, and so what applies</summary>${claims}</details>`
}

function claimsView(heading: string | null, supports: TlsCapabilities): Html {
  const members = Object.entries(supports).map(
    ([member, value]) =>
      html`<div><dt><code>${member}</code></dt><dd>${claimWords(value)}</dd></div>`,
  )
  return html`${heading === null ? null : html`<p class="over">${heading}</p>`}<dl>${members}</dl>`
}

/** The value of a member of `supports`; a report may be of a version that has others. */
function claimWords(value: unknown): string {
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(claimWords).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([member, inner]) => `${member} ${claimWords(inner)}`)
    .join(', ')
}
