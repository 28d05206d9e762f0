import { createForgeBackend } from '@tlsio/backend-forge'
import { createNodeBackend } from '@tlsio/backend-node'
import { type CreateBackend, conformance } from '@tlsio/conformance'
import test from 'ava'

conformance({ test, createBackend: createForgeBackend })

// OpenSSL is the witness in both roles, resumption by session ID included.
const createOpenSsl: CreateBackend = (context) =>
  createNodeBackend({ ...context, allowDeprecatedVersions: true })
conformance({
  test,
  createBackend: createForgeBackend,
  createPeer: createOpenSsl,
  filter: pairsOnly,
})
conformance({
  test,
  createBackend: createOpenSsl,
  createPeer: createForgeBackend,
  filter: pairsOnly,
})

/** What needs no peer is run once. */
function pairsOnly(title: string): boolean {
  return title.includes('→')
}
