/**
 * Puts the engine over node:tls into a container.
 *
 * @module @tlsio/backend-node/di
 */
import { type DependencyContainer, registerBackend } from '@tlsio/core/di'
import { nodeBackend } from './backend.js'

/** Adds the backend over node:tls to those a container selects from. */
export function registerNodeBackend(container: DependencyContainer): void {
  registerBackend(container, nodeBackend)
}
