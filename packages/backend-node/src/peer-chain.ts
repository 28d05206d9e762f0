import type { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, SecureContext, TLSSocket } from 'node:tls'

/** A chain, DER and leaf first, and when it was looked up, in milliseconds. */
interface KnownChain {
  readonly chain: readonly Uint8Array[]
  readonly at: number
}

/**
 * For each context, by the leaf's DER: what node:tls finds beyond the leaf depends on the context's
 * anchors.
 */
const knownChains = new WeakMap<SecureContext, Map<string, KnownChain>>()

/** Servers remembered for one context. */
const MAX_SERVERS = 64

/**
 * How long a chain is taken for that of a leaf, in milliseconds: so short that a server which gets
 * a new intermediate certificate, and keeps its own, is not held to the dates of the old one.
 */
const MAX_AGE = 60_000

/**
 * Tells the chain of a peer, and keeps node:tls from telling it unasked.
 *
 * For `checkServerIdentity`, node:tls looks up and describes the whole chain on every connection,
 * at a quarter of the processor time of a handshake. Here it gets nothing, and the chain is looked
 * up once for each server.
 */
export class PeerChain {
  readonly #socket: TLSSocket
  readonly #describe: TLSSocket['getPeerCertificate']
  readonly #known: Map<string, KnownChain>

  constructor(socket: TLSSocket, context: SecureContext) {
    this.#socket = socket
    this.#describe = socket.getPeerCertificate.bind(socket)
    this.#known = knownChains.get(context) ?? new Map()
    knownChains.set(context, this.#known)
    socket.getPeerCertificate = () => ({}) as DetailedPeerCertificate
  }

  /** The chain that OpenSSL has just found good: the leaf tells which one. */
  verified(): readonly Uint8Array[] {
    const leaf: Buffer | undefined = this.#describe()?.raw
    if (leaf === undefined) return []
    const key = leaf.toString('latin1')
    const known = this.#known.get(key)
    if (known !== undefined && performance.now() - known.at < MAX_AGE) return known.chain
    const chain = this.#whole()
    this.#known.delete(key)
    if (this.#known.size >= MAX_SERVERS) {
      this.#known.delete(this.#known.keys().next().value as string)
    }
    this.#known.set(key, { chain, at: performance.now() })
    return chain
  }

  /** The chain of this very connection. */
  shown(): readonly Uint8Array[] {
    return chainOf(this.#describe(true)).chain
  }

  /**
   * All that OpenSSL can have gone by. node:tls links what the peer sent in one pass, and so it may
   * lose links of a chain that is out of order.
   */
  #whole(): readonly Uint8Array[] {
    const { chain, hasRoot } = chainOf(this.#describe(true))
    return hasRoot ? chain : [...chain, ...sentBy(this.#socket)]
  }
}

/**
 * What the peer has sent, in its order. node:tls gives that away: afterwards its connection has none
 * of it, and the memory of it is lost. So it is asked only for chains that are out of order.
 */
function sentBy(socket: TLSSocket): Uint8Array[] {
  const sent: Uint8Array[] = []
  // Other runtimes do not have it.
  let at: X509Certificate | undefined = socket.getPeerX509Certificate?.()
  for (; at !== undefined && sent.length < MAX_SENT; at = at.issuerCertificate) sent.push(at.raw)
  return sent
}

/** Core looks at no more. */
const MAX_SENT = 100

/**
 * The chain of node:tls as DER, leaf first, and whether it ends with a certificate that has issued
 * itself: that one is its own issuer here, and an unknown one has none.
 */
function chainOf(leaf: DetailedPeerCertificate): {
  readonly chain: readonly Uint8Array[]
  readonly hasRoot: boolean
} {
  const chain: Uint8Array[] = []
  const seen = new Set<DetailedPeerCertificate>()
  let at: DetailedPeerCertificate | undefined = leaf
  for (; at?.raw !== undefined && !seen.has(at); at = at.issuerCertificate) {
    seen.add(at)
    chain.push(at.raw)
  }
  return { chain, hasRoot: at !== undefined && seen.has(at) }
}
