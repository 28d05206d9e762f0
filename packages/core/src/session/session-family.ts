import type { Clock } from '../clock.js'
import { isAlive } from './session-store.js'
import { isSingleUse, type TlsSession } from './tls-session.js'

/**
 * The sessions of a connection and of those whose state was copied from it: what `copySessionState`
 * chooses from. It never holds a session of another connection to the same host, because a server
 * may tell by the session which control connection a data connection belongs to (ProFTPD does).
 *
 * It outlives its connections, so a source may be closed.
 */
export class SessionFamily {
  readonly #members: { readonly session: TlsSession; readonly owner: object }[] = []
  readonly #demoted = new WeakSet<TlsSession>()

  /** Adds a session that `owner` received, or resumed and so passes on. */
  add(session: TlsSession, owner: object): void {
    if (this.#members.some((member) => member.session === session)) return
    this.#members.push({ session, owner })
    if (this.#members.length > MAX_SESSIONS) this.#members.shift()
  }

  /** Puts a session behind all others: a handshake failed with it. */
  demote(session: TlsSession): void {
    this.#demoted.add(session)
  }

  /**
   * What a connection copied from `source` may offer, the best first: the newest unused of
   * `source`, then of the family, then used ones, again the newest first; those that a handshake
   * failed with come last. Sessions older than TLS 1.3 may be used any number of times (RFC 8446
   * Appendix C.4 is about tickets), so they count as unused.
   */
  candidates(source: object, clock: Clock): TlsSession[] {
    const now = clock.monotonicNow()
    const rank = ({ session, owner }: { session: TlsSession; owner: object }): number =>
      (this.#demoted.has(session) ? 4 : 0) +
      (isSingleUse(session) && session.uses > 0 ? 2 : 0) +
      (owner === source ? 0 : 1)
    return this.#members
      .filter(({ session }) => isAlive(session, now))
      .reverse()
      .sort((a, b) => rank(a) - rank(b))
      .map(({ session }) => session)
  }
}

/** More than any server gives out at once; the oldest goes first. */
const MAX_SESSIONS = 16
