/**
 * Selection by dependency injection: tokens, a container in which they resolve, and the selector,
 * with tsyringe. Nothing else of the package needs it.
 *
 * @module @tlsio/core/di
 */
import 'reflect-metadata'
import type { DependencyContainer, InjectionToken } from 'tsyringe'
import { inject, injectAll, injectable, Lifecycle, container as root } from 'tsyringe'
import type { TlsBackend } from './backend.js'
import type { Clock } from './clock.js'
import type { TlsDatabase } from './database.js'
import { BackendRegistry } from './selection/backend-registry.js'
import { preferenceFromEnvironment } from './selection/preference.js'
import type { BackendRegistration, BackendReport } from './selection/registration.js'
import type { SessionStore } from './session/session-store.js'

/** Token of the backend that was selected. */
export const TLS_BACKEND: InjectionToken<TlsBackend> = Symbol.for('@tlsio/core:TlsBackend')

/** Token of the backends to select from; registered any number of times. */
export const BACKEND_REGISTRATION: InjectionToken<BackendRegistration> = Symbol.for(
  '@tlsio/core:BackendRegistration',
)

/** Token of the text that says which backends to try first. Default: `TLSIO_BACKEND`. */
export const BACKEND_PREFERENCE: InjectionToken<string> = Symbol.for(
  '@tlsio/core:BackendPreference',
)

/** Token of the session store that the backend gets. Default: one of its own, in memory. */
export const SESSION_STORE: InjectionToken<SessionStore> = Symbol.for('@tlsio/core:SessionStore')

/** Token of the clock that the backend gets. Default: the platform's. */
export const CLOCK: InjectionToken<Clock> = Symbol.for('@tlsio/core:Clock')

/** Token of the database that the backend gets. Default: the trust anchors of the system. */
export const DEFAULT_DATABASE: InjectionToken<TlsDatabase> = Symbol.for(
  '@tlsio/core:DefaultDatabase',
)

/** Token of the container itself, for {@link BackendSelector}. */
const SELECTION_CONTAINER: InjectionToken<DependencyContainer> = Symbol.for(
  '@tlsio/core:SelectionContainer',
)

/**
 * Chooses among the backends registered in a container, by the same rules as `getDefaultBackend`.
 */
@injectable()
export class BackendSelector {
  readonly #registry: BackendRegistry

  /** For the container only: it fills in what is registered in it. */
  constructor(
    @injectAll(BACKEND_REGISTRATION, { isOptional: true })
    registrations: BackendRegistration[],
    @inject(SELECTION_CONTAINER)
    container: DependencyContainer,
  ) {
    const optional = <T>(token: InjectionToken<T>): T | undefined =>
      container.isRegistered(token, true) ? container.resolve(token) : undefined
    this.#registry = new BackendRegistry({
      preference: () => optional(BACKEND_PREFERENCE) ?? preferenceFromEnvironment(),
      sessionStore: optional(SESSION_STORE),
      clock: optional(CLOCK),
      defaultDatabase: optional(DEFAULT_DATABASE),
    })
    for (const registration of registrations) this.#registry.register(registration)
  }

  /** What can be selected, the highest priority first. */
  get registrations(): readonly BackendRegistration[] {
    return this.#registry.registrations
  }

  /** The backend to use. @throws {@link TlsError} `TLS_UNAVAILABLE` if none works. */
  getDefault(): TlsBackend {
    return this.#registry.getDefault()
  }

  /** What became of each candidate, and why. */
  explain(): readonly BackendReport[] {
    return this.#registry.explain()
  }
}

/**
 * Adds a backend to those a container selects from. A name that is taken, or is not a short
 * lower-case word, shows as a `TypeError` when {@link BackendSelector} is resolved.
 */
export function registerBackend(
  container: DependencyContainer,
  registration: BackendRegistration,
): void {
  container.register(BACKEND_REGISTRATION, { useValue: registration })
}

/**
 * Makes a container in which {@link TLS_BACKEND} and {@link BackendSelector} resolve.
 *
 * @param modules - functions that register backends and replacements, such as
 *   `registerNodeBackend`.
 */
export function createTlsContainer(
  ...modules: readonly ((container: DependencyContainer) => void)[]
): DependencyContainer {
  const container: DependencyContainer = root.createChildContainer()
  container.register(SELECTION_CONTAINER, { useValue: container })
  container.register(
    BackendSelector,
    { useClass: BackendSelector },
    { lifecycle: Lifecycle.Singleton },
  )
  container.register(TLS_BACKEND, {
    useFactory: (from) => from.resolve(BackendSelector).getDefault(),
  })
  for (const register of modules) register(container)
  return container
}

export type { DependencyContainer, InjectionToken } from 'tsyringe'
export { Lifecycle } from 'tsyringe'
