/**
 * Puts the engine over GnuTLS into a container.
 *
 * @module @tlsio/backend-gnutls/di
 */
import { type DependencyContainer, registerBackend } from '@tlsio/core/di'
import { gnutlsBackend } from './backend.js'

/** Adds the backend over GnuTLS to those a container selects from, behind node:tls. */
export function registerGnutlsBackend(container: DependencyContainer): void {
  registerBackend(container, gnutlsBackend)
}
