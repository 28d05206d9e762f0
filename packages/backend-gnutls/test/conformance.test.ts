import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { createNodeBackend } from '@tlsio/backend-node'
import { conformance } from '@tlsio/conformance'
import test from 'ava'
import { limits, limitsWithNode, serverLimits } from './limits.js'

conformance({ test, createBackend: createGnutlsBackend, expectedFailures: limits })

// OpenSSL is the witness in both roles.
conformance({
  test,
  createBackend: createGnutlsBackend,
  createPeer: createNodeBackend,
  expectedFailures: limitsWithNode,
  filter: pairsOnly,
})
conformance({
  test,
  createBackend: createNodeBackend,
  createPeer: createGnutlsBackend,
  expectedFailures: serverLimits('node'),
  filter: pairsOnly,
})

/** What needs no peer is run once. */
function pairsOnly(title: string): boolean {
  return title.includes('→')
}
