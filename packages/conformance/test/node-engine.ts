import type { CreateBackend } from '#src/options.js'

/**
 * A working engine to break. It is imported by its place in the workspace, because the package
 * cannot depend on it: each backend's own tests depend on this package.
 */
export const createNodeBackend: CreateBackend = (
  await import(new URL('../../../backend-node/dist/index.js', import.meta.url).href)
).createNodeBackend
