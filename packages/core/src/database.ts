import { TlsCertificate } from './certificate.js'
import { TlsCertificateFlags } from './certificate-flags.js'
import { TlsError } from './errors.js'
import { certificateMatchesIdentity } from './identity-match.js'
import type { TlsInteraction } from './interaction.js'
import { findingAt } from './path-validation/finding.js'
import {
  type PathProfile,
  type PathPurpose,
  PathValidator,
  type PathVerdict,
  RevocationList,
} from './path-validation/index.js'
import { canonicalIdentity, type ServerIdentity } from './server-identity.js'
import { sha256 } from './sha256.js'
import type { IoOptions } from './streams/io-stream.js'
import { TrustAnchors } from './trust-anchors.js'
import { readTrustText } from './trust-text.js'

/** How a {@link TlsDatabase} judges. */
export interface TlsDatabaseOptions {
  /**
   * Whose rules for the content of certificates count. Default `rfc5280`, which refuses much that
   * others let pass; see {@link PathProfile} for what `tolerant` gives up.
   */
  readonly profile?: PathProfile | undefined
  /**
   * DER of certificate revocation lists. What they list is `REVOKED`; of what they do not list, of
   * a list out of date, or of one that its issuer has not signed, nothing follows. Default: none.
   */
  readonly revocationLists?: readonly Uint8Array[] | undefined
}

/** What {@link TlsDatabase.verifyChain} is asked. */
export interface VerifyChainOptions extends IoOptions {
  /** What the certificate must be good for. Default `serverAuth`. */
  readonly purpose?: PathPurpose | undefined
  /** Whom it must be for. Default: the name is not checked. */
  readonly identity?: ServerIdentity | null | undefined
  /** Time to judge at, in milliseconds since 1970. Default: now. */
  readonly time?: number | undefined
  /**
   * DER of further certificates that the peer has sent, in any order: a path may need one that is
   * not linked. Default: none.
   */
  readonly others?: readonly Uint8Array[] | undefined
  /** Whom to ask, if a database has to. Default: nobody. */
  readonly interaction?: TlsInteraction | null | undefined
  /** Takes the whole verdict, at most once, before the promise resolves: why, and by which path. */
  readonly onVerdict?: ((verdict: PathVerdict) => void) | undefined
}

/** Options of the look-ups in a {@link TlsDatabase}. */
export interface LookupOptions extends IoOptions {
  /** Finds only certificates with their private key; a database of anchors has none. */
  readonly withPrivateKey?: boolean | undefined
}

/**
 * Trust anchors, and the verification of a chain against them: the same on every backend, whatever
 * its engine thinks.
 *
 * Reading anchors is costly: make one database and give it to all connections that trust the same.
 *
 * To decide otherwise, extend it and override {@link TlsDatabase.verifyChain}: its word is then the
 * only one, for the name of the peer as well. `super.verifyChain()` is there to build on.
 *
 * @see GIO `GTlsDatabase`
 */
export class TlsDatabase {
  readonly #given: readonly Uint8Array[]
  readonly #profile: PathProfile
  readonly #revocationLists: readonly Uint8Array[]
  #anchors: TrustAnchors | undefined
  #validator: PathValidator | undefined
  #fingerprint: Promise<string> | undefined

  /**
   * Trusts exactly these certificates; with none of them, nobody.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if a revocation list cannot be read.
   * @throws TypeError for an anchor that is no {@link TlsCertificate}, or a profile that there is
   *   not.
   */
  constructor(anchors: Iterable<TlsCertificate> = [], options: TlsDatabaseOptions = {}) {
    const { profile = 'rfc5280', revocationLists = [] } = options
    if (!profiles.has(profile)) throw new TypeError(`There is no profile "${profile}".`)
    this.#given = Array.from(anchors, derOf)
    this.#profile = profile
    this.#revocationLists = revocationLists.map((der) => new Uint8Array(der))
    for (const [at, der] of this.#revocationLists.entries()) requireRevocationList(der, at)
  }

  /**
   * Trusts exactly the certificates of a PEM text, and minds the revocation lists in it (`X509
   * CRL`); what stands between the blocks does not matter.
   *
   * @throws {@link TlsError} `TLS_MISC` if there is no certificate in it, `TLS_BAD_CERTIFICATE` if a
   *   certificate or list cannot be read, or if a list or private key is cut off or a key encrypted.
   * @throws TypeError for a profile that there is not.
   * @see GIO `g_tls_file_database_new()`
   */
  static fromPem(text: string, options: TlsDatabaseOptions = {}): TlsDatabase {
    const { anchors, ...rest } = readTrustText(text, options)
    return new TlsDatabase(anchors, rest)
  }

  /** Trusts exactly these certificates; with none of them, nobody. The constructor by a name. */
  static fromCertificates(
    anchors: Iterable<TlsCertificate>,
    options: TlsDatabaseOptions = {},
  ): TlsDatabase {
    return new TlsDatabase(anchors, options)
  }

  /**
   * The anchors, each once, in the order given, without their private keys.
   *
   * @see GIO `GTlsFileDatabase:anchors`
   */
  get anchors(): readonly TlsCertificate[] {
    return this.#loaded.certificates
  }

  /**
   * Judges a chain: finds the best path from its leaf to an anchor and reports all that is wrong
   * with it.
   *
   * @param certificate - the leaf; its linked issuers are used, in whatever order they are linked.
   * @returns bits of {@link TlsCertificateFlags}; 0 if the chain is valid. What is wrong with the
   *   chain never rejects.
   * @throws the reason of `signal`, if it was aborted: then there is no verdict.
   * @throws TypeError for an option that makes no sense.
   * @see GIO `g_tls_database_verify_chain_async()`; RFC 5280 §6.1
   */
  async verifyChain(
    certificate: TlsCertificate,
    options: VerifyChainOptions = {},
  ): Promise<number> {
    const { purpose = 'serverAuth', identity, time, others = [], signal, onVerdict } = options
    signal?.throwIfAborted()
    if (!purposes.has(purpose)) throw new TypeError(`There is no purpose "${purpose}".`)
    const expected = identity ? canonicalIdentity(identity) : undefined
    const links = certificate.chain().slice(1)
    const path = await this.#validate(certificate, {
      others: [...links.map(({ der }) => der), ...others],
      purpose,
      revocationLists: this.#revocationLists,
      ...(time === undefined ? {} : { time }),
    })
    signal?.throwIfAborted()
    const isFor = expected === undefined || certificateMatchesIdentity(certificate, expected)
    const verdict = isFor ? path : withWrongIdentity(path)
    onVerdict?.(verdict)
    return verdict.flags
  }

  /**
   * A text that stands for a certificate of this database, stable as long as it is in there; `null`
   * if it is not.
   *
   * @see GIO `g_tls_database_create_certificate_handle()`
   */
  async createHandle(certificate: TlsCertificate): Promise<string | null> {
    if (!this.#loaded.has(certificate)) return null
    return `${this.handlePrefix}#${await certificate.fingerprint()}`
  }

  /**
   * The certificate that a handle stands for; `null` for a handle of another database, of what is no
   * longer in this one, and for any other text. `withPrivateKey` does not matter.
   *
   * @see GIO `g_tls_database_lookup_certificate_for_handle_async()`
   */
  async lookupByHandle(
    handle: string,
    options: LookupOptions = {},
  ): Promise<TlsCertificate | null> {
    options.signal?.throwIfAborted()
    const prefix = `${this.handlePrefix}#`
    if (!handle.startsWith(prefix)) return null
    return (await this.#loaded.byFingerprint(handle.slice(prefix.length))) ?? null
  }

  /**
   * A certificate of this database whose subject is the issuer of another one; `null` if there is
   * none. Names are compared, no signature: it is not for building paths.
   *
   * @see GIO `g_tls_database_lookup_certificate_issuer_async()`
   */
  async lookupIssuer(
    certificate: TlsCertificate,
    options: LookupOptions = {},
  ): Promise<TlsCertificate | null> {
    options.signal?.throwIfAborted()
    if (options.withPrivateKey === true) return null
    return this.#loaded.issuerOf(certificate) ?? null
  }

  /**
   * All certificates of this database that an authority has issued; none for a name that cannot be
   * read.
   *
   * @param issuerName - distinguished name in DER, as in `TlsClientConnection.acceptedCas`.
   * @see GIO `g_tls_database_lookup_certificates_issued_by_async()`
   */
  async lookupIssuedBy(
    issuerName: Uint8Array,
    options: LookupOptions = {},
  ): Promise<TlsCertificate[]> {
    options.signal?.throwIfAborted()
    return options.withPrivateKey === true ? [] : this.#loaded.issuedBy(issuerName)
  }

  /**
   * The same text for any two databases that decide alike: with the same anchors in whatever order,
   * the same rules and lists. One that overrides {@link TlsDatabase.verifyChain} is like no other.
   */
  fingerprint(): Promise<string> {
    this.#fingerprint ??= this.#computeFingerprint()
    return this.#fingerprint
  }

  /**
   * For core and engines only: DER of the anchors, always the same list; empty if the database
   * decides otherwise, so that an engine trusts nobody by itself.
   */
  static anchorBytesOf(database: TlsDatabase | null): readonly Uint8Array[] {
    return database === null || TlsDatabase.decidesOtherwise(database)
      ? nobody
      : database.#loaded.ders
  }

  /**
   * For core only: whether the database has a verification of its own, so that the engine's does not
   * count.
   */
  static decidesOtherwise(database: TlsDatabase): boolean {
    return database.verifyChain !== TlsDatabase.prototype.verifyChain
  }

  /** DER of the anchors; called once, when they are first needed. Default: those given. */
  protected loadAnchors(): Iterable<Uint8Array> {
    return this.#given
  }

  /** What the handles of this database begin with, up to `#`. */
  protected get handlePrefix(): string {
    return 'anchors:'
  }

  /** Whether the anchors may break the rules on form, as some do that everybody trusts. */
  protected get toleratesAnchors(): boolean {
    return false
  }

  get #loaded(): TrustAnchors {
    this.#anchors ??= new TrustAnchors(this.loadAnchors())
    return this.#anchors
  }

  async #validate(
    certificate: TlsCertificate,
    request: Parameters<PathValidator['validate']>[1],
  ): Promise<PathVerdict> {
    this.#validator ??= new PathValidator(this.#loaded.ders, {
      profile: this.#profile,
      toleratesAnchors: this.toleratesAnchors,
    })
    try {
      return await this.#validator.validate(certificate.der, request)
    } catch (error) {
      if (!(error instanceof TlsError)) throw error
      const detail = 'It is not encoded as it has to be (DER).'
      const finding = findingAt(0, { rule: 'encoding', detail })
      return { flags: finding.flags, findings: [finding], path: [certificate.der] }
    }
  }

  async #computeFingerprint(): Promise<string> {
    if (TlsDatabase.decidesOtherwise(this)) {
      const random = crypto.getRandomValues(new Uint8Array(16))
      return `own:${await sha256(random)}`
    }
    const form = this.toleratesAnchors ? 'leniently' : 'strictly'
    const [anchors, ...lists] = await Promise.all([
      this.#loaded.fingerprint(),
      ...this.#revocationLists.map(sha256),
    ])
    return ['anchors', this.#profile, form, anchors, ...new Set(lists.sort())].join(':')
  }
}

/** Fingerprint of `database: null`, which trusts nobody. */
export const NOBODY_TRUSTED = 'nobody'

const nobody: readonly Uint8Array[] = Object.freeze([])

const profiles: ReadonlySet<string> = new Set(['rfc5280', 'webpki', 'tolerant'])
const purposes: ReadonlySet<string> = new Set(['serverAuth', 'clientAuth'])

function withWrongIdentity({ flags, findings, path }: PathVerdict): PathVerdict {
  const detail = 'It is for another name.'
  const wrong = findingAt(0, { rule: 'identity', extension: SUBJECT_ALT_NAME, detail })
  return { flags: flags | TlsCertificateFlags.BAD_IDENTITY, findings: [...findings, wrong], path }
}

const SUBJECT_ALT_NAME = '2.5.29.17'

function derOf(anchor: unknown): Uint8Array {
  if (anchor instanceof TlsCertificate) return anchor.der
  throw new TypeError('The anchors of a database are TlsCertificates; read a text by fromPem().')
}

/** A list that nobody can read would revoke nobody, without a word. */
function requireRevocationList(der: Uint8Array, at: number): void {
  try {
    void new RevocationList(der)
  } catch (cause) {
    const message = `Revocation list ${at + 1} cannot be read: it is no CRL in DER that stands for all certificates of its issuer.`
    throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
  }
}
