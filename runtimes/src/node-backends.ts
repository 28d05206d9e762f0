import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { expectedFailures } from '@tlsio/backend-gnutls/conformance'
import { createNodeBackend } from '@tlsio/backend-node'
import type { CreateBackend } from '@tlsio/conformance'
import { portableBackends } from './suite/backends.js'
import { knownDefects, type RuntimeDefects } from './suite/known-defects/index.js'
import type { SuiteMessage } from './suite/messages.js'

/** Backends of runtimes that have Node's modules, by name. They share a process. */
export const nodeBackends: Readonly<Record<string, CreateBackend>> = {
  node: createNodeBackend,
  ...portableBackends,
}

/**
 * Backends that call a native library, by name. Each has a process of its own: one that crashes takes
 * no other along.
 */
export const nativeBackends: Readonly<Record<string, CreateBackend>> = {
  gnutls: createGnutlsBackend,
}

/** What is known to be wrong in a runtime, and what the library of a backend does otherwise in each. */
export function defectsIn(runtime: string): RuntimeDefects {
  const here = knownDefects[runtime] ?? {}
  const gnutls = { ...here.gnutls, failing: { ...expectedFailures, ...here.gnutls?.failing } }
  return { ...here, gnutls }
}

/** Says which backends are missing where there are no modules of Node. */
export function reportMissing(report: (message: SuiteMessage) => void): void {
  for (const [backend, reason] of Object.entries(needs)) {
    report({ kind: 'absence', backend, reason })
  }
}

const needs: Readonly<Record<string, string>> = {
  node: 'cannot run: it needs node:tls',
  gnutls: 'cannot run: it calls C',
}
