import { bulkComparisons } from './bulk.js'
import type { Comparison } from './comparison.js'
import { forgeComparisons } from './forge.js'
import { pageComparisons } from './forge-in-page.js'
import { gnutlsComparisons } from './gnutls.js'
import { handshakeComparisons } from './handshakes.js'
import { pathComparisons } from './paths.js'
import type { Ports } from './server.js'
import type { TransferPage } from './transfer-page.js'

/** What comparisons need in order to run; whoever made it ends it afterwards. */
export interface Surroundings {
  /** Of the server in a process of its own. */
  readonly ports: Ports
  readonly page: TransferPage
  /** Ends the servers of this process. */
  readonly signal: AbortSignal
}

/** Where there is no server, since nothing runs. */
export const noPorts: Ports = {
  handshake: 0,
  source: 0,
  sink: 0,
  acknowledgingSink: 0,
  legacySource: 0,
  legacySink: 0,
}

/** What there is to measure, by the engine below. */
export const parts = {
  node: ({ ports }: Surroundings) => [
    ...handshakeComparisons(ports.handshake),
    ...bulkComparisons(ports),
  ],
  gnutls: ({ ports, signal }: Surroundings) => gnutlsComparisons(ports, signal),
  forge: ({ ports, page }: Surroundings) => [...forgeComparisons(ports), ...pageComparisons(page)],
  paths: () => pathComparisons(),
} satisfies Record<string, (surroundings: Surroundings) => readonly Comparison[]>

/** An engine below, or the paths. */
export type Part = keyof typeof parts
