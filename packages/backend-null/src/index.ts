/**
 * The engine of last resort: refuses, and says why.
 *
 * @module @tlsio/backend-null
 */
export { createNullBackend, nullBackend } from './backend.js'
