import type { TlsBackend } from '../backend.js'
import type { TlsCapabilities } from '../capabilities.js'
import type { Clock } from '../clock.js'
import type { TlsDatabase } from '../database.js'
import type { SessionStore } from '../session/session-store.js'

/** What a backend uses of its surroundings; each has a default of its own. */
export interface BackendOptions {
  /** Where its clients keep sessions. Default: a `MemorySessionStore` of its own. */
  readonly sessionStore?: SessionStore | undefined
  /** Where it gets its time from. Default: the platform's clock. */
  readonly clock?: Clock | undefined
  /** What peers are verified against. Default: the trust anchors of the system. */
  readonly defaultDatabase?: TlsDatabase | undefined
}

/** What a backend is created with when it is selected. */
export interface BackendContext extends BackendOptions {
  /** What is registered beside this backend: it names those that can do what this one refuses. */
  registrations?(): readonly BackendRegistration[]
  /** What was tried before this backend, and why it was refused. */
  explain(): readonly BackendReport[]
}

/** One entry of the extension point: a backend that can be selected by name and priority. */
export interface BackendRegistration {
  /** Short lower-case name. */
  readonly name: string
  /** The higher is tried first; of equal ones, the one registered first. */
  readonly priority: number
  /** What it can do; names it in the refusals of others. */
  readonly supports?: TlsCapabilities | undefined
  /**
   * Makes the backend.
   *
   * @throws if it cannot work here: the reason is shown, the next one is tried.
   */
  create(context: BackendContext): TlsBackend
}

/** What became of a candidate. */
export interface BackendReport {
  /** Its name. */
  readonly name: string
  /** Its priority; `undefined` for a name that nobody registered. */
  readonly priority: number | undefined
  /**
   * `chosen`: it is the default. `refused`: it was tried in vain. `not-tried`: one before it
   * worked.
   */
  readonly outcome: 'chosen' | 'refused' | 'not-tried'
  /** Why, in one sentence. */
  readonly reason: string
}
