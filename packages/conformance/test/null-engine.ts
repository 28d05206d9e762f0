import type { CreateBackend } from '#src/options.js'

/** The quickest backend that conforms; by its place, for the reason that `node-engine.ts` gives. */
export const createNullBackend: CreateBackend = (
  await import(new URL('../../../backend-null/dist/index.js', import.meta.url).href)
).createNullBackend
