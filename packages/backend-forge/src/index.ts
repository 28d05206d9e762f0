/**
 * The engine over node-forge: TLS 1.0 and 1.1 in JavaScript, for legacy peers, closed worlds and
 * tests.
 *
 * @module @tlsio/backend-forge
 */
export { createForgeBackend, type ForgeBackendOptions, forgeBackend } from './backend.js'
export type { CipherLibrary } from './ciphers/choose.js'
