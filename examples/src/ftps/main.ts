#!/usr/bin/env node
// Where the parts are put together: the one file of the client that knows which backends there are.
import { registerForgeBackend } from '@tlsio/backend-forge/di'
import { registerGnutlsBackend } from '@tlsio/backend-gnutls/di'
import { registerNodeBackend } from '@tlsio/backend-node/di'
import { registerNullBackend } from '@tlsio/backend-null/di'
import { createTlsContainer, TLS_BACKEND } from '@tlsio/core/di'
import { createProgram } from './program.js'
import { onOneLine } from './reply.js'

const interrupted = new AbortController()
// In order, so that no partial file is left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error('Interrupted.')))
}

try {
  const container = createTlsContainer(
    registerNodeBackend,
    registerGnutlsBackend,
    registerForgeBackend,
    registerNullBackend,
  )
  await createProgram(() => container.resolve(TLS_BACKEND), interrupted.signal).parseAsync()
} catch (error) {
  process.stderr.write(
    `ftps: ${onOneLine(error instanceof Error ? error.message : String(error))}\n`,
  )
  process.exitCode = 1
}
