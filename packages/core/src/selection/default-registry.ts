import type { TlsBackend } from '../backend.js'
import { BackendRegistry } from './backend-registry.js'
import { preferenceFromEnvironment } from './preference.js'
import type { BackendRegistration, BackendReport } from './registration.js'

const registry = new BackendRegistry({ preference: preferenceFromEnvironment })

/**
 * Registers a backend for this process. The same registration twice does nothing; it has no effect
 * on a choice already made.
 *
 * @throws TypeError if the name is taken by another one, or is not a short lower-case word.
 * @see GIO extension point `gio-tls-backend`
 */
export function registerBackend(registration: BackendRegistration): void {
  registry.register(registration)
}

/**
 * The backend of this process: those named in `TLSIO_BACKEND` first, then by priority. The choice
 * is made at the first call.
 *
 * @throws {@link TlsError} `TLS_UNAVAILABLE` if none works, with each one's reason.
 * @see GIO `g_tls_backend_get_default()`
 */
export function getDefaultBackend(): TlsBackend {
  return registry.getDefault()
}

/**
 * What became of each candidate for {@link getDefaultBackend}, and why, in the order tried; makes
 * the choice if nobody did.
 */
export function explainBackends(): readonly BackendReport[] {
  return registry.explain()
}

/** What is registered for this process, the highest priority first. */
export function registeredBackends(): readonly BackendRegistration[] {
  return registry.registrations
}
