import { createNodeBackend } from '@tlsio/backend-node'
import type { CreateBackend } from '@tlsio/conformance'
import { portableBackends } from './suite/backends.js'

/** Backends of runtimes that have Node's modules, by name. */
export const nodeBackends: Readonly<Record<string, CreateBackend>> = {
  node: createNodeBackend,
  ...portableBackends,
}
