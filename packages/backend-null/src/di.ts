/**
 * Puts the engine of last resort into a container.
 *
 * @module @tlsio/backend-null/di
 */
import { type DependencyContainer, registerBackend } from '@tlsio/core/di'
import { nullBackend } from './backend.js'

/** Adds the null backend to those a container selects from, behind all others. */
export function registerNullBackend(container: DependencyContainer): void {
  registerBackend(container, nullBackend)
}
