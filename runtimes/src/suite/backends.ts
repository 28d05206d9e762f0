import { createForgeBackend } from '@tlsio/backend-forge'
import { createNullBackend } from '@tlsio/backend-null'
import type { CreateBackend } from '@tlsio/conformance'

/** Backends that run in every runtime, by name. One that is added here is in every row. */
export const portableBackends: Readonly<Record<string, CreateBackend>> = {
  forge: createForgeBackend,
  null: createNullBackend,
}
