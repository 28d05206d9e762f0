import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { expectedFailures, expectedFailuresOfServers } from '@tlsio/backend-gnutls/conformance'
import { createNodeBackend } from '@tlsio/backend-node'
import { conformance } from '@tlsio/conformance'
import test from 'ava'

conformance({ test, createBackend: createGnutlsBackend, expectedFailures })

// OpenSSL is the witness in both roles.
conformance({
  test,
  createBackend: createGnutlsBackend,
  createPeer: createNodeBackend,
  filter: pairsOnly,
})
conformance({
  test,
  createBackend: createNodeBackend,
  createPeer: createGnutlsBackend,
  expectedFailures: expectedFailuresOfServers('node'),
  filter: pairsOnly,
})

/** What needs no peer is run once. */
function pairsOnly(title: string): boolean {
  return title.includes('→')
}
