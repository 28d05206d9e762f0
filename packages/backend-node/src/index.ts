/**
 * The engine over node:tls (OpenSSL).
 *
 * @module @tlsio/backend-node
 */
export { createNodeBackend, nodeBackend } from './backend.js'
