import type { AcceptDecision } from '../base/peer-verification.js'
import type { Clock } from '../clock.js'
import { judgeRetainedPeer, type RetainedPeer, type SessionPolicy } from './session-eligibility.js'
import { SessionFamily } from './session-family.js'
import { isAlive, type SessionStore } from './session-store.js'
import { isSingleUse, TlsSession } from './tls-session.js'

/** A session that a handshake offers, and the peer that it stands for. */
export interface OfferedSession {
  readonly session: TlsSession
  readonly peer: RetainedPeer
}

/** Where the session to offer comes from. */
type Origin =
  | { readonly from: 'store' }
  | { readonly from: 'copy'; readonly source: ClientSessions }
  | { readonly from: 'set'; readonly session: TlsSession }

/**
 * The sessions of one client connection: which one it offers, and what becomes of those it gets.
 */
export class ClientSessions {
  readonly #store: SessionStore
  readonly #clock: Clock
  readonly #received: TlsSession[] = []
  #origin: Origin = { from: 'store' }
  #family = new SessionFamily()
  #key: string | undefined
  #offered: TlsSession | undefined
  #resumed: TlsSession | undefined

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The newest session that this connection received. */
  get newest(): TlsSession | undefined {
    return this.#received.at(-1)
  }

  /** The session that this connection resumed. */
  get resumed(): TlsSession | undefined {
    return this.#resumed
  }

  /**
   * Takes the sessions of `source` and its family instead of the store's. Harmless in any state.
   */
  copyFrom(source: ClientSessions): void {
    if (source === this) return
    this.#origin = { from: 'copy', source }
  }

  /** Offers just this one instead; `null` goes back to the store. */
  set(session: TlsSession | null): void {
    this.#origin = session === null ? { from: 'store' } : { from: 'set', session }
  }

  /** Chooses what to offer. `key` is `undefined` if this connection may not use the store. */
  async choose(
    key: string | undefined,
    policy: SessionPolicy,
    accept: AcceptDecision,
  ): Promise<OfferedSession | undefined> {
    if (this.#origin.from === 'store') this.#key = key
    const unsuitable = new Set<TlsSession>()
    for (let at = 0; at < MAX_CANDIDATES; at++) {
      const session = await this.#reserve(unsuitable)
      if (session === undefined) return undefined
      let peer: RetainedPeer | undefined
      try {
        peer = await judgeRetainedPeer(session, policy, accept)
      } finally {
        if (peer === undefined) TlsSession.release(session)
      }
      if (peer !== undefined) {
        this.#offered = session
        return { session, peer }
      }
      // What else is under the same key is no better: it stays for somebody whom it suits.
      if (this.#origin.from === 'store') return undefined
      unsuitable.add(session)
    }
    return undefined
  }

  /** From now on sessions are kept under another key, if they are kept in the store at all. */
  rekey(key: string | undefined): void {
    if (this.#key !== undefined) this.#key = key
  }

  /** The handshake succeeded; `resumed` tells whether with the session offered. */
  settle(resumed: boolean): void {
    if (this.#offered === undefined) return
    if (!resumed) {
      this.#dropFromStore(this.#offered)
      // The server has chosen a full handshake: whatever goes wrong now, the session is not at
      // fault.
      this.#offered = undefined
      return
    }
    this.#resumed = this.#offered
    // Only now do both pass on what either receives: after a full handshake it is another session
    // to the server.
    if (this.#origin.from === 'copy') this.#family = this.#origin.source.#family
    else this.#family.add(this.#offered, this)
  }

  /** A session was received on the open connection. */
  receive(session: TlsSession, forStore: boolean): void {
    this.#received.push(session)
    if (this.#received.length > MAX_RECEIVED) this.#received.shift()
    this.#family.add(session, this)
    const key = this.#key
    if (key !== undefined && forStore) quietly(() => this.#store.put(key, session))
  }

  /**
   * The handshake failed: nobody gets what it offered unasked. The family keeps it, behind all
   * others if it may be at fault: the source is not to suffer from a connection that copied from
   * it.
   */
  dropOffered(sessionAtFault: boolean): void {
    if (this.#offered === undefined) return
    this.#dropFromStore(this.#offered)
    const origin = this.#origin
    if (sessionAtFault && origin.from === 'copy') origin.source.#family.demote(this.#offered)
  }

  /**
   * The connection broke, so nobody resumes it unasked (RFC 5246 §7.2.2, RFC 8446 §6.2). Its family
   * may: an FTP client goes on after a data connection that the server cut short.
   */
  dropReceived(): void {
    for (const session of [...this.#received, this.#resumed]) {
      if (session !== undefined) this.#dropFromStore(session)
    }
  }

  #dropFromStore(session: TlsSession): void {
    const key = this.#key
    if (key !== undefined) quietly(() => this.#store.remove(key, session))
  }

  /**
   * The best candidate, counted as used in the same step, so that no two connections get the same
   * ticket.
   */
  async #reserve(unsuitable: ReadonlySet<TlsSession>): Promise<TlsSession | undefined> {
    const origin = this.#origin
    if (origin.from === 'store') return this.#takeFromStore()
    const candidates =
      origin.from === 'set'
        ? [origin.session]
        : origin.source.#family.candidates(origin.source, this.#clock)
    const session = candidates.find((candidate) => !unsuitable.has(candidate))
    if (session !== undefined) TlsSession.reserve(session)
    return session
  }

  async #takeFromStore(): Promise<TlsSession | undefined> {
    if (this.#key === undefined) return undefined
    try {
      const session = await this.#store.take(this.#key)
      if (session === undefined || !isAlive(session, this.#clock.monotonicNow())) return undefined
      // Once, ever (RFC 8446 Appendix C.4), whatever the store does and whoever offered it
      // meanwhile.
      if (isSingleUse(session) && session.uses > 0) return undefined
      TlsSession.reserve(session)
      return session
    } catch {
      return undefined
    }
  }
}

/** How many sessions are looked at for one that may be offered. */
const MAX_CANDIDATES = 16

/** Tickets kept per connection for `getSession` and to drop them all if the connection breaks. */
const MAX_RECEIVED = 8

/** A store that fails costs a full handshake later, never the connection. */
function quietly(action: () => void | Promise<void>): void {
  try {
    action()?.catch(() => {})
  } catch {
    // As above.
  }
}
