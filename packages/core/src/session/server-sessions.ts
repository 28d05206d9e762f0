import type { Clock } from '../clock.js'
import { hex } from '../wire/client-hello.js'
import type { TicketKeys } from './ticket-keys.js'

/**
 * What the servers of one set of ticket keys remember of the sessions they resume by ID, for engines
 * and clients without tickets (RFC 4346 §7.3, Appendix F.1.4). Bounded in number and in time, which
 * use does not prolong.
 */
class SessionIds {
  readonly #entries = new Map<string, { readonly data: Uint8Array; readonly until: number }>()

  put(key: string, data: Uint8Array, now: number): void {
    this.#entries.delete(key)
    for (const [oldest, { until }] of this.#entries) {
      if (until > now && this.#entries.size < MAX_SESSIONS) break
      this.#entries.delete(oldest)
    }
    this.#entries.set(key, { data, until: now + LIFETIME })
  }

  get(key: string, now: number): Uint8Array | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.until > now ? entry.data : undefined
  }

  remove(key: string): void {
    this.#entries.delete(key)
  }
}

/** As many as a busy server sees in {@link LIFETIME}. */
const MAX_SESSIONS = 2000

/** Bytes of one: with a client's certificates it has what the client chose to send. */
const MAX_LENGTH = 16_384

/** As long as a client's own store keeps one, in milliseconds (arXiv:1810.07304). */
const LIFETIME = 600_000

const sessionIds = new WeakMap<TicketKeys, SessionIds>()

/**
 * The sessions that one server connection may resume by ID, and where it leaves its own.
 *
 * What the engine puts is kept only once the handshake has succeeded with the client accepted, and is
 * forgotten when the connection breaks (RFC 4346 §7.2.2). A session is found only by connections with
 * the same settings: one of a client that nobody asked for a certificate is no use where one is
 * required.
 */
export class ServerSessions {
  readonly #ids: SessionIds
  readonly #context: string
  readonly #clock: Clock
  #own: { readonly key: string; readonly data: Uint8Array } | undefined
  #found: string | undefined

  /** `context` is the same text for connections that may resume each other's sessions. */
  constructor(ticketKeys: TicketKeys, context: string, clock: Clock) {
    this.#ids = sessionIds.get(ticketKeys) ?? new SessionIds()
    sessionIds.set(ticketKeys, this.#ids)
    this.#context = context
    this.#clock = clock
  }

  /**
   * The engine's state of a session, `undefined` if it is not known or no longer good. An empty ID is
   * nobody's.
   */
  get(id: Uint8Array): Uint8Array | undefined {
    if (id.length === 0) return undefined
    const key = this.#keyOf(id)
    const data = this.#ids.get(key, this.#clock.monotonicNow())
    if (data !== undefined) this.#found = key
    return data
  }

  /** Remembers the engine's state of this connection's new session, if all goes well. */
  put(id: Uint8Array, data: Uint8Array): void {
    // A new one is made where none was resumed.
    this.#found = undefined
    if (id.length > 0 && data.length <= MAX_LENGTH) this.#own = { key: this.#keyOf(id), data }
  }

  /** For core only: the client is accepted. */
  commit(): void {
    if (this.#own !== undefined) {
      this.#ids.put(this.#own.key, this.#own.data, this.#clock.monotonicNow())
    }
  }

  /** For core only: the connection broke, be it that of the first handshake or of a resumed one. */
  forget(): void {
    const key = this.#own?.key ?? this.#found
    if (key !== undefined) this.#ids.remove(key)
    this.#own = undefined
  }

  #keyOf(id: Uint8Array): string {
    return `${hex(id)} ${this.#context}`
  }
}
