/**
 * The engine over GnuTLS: the system's own libgnutls, in Node, Deno and Bun.
 *
 * @module @tlsio/backend-gnutls
 */
export { createGnutlsBackend, gnutlsBackend } from './backend.js'
export type { GnutlsBackendOptions } from './options.js'
