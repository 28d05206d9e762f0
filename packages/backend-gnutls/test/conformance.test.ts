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
  expectedFailures: {
    'gnutls→node/TLSv1.3/close/while-the-handshake-runs':
      "node:tls's server fails if nobody takes its tickets, and a closed stream in memory takes none",
  },
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
