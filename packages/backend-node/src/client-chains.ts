import type { TicketKeys } from '@tlsio/core'

/**
 * The chains of clients, as they were in their full handshakes: a session has the leaf only, so a
 * resumed handshake tells no more, and core could not judge a client with intermediates again.
 *
 * They are kept as long as the ticket keys that sessions are encrypted with, and by them. In another
 * process that shares the keys such a client is refused, until a full handshake has shown its chain.
 */
export class ClientChains {
  static readonly #byKeys = new WeakMap<TicketKeys, ClientChains>()
  readonly #chains = new Map<string, readonly Uint8Array[]>()

  /** Those of the servers that have these ticket keys. */
  static of(ticketKeys: TicketKeys): ClientChains {
    let chains = ClientChains.#byKeys.get(ticketKeys)
    if (chains === undefined) {
      chains = new ClientChains()
      ClientChains.#byKeys.set(ticketKeys, chains)
    }
    return chains
  }

  /** Keeps a chain, DER and leaf first. */
  keep(chain: readonly Uint8Array[]): void {
    const [leaf] = chain
    if (leaf === undefined || chain.length === 1) return
    const key = keyOf(leaf)
    this.#chains.delete(key)
    if (this.#chains.size >= MAX_CLIENTS) {
      this.#chains.delete(this.#chains.keys().next().value as string)
    }
    this.#chains.set(key, chain)
  }

  /** The chain of a leaf; the leaf alone if no more is known. */
  of(leaf: Uint8Array): readonly Uint8Array[] {
    return this.#chains.get(keyOf(leaf)) ?? [leaf]
  }
}

/** A chain has two to six KiB. */
const MAX_CLIENTS = 1024

function keyOf(leaf: Uint8Array): string {
  return Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString('latin1')
}
