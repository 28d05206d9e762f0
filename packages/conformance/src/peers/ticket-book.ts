import type { Clock } from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import type { ServerScript } from './scripted-server.js'

/** A ticket that a scripted server has given out. */
export interface Ticket {
  readonly identity: Uint8Array
  /** Its key (RFC 8446 §4.6.1). */
  readonly psk: Uint8Array
  /** Which session it belongs to: what real servers keep as the application data of a ticket. */
  readonly session: number
}

/** What a scripted server knows of its tickets, and by which rules it takes them back. */
export class TicketBook {
  readonly #script: ServerScript
  readonly #clock: Clock
  readonly #tickets = new Map<string, { readonly ticket: Ticket; readonly until: number }>()

  #sessions = 0

  constructor(script: ServerScript, clock: Clock) {
    this.#script = script
    this.#clock = clock
  }

  /** A number that no session has yet. */
  newSession(): number {
    return ++this.#sessions
  }

  add(ticket: Ticket, lifetime: number): void {
    const until = this.#clock.monotonicNow() + lifetime * 1000
    this.#tickets.set(hex(ticket.identity), { ticket, until })
  }

  /**
   * The ticket on offer, if the server would resume with it. One that is good once is gone with this,
   * so that no two connections at the same time resume with it.
   */
  take(identity: Uint8Array): Ticket | undefined {
    const key = hex(identity)
    const entry = this.#tickets.get(key)
    if (entry === undefined || this.#script.accepts === 'never') return undefined
    if (this.#script.accepts === 'once') this.#tickets.delete(key)
    return entry.until > this.#clock.monotonicNow() ? entry.ticket : undefined
  }
}
