import { sha256, TlsCertificate } from './certificate.js'
import { TlsError } from './errors.js'

/**
 * Trust anchors: what the verification of a peer's certificate must end at.
 *
 * Parsing anchors and building an engine's context from them is costly: make one database and give
 * it to all connections that trust the same.
 *
 * @see GIO `GTlsDatabase`
 */
export class TlsDatabase {
  readonly #anchors: readonly TlsCertificate[] | undefined
  readonly #engine: string | undefined
  #fingerprint: Promise<string> | undefined

  private constructor(anchors: readonly TlsCertificate[] | undefined, engine: string | undefined) {
    this.#anchors = anchors
    this.#engine = engine
  }

  /**
   * Trusts exactly the certificates of a PEM text; what stands between the blocks does not matter.
   *
   * @throws {@link TlsError} `TLS_MISC` if there is none in it, `TLS_BAD_CERTIFICATE` if one cannot
   *   be parsed, or if there is a private key that is encrypted or cut off.
   * @see GIO `g_tls_file_database_new()`
   */
  static fromPem(text: string): TlsDatabase {
    const anchors = TlsCertificate.listFromPem(text)
    if (anchors.length === 0) {
      throw new TlsError('TLS_MISC', 'The text contains no PEM certificate to trust.')
    }
    return new TlsDatabase(anchors, undefined)
  }

  /** Trusts exactly these certificates; with none of them, nobody. */
  static fromCertificates(anchors: Iterable<TlsCertificate>): TlsDatabase {
    return new TlsDatabase([...anchors], undefined)
  }

  /** For backends only: stands for the trust anchors built into the engine of that backend. */
  static ofEngine(backendName: string): TlsDatabase {
    return new TlsDatabase(undefined, backendName)
  }

  /**
   * The anchors in the order given; `undefined` if they are built into an engine and cannot be
   * listed.
   *
   * @see GIO `GTlsFileDatabase:anchors`
   */
  get anchors(): readonly TlsCertificate[] | undefined {
    return this.#anchors
  }

  /**
   * Name of the backend whose built-in anchors this stands for; `undefined` if it lists its own.
   */
  get engine(): string | undefined {
    return this.#engine
  }

  /** The same text for any two databases that trust the same anchors, in whatever order. */
  fingerprint(): Promise<string> {
    this.#fingerprint ??= this.#computeFingerprint()
    return this.#fingerprint
  }

  async #computeFingerprint(): Promise<string> {
    if (this.#anchors === undefined) return `engine:${this.#engine}`
    const parts = await Promise.all(this.#anchors.map((anchor) => anchor.fingerprint()))
    const unique = [...new Set(parts)].sort().join(' ')
    return `anchors:${await sha256(new TextEncoder().encode(unique))}`
  }
}

/** Fingerprint of `database: null`, which trusts nobody. */
export const NOBODY_TRUSTED = 'nobody'
