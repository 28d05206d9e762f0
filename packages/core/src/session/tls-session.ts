import type { TlsCertificate } from '../certificate.js'
import type { SessionState } from '../driver.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { CanonicalIdentity } from '../server-identity.js'

/** Options of `TlsClientConnection.getSession`. */
export interface GetSessionOptions {
  /** How long to wait for a TLS 1.3 ticket, in milliseconds. Default: what the handshake took. */
  readonly wait?: number | undefined
  /** Gives up waiting: rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

/** What core knows about a session beside the engine's bytes: enough to judge a later use. */
export interface SessionFacts {
  /** Backend whose engine made the bytes. */
  readonly backendName: string
  /** Version it was agreed with; it resumes only in that one (RFC 8446 §4.2.11). */
  readonly protocolVersion: TlsProtocolVersion
  /** Cipher suite of the handshake. */
  readonly cipherSuite: string
  /** Who the peer was expected to be; `null` if nobody was. */
  readonly identity: CanonicalIdentity | null
  /** The peer's leaf certificate with its issuers linked. */
  readonly peerCertificate: TlsCertificate | null
  /** Errors that certificate was accepted with; 0 if it passed. */
  readonly peerCertificateErrors: number
  /** DER of all that the peer sent, the leaf first: what a later connection judges anew. */
  readonly peerChain: readonly Uint8Array[]
  /** What the engine found on that chain; `undefined` if it did not verify. */
  readonly engineErrors: number | undefined
  /** What it was verified against. */
  readonly trustFingerprint: string
  /** Our own certificate in that handshake; empty if none was set. */
  readonly certificateFingerprint: string
  /** Protocol agreed by ALPN. */
  readonly negotiatedProtocol: string | null
  /** When it was received, by the monotonic clock, in milliseconds. */
  readonly receivedAt: number
}

/**
 * State with which a later connection to the same server can skip most of the handshake.
 *
 * It belongs to one backend, and is only used by connections whose own checks its peer passes. It
 * is secret: whoever has it can resume the session.
 *
 * @see GnuTLS `gnutls_session_get_data2`; OpenSSL `SSL_SESSION`
 */
export class TlsSession {
  readonly #facts: SessionFacts
  readonly #state: SessionState | undefined
  #uses = 0

  /** For core only: sessions are made by connections. */
  constructor(facts: SessionFacts, state: SessionState | undefined) {
    this.#facts = facts
    this.#state = state
  }

  /** Whether there is anything to resume with: `false` if the server gave no session or ticket. */
  get isResumable(): boolean {
    return this.#state !== undefined
  }

  /** Name of the backend it belongs to. */
  get backendName(): string {
    return this.#facts.backendName
  }

  /** Version it was agreed with; it resumes only in that one (RFC 8446 §4.2.11). */
  get protocolVersion(): TlsProtocolVersion {
    return this.#facts.protocolVersion
  }

  /** IANA name of the cipher suite of its handshake, for display only. */
  get cipherSuite(): string {
    return this.#facts.cipherSuite
  }

  /** Host name or IP address it was made for; `null` if no identity was expected. */
  get serverName(): string | null {
    return this.#facts.identity?.host ?? null
  }

  /** The peer's leaf certificate with its issuers linked. */
  get peerCertificate(): TlsCertificate | null {
    return this.#facts.peerCertificate
  }

  /**
   * How long the server keeps it, in milliseconds from its receipt; `undefined` if it did not say.
   */
  get lifetime(): number | undefined {
    return this.#state?.lifetime
  }

  /** How often it was offered to a server, whether or not that resumed it. */
  get uses(): number {
    return this.#uses
  }

  /** For core only. */
  static factsOf(session: TlsSession): SessionFacts {
    return session.#facts
  }

  /** For core only: the engine's bytes. Secret. */
  static dataOf(session: TlsSession): Uint8Array | undefined {
    return session.#state?.data
  }

  /** For core only: counts an offer, before anything else can happen. */
  static reserve(session: TlsSession): void {
    session.#uses++
  }

  /** For core only: it was not offered in the end. */
  static release(session: TlsSession): void {
    session.#uses--
  }

  /** Backend, version and uses for logs; nothing secret. */
  toJSON(): { backendName: string; protocolVersion: string; isResumable: boolean; uses: number } {
    return {
      backendName: this.backendName,
      protocolVersion: this.protocolVersion,
      isResumable: this.isResumable,
      uses: this.#uses,
    }
  }
}

/** Whether each use must be the only one: TLS 1.3 tickets (RFC 8446 Appendix C.4). */
export function isSingleUse(session: TlsSession): boolean {
  return session.protocolVersion === 'TLSv1.3'
}
