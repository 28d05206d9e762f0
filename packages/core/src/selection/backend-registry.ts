import type { TlsBackend } from '../backend.js'
import { TlsError } from '../errors.js'
import type { BackendOptions, BackendRegistration, BackendReport } from './registration.js'

/** How a registry learns what is preferred, and where it speaks. */
export interface BackendRegistryOptions extends BackendOptions {
  /**
   * Text of the preference, as in `TLSIO_BACKEND`: names, comma-separated, or `help`. Asked once,
   * when the choice is made. Default: none.
   */
  readonly preference?: (() => string | undefined) | undefined
  /** Takes warnings and the answer to `help`, a line each. Default: `console.warn`. */
  readonly warn?: ((line: string) => void) | undefined
}

/**
 * Backends by name and priority, and the choice among them.
 *
 * The names preferred are tried first, in their order, then all others by priority. One that is not
 * registered is warned about; one whose `create` throws is passed over. The choice is made once.
 *
 * @see GIO extension point `gio-tls-backend`, `GIO_USE_TLS`
 */
export class BackendRegistry {
  readonly #registrations = new Map<string, BackendRegistration>()
  readonly #options: BackendRegistryOptions
  #reports: BackendReport[] = []
  #chosen: TlsBackend | undefined

  /** Makes an empty registry. Nothing is read or chosen yet. */
  constructor(options: BackendRegistryOptions = {}) {
    this.#options = options
  }

  /** What is registered, in the order in which it would be tried without a preference. */
  get registrations(): readonly BackendRegistration[] {
    return [...this.#registrations.values()].sort((a, b) => b.priority - a.priority)
  }

  /**
   * Adds a backend. The same registration twice does nothing. Has no effect on a choice already
   * made.
   *
   * @throws TypeError if the name is taken by another one, or is not a short lower-case word.
   */
  register(registration: BackendRegistration): void {
    const { name } = registration
    if (!/^[a-z][a-z0-9-]*$/.test(name) || name === 'help') {
      throw new TypeError(`"${name}" is no name for a backend: use lower-case letters and digits.`)
    }
    const present = this.#registrations.get(name)
    if (present === registration) return
    if (present !== undefined) {
      throw new TypeError(`A backend named "${name}" is already registered.`)
    }
    this.#registrations.set(name, registration)
  }

  /**
   * The backend to use; the same one at every call.
   *
   * @throws {@link TlsError} `TLS_UNAVAILABLE` if none works, with each one's reason.
   * @see GIO `g_tls_backend_get_default()`
   */
  getDefault(): TlsBackend {
    this.#chosen ??= this.#choose()
    return this.#chosen
  }

  /** What became of each candidate; makes the choice if nobody did. */
  explain(): readonly BackendReport[] {
    try {
      this.getDefault()
    } catch {
      // No backend works: the reports say why.
    }
    return [...this.#reports]
  }

  #choose(): TlsBackend {
    this.#reports = []
    const candidates = this.#candidates()
    for (const [at, candidate] of candidates.entries()) {
      const backend = this.#try(candidate)
      if (backend === undefined) continue
      for (const { name, priority } of candidates.slice(at + 1)) {
        const reason = `"${candidate.name}" comes before it and works.`
        this.#reports.push({ name, priority, outcome: 'not-tried', reason })
      }
      return backend
    }
    throw new TlsError(
      'TLS_UNAVAILABLE',
      `No TLS backend works here. ${describeReports(this.#reports)}`,
    )
  }

  #try(candidate: BackendRegistration): TlsBackend | undefined {
    const { name, priority } = candidate
    const { sessionStore, clock, defaultDatabase } = this.#options
    const explain = () => [...this.#reports]
    try {
      const backend = candidate.create({
        sessionStore,
        clock,
        defaultDatabase,
        explain,
        registrations: () => this.registrations,
      })
      this.#reports.push({
        name,
        priority,
        outcome: 'chosen',
        reason: 'It is the first that works.',
      })
      return backend
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#reports.push({ name, priority, outcome: 'refused', reason })
      return undefined
    }
  }

  #candidates(): BackendRegistration[] {
    const rest = new Map(this.registrations.map((entry) => [entry.name, entry]))
    const first: BackendRegistration[] = []
    for (const name of this.#preferredNames()) {
      const found = rest.get(name)
      rest.delete(name)
      if (found !== undefined) first.push(found)
      else if (!this.#registrations.has(name)) this.#reportUnknown(name)
    }
    return [...first, ...rest.values()]
  }

  #preferredNames(): string[] {
    const names = (this.#options.preference?.() ?? '').split(',').map((name) => name.trim())
    if (names.includes('help')) this.#printHelp()
    return names.filter((name) => name !== '' && name !== 'help')
  }

  #reportUnknown(name: string): void {
    const known = this.registrations.map((entry) => entry.name).join(', ') || 'none'
    this.#warn(`TLSIO_BACKEND: no backend is named "${name}"; registered: ${known}.`)
    const reason = 'No backend of this name is registered.'
    this.#reports.push({ name, priority: undefined, outcome: 'refused', reason })
  }

  #printHelp(): void {
    this.#warn('TLSIO_BACKEND: names of backends to try first, comma-separated. Registered:')
    for (const { name, priority } of this.registrations) {
      this.#warn(`  ${name} (priority ${priority})`)
    }
  }

  #warn(line: string): void {
    const warn = this.#options.warn ?? ((text) => console.warn(text))
    warn(line)
  }
}

/** Says in one line which backends were tried and why each was refused, and which were not. */
export function describeReports(reports: readonly BackendReport[]): string {
  const refused = reports.filter(({ outcome }) => outcome === 'refused')
  const notTried = reports.filter(({ outcome }) => outcome === 'not-tried')
  if (refused.length + notTried.length === 0) {
    return 'No other backend is registered: register one, for example @tlsio/backend-node.'
  }
  const sentences: string[] = []
  if (refused.length > 0) {
    sentences.push(`Tried: ${refused.map(({ name, reason }) => `${name} (${reason})`).join('; ')}.`)
  }
  if (notTried.length > 0) {
    sentences.push(`Not tried: ${notTried.map(({ name }) => name).join(', ')}.`)
  }
  return sentences.join(' ')
}
