import type { TlsCertificate } from '../certificate.js'
import { TlsCertificateFlags } from '../certificate-flags.js'
import type { AcceptCertificate } from '../connection.js'
import type { TlsDatabase } from '../database.js'
import { certificateMatchesIdentity } from '../identity-match.js'
import type { CanonicalIdentity } from '../server-identity.js'

/** What a client holds its peer's certificate against. */
export interface PeerPolicy {
  /**
   * Who the peer must be; `null` fails every certificate (CVE-2020-13645 took it for "anybody"),
   * and
   * `undefined` is a server's, which expects nobody in particular.
   */
  readonly identity: CanonicalIdentity | null | undefined
  /** What its chain must end at; `null` fails every certificate. */
  readonly database: TlsDatabase | null
  /** Time to judge validity at, in milliseconds since 1970. */
  readonly now: number
}

/**
 * Everything wrong with a peer's certificate, as {@link TlsCertificateFlags}: the engine's verdict
 * on the chain, and what core judges itself for every engine and for resumed sessions alike.
 */
export function verifyPeer(
  certificate: TlsCertificate,
  chainErrors: number,
  policy: PeerPolicy,
): number {
  return (
    chainErrors |
    identityErrors(certificate, policy.identity) |
    validityErrors(certificate, policy.now) |
    (policy.database === null ? TlsCertificateFlags.UNKNOWN_CA : 0)
  )
}

/**
 * Until when the links between a leaf and its anchor hold, in milliseconds since 1970: what a later
 * resumption has to mind. Links that have expired already cannot be what the engine's verdict rests
 * on.
 */
export function linksValidUntil(certificate: TlsCertificate, now: number): number {
  const ends = certificate
    .chain()
    .slice(1)
    .map(({ notAfter }) => notAfter.getTime())
  return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end >= now))
}

function identityErrors(
  certificate: TlsCertificate,
  identity: CanonicalIdentity | null | undefined,
): number {
  if (identity === undefined) return 0
  const matches = identity !== null && certificateMatchesIdentity(certificate, identity)
  return matches ? 0 : TlsCertificateFlags.BAD_IDENTITY
}

/**
 * RFC 5280 §6.1.3 (a)(2), for the leaf. The links are the engine's to judge: a server may send
 * expired ones that its path does not need, such as an old cross-signed copy of a root.
 */
function validityErrors({ notBefore, notAfter }: TlsCertificate, now: number): number {
  if (now < notBefore.getTime()) return TlsCertificateFlags.NOT_ACTIVATED
  return now > notAfter.getTime() ? TlsCertificateFlags.EXPIRED : 0
}

/**
 * Asks the application about a certificate with errors, once for the same certificate and errors:
 * about one kept with a session before the handshake, and not again if the peer then shows just
 * that.
 */
export class AcceptDecision {
  readonly #callback: AcceptCertificate | undefined
  readonly #always: boolean
  #asked: { readonly chain: string; readonly errors: number; readonly answer: boolean } | undefined
  #running = false

  /** Servers ask about every certificate, even one without errors, as GIO's do. */
  constructor(callback: AcceptCertificate | undefined, always: boolean) {
    this.#callback = callback
    this.#always = always
  }

  /** Whether the application is being asked just now. */
  get running(): boolean {
    return this.#running
  }

  /** Whether to go on. A callback that throws rejects. */
  async accepts(certificate: TlsCertificate, errors: number): Promise<boolean> {
    if (errors === 0 && !this.#always) return true
    if (this.#callback === undefined) return false
    const chain = certificate
      .chain()
      .map(({ pem }) => pem)
      .join('')
    if (this.#asked?.chain === chain && this.#asked.errors === errors) return this.#asked.answer
    this.#running = true
    try {
      const answer = (await this.#callback(certificate, errors)) === true
      this.#asked = { chain, errors, answer }
      return answer
    } finally {
      this.#running = false
    }
  }
}
