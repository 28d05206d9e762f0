import { type Clock, systemClock } from '../clock.js'
import { isSingleUse, TlsSession } from './tls-session.js'

/**
 * Where clients keep sessions for automatic resumption. It may be shared by any number of
 * connections.
 *
 * A store that fails must not break a connection: core takes an error for "nothing there".
 *
 * @see GIO's session cache in glib-networking; rustls `ClientSessionStore`
 */
export interface SessionStore {
  /**
   * Adds a session under a key: text that says all that separates connections, to be compared only.
   */
  put(key: string, session: TlsSession): void | Promise<void>
  /**
   * Gives a session for a key, if there is one. A TLS 1.3 ticket is removed in the same step, so
   * that no two callers get it (RFC 8446 Appendix C.4); an older session stays for the next caller.
   */
  take(key: string): TlsSession | undefined | Promise<TlsSession | undefined>
  /** Removes a session, for example one that a handshake failed with. */
  remove(key: string, session: TlsSession): void | Promise<void>
}

/** Limits of a {@link MemorySessionStore}. */
export interface MemorySessionStoreOptions {
  /** Most keys at a time. Default 50. */
  readonly maxKeys?: number | undefined
  /** Most TLS 1.3 tickets under one key; the oldest goes first. Default 8. */
  readonly maxTickets?: number | undefined
  /**
   * How long an entry lives from its creation, in milliseconds. Neither use nor new tickets prolong
   * it, so that a server cannot link visits for longer (arXiv:1810.07304). Default 600,000 (10
   * minutes).
   */
  readonly maxAge?: number | undefined
  /** What ages are measured with. Default: the platform's. */
  readonly clock?: Clock | undefined
}

interface Entry {
  readonly expires: number
  readonly tickets: TlsSession[]
  session: TlsSession | undefined
}

/**
 * The default store: in this process's memory, small and short-lived.
 *
 * Per key it has a queue of TLS 1.3 tickets, the oldest taken first, and one slot for a session of
 * TLS 1.2 or older. Over its limit, it drops expired entries first, then the oldest.
 */
export class MemorySessionStore implements SessionStore {
  readonly #entries = new Map<string, Entry>()
  readonly #maxKeys: number
  readonly #maxTickets: number
  readonly #maxAge: number
  readonly #clock: Clock

  /**
   * Makes an empty store.
   *
   * @throws RangeError if a limit is less than 1.
   */
  constructor(options: MemorySessionStoreOptions = {}) {
    this.#maxKeys = atLeastOne('maxKeys', options.maxKeys ?? 50)
    this.#maxTickets = atLeastOne('maxTickets', options.maxTickets ?? 8)
    this.#maxAge = atLeastOne('maxAge', options.maxAge ?? 600_000)
    this.#clock = options.clock ?? systemClock
  }

  /** How many keys it holds, expired ones included that nobody asked for since. */
  get size(): number {
    return this.#entries.size
  }

  /** See {@link SessionStore.put}. */
  put(key: string, session: TlsSession): void {
    const now = this.#clock.monotonicNow()
    this.#dropExpired(now)
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      if (this.#entries.size >= this.#maxKeys) this.#dropOldest()
      entry = { expires: now + this.#maxAge, tickets: [], session: undefined }
      this.#entries.set(key, entry)
    }
    if (!isSingleUse(session)) entry.session = session
    else if (entry.tickets.push(session) > this.#maxTickets) entry.tickets.shift()
  }

  /** See {@link SessionStore.take}. */
  take(key: string): TlsSession | undefined {
    const now = this.#clock.monotonicNow()
    this.#dropExpired(now)
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    for (let ticket = entry.tickets.shift(); ticket !== undefined; ticket = entry.tickets.shift()) {
      // One that a copy has already shown to a server is no longer private.
      if (ticket.uses === 0 && isAlive(ticket, now)) return ticket
    }
    if (entry.session !== undefined && isAlive(entry.session, now)) return entry.session
    this.#entries.delete(key)
    return undefined
  }

  /** See {@link SessionStore.remove}. */
  remove(key: string, session: TlsSession): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    if (entry.session === session) entry.session = undefined
    const at = entry.tickets.indexOf(session)
    if (at !== -1) entry.tickets.splice(at, 1)
    if (entry.session === undefined && entry.tickets.length === 0) this.#entries.delete(key)
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear()
  }

  // All entries live equally long, so the map's own order, that of creation, is the order of
  // expiry.
  #dropExpired(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.expires > now) return
      this.#entries.delete(key)
    }
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key)
      return
    }
  }
}

/** Whether a session is within the lifetime its server gave it, and what the RFC allows it. */
export function isAlive(session: TlsSession, now: number): boolean {
  const { lifetime = Infinity } = session
  const longest = isSingleUse(session) ? MAX_TICKET_LIFETIME : Infinity
  return now < TlsSession.factsOf(session).receivedAt + Math.min(lifetime, longest)
}

/** Seven days, whatever the server says (RFC 8446 §4.6.1), in milliseconds. */
const MAX_TICKET_LIFETIME = 604_800_000

function atLeastOne(name: string, value: number): number {
  if (!(value >= 1)) throw new RangeError(`${name} must be at least 1, not ${value}.`)
  return value
}
