/**
 * Puts the engine over node-forge into a container.
 *
 * @module @tlsio/backend-forge/di
 */
import { type DependencyContainer, registerBackend } from '@tlsio/core/di'
import { forgeBackend } from './backend.js'

/** Adds the backend over node-forge to those a container selects from, behind node:tls. */
export function registerForgeBackend(container: DependencyContainer): void {
  registerBackend(container, forgeBackend)
}
