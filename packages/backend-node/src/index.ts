/**
 * The engine over node:tls (OpenSSL).
 *
 * @module @tlsio/backend-node
 */
export { createNodeBackend, type NodeBackendOptions, nodeBackend } from './backend.js'
