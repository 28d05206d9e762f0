import { textOf } from '../byte-text.js'
import type { TlsCertificateFlags } from '../certificate-flags.js'
import { TlsError } from '../errors.js'
import type { PathProfile, PathPurpose } from './certificate-rules.js'
import { DerError } from './der.js'
import type { PathFinding } from './finding.js'
import { KnownPaths, type PathQuestion } from './known-paths.js'
import { PathCertificate } from './path-certificate.js'
import { bySubject, type FoundPath, PathSearch } from './path-search.js'
import { RevocationList } from './revocation.js'
import { Signatures } from './signatures.js'
import { MOST_CERTIFICATES, Work } from './work.js'

/** What {@link PathValidator} makes of a certificate. */
export interface PathVerdict {
  /** Bits of {@link TlsCertificateFlags}: all that the findings stand for; 0 if there are none. */
  readonly flags: number
  /** All that is wrong with the path; empty if it is valid. */
  readonly findings: readonly PathFinding[]
  /**
   * DER of the certificates of the best path, leaf first, its trust anchor last if it has one. The
   * leaf alone if it is trusted itself, or if nobody is known who has issued it. Not to be changed.
   */
  readonly path: readonly Uint8Array[]
}

/** What there is to know about a certificate that is to be validated. */
export interface PathRequest {
  /**
   * DER of the other certificates that the peer has sent, in any order; duplicates and strangers do
   * no harm, nor does what cannot be read. Only the first 100 are looked at. Default: none.
   */
  readonly others?: readonly Uint8Array[]
  /** What the certificate must be good for. Default: `serverAuth`. */
  readonly purpose?: PathPurpose
  /** Time to judge at, in milliseconds since 1970. Default: now. */
  readonly time?: number
  /**
   * DER of certificate revocation lists. What they list is revoked, for ever; of what they do not
   * list, or of a list that is out of date, cannot be read or is signed by somebody else, nothing
   * follows. They are kept: do not change the bytes afterwards. Default: none.
   */
  readonly revocationLists?: readonly Uint8Array[]
}

/** How {@link PathValidator} judges. */
export interface PathValidatorOptions {
  /** Whose rules for the content of certificates count. Default: `rfc5280`. */
  readonly profile?: PathProfile
  /**
   * How many CAs there may be between leaf and anchor, not counting those that have issued their
   * own certificate. Default: 10. With them and both ends, a path has never more than 20.
   */
  readonly maxIntermediates?: number
  /**
   * Whether trust anchors may break the rule `profile`, as some of those that everybody trusts do.
   * Default `false`.
   */
  readonly toleratesAnchors?: boolean
}

/**
 * Finds a path from a certificate to a trust anchor and validates it (RFC 5280 §6.1), on any
 * runtime with WebCrypto: for engines that do not verify by themselves.
 *
 * Judged are: signatures (RSA with PKCS #1 and PSS, ECDSA on P-256, P-384 and P-521, Ed25519 where
 * WebCrypto has it), names of issuers, validity, basic constraints and path length, key usage,
 * extended key usage on every certificate, name constraints, critical extensions, the strength of
 * keys and hashes, and revocation as far as lists are given. Not judged: for whom the certificate
 * is, and certificate policies; a certificate that demands one is refused.
 *
 * A trust anchor is held to the same rules as any CA: its validity, key usage, path length and name
 * constraints count. Only the signature on it does not, and its serial number. A leaf that is
 * itself among the anchors is trusted, and judged as a leaf.
 *
 * The work for one certificate is bounded, whatever the peer sends: at most 100 signatures. What
 * was verified lately is remembered, so keep a validator as long as its anchors are trusted.
 *
 * @see RFC 5280 §6.1, RFC 4158; GIO `g_tls_database_verify_chain()`
 */
export class PathValidator {
  readonly #anchors: ReadonlyMap<string, readonly PathCertificate[]>
  readonly #anchorTexts: ReadonlySet<string>
  readonly #profile: PathProfile
  readonly #maxIntermediates: number
  readonly #toleratesAnchors: boolean
  readonly #signatures = new Signatures()
  readonly #known = new KnownPaths()
  /** Certificates met lately, by their bytes as text. */
  readonly #recent = new Map<string, PathCertificate>()
  readonly #revocationLists = new WeakMap<Uint8Array, RevocationList | DerError>()

  /**
   * Trusts these certificates.
   *
   * @param anchors - DER. One that cannot be read vouches for nobody.
   */
  constructor(anchors: Iterable<Uint8Array>, options: PathValidatorOptions = {}) {
    const read = [...anchors].map(readCopy).filter((one) => one instanceof PathCertificate)
    this.#anchorTexts = new Set(read.map(({ text }) => text))
    this.#anchors = bySubject(new Map(read.map((anchor) => [anchor.text, anchor])).values())
    this.#profile = options.profile ?? 'rfc5280'
    this.#maxIntermediates = options.maxIntermediates ?? 10
    this.#toleratesAnchors = options.toleratesAnchors ?? false
  }

  /**
   * Validates a certificate. Rejects never for what is wrong with the path: that is in the verdict.
   *
   * @param leaf - DER of the certificate in question.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if `leaf` is no X.509 certificate in DER.
   */
  async validate(leaf: Uint8Array, request: PathRequest = {}): Promise<PathVerdict> {
    const question = {
      leaf: this.#readLeaf(leaf),
      others: this.#readOthers(request.others ?? []),
      purpose: request.purpose ?? 'serverAuth',
    }
    const time = request.time ?? Date.now()
    const revocationLists = this.#readLists(request.revocationLists ?? [])
    // Lists come and go: they are looked at each time.
    const known = revocationLists.length === 0 ? this.#known.find(question, time) : undefined
    if (known !== undefined) return { flags: 0, findings: [], path: known.map(copyOf) }
    const { path, findings } = await this.#search(question, time, revocationLists)
    if (findings.length === 0 && revocationLists.length === 0) this.#known.add(question, path)
    return {
      flags: findings.reduce((all, { flags }) => all | flags, 0),
      findings,
      path: path.map(copyOf),
    }
  }

  #search(
    { leaf, others, purpose }: PathQuestion,
    time: number,
    revocationLists: readonly RevocationList[],
  ): Promise<FoundPath> {
    const candidates = { anchors: this.#anchors, anchorTexts: this.#anchorTexts, others }
    const rules = {
      profile: this.#profile,
      maxIntermediates: this.#maxIntermediates,
      toleratesAnchors: this.#toleratesAnchors,
      purpose,
      time,
      revocationLists,
    }
    return new PathSearch(leaf, candidates, rules, this.#signatures, new Work()).find()
  }

  #readLeaf(der: Uint8Array): PathCertificate {
    const leaf = this.#read(der)
    if (leaf instanceof PathCertificate) return leaf
    const message = 'The data is not an X.509 certificate.'
    throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause: leaf })
  }

  #readOthers(others: readonly Uint8Array[]): PathCertificate[] {
    const read = new Map<string, PathCertificate>()
    for (const der of others.slice(0, MOST_CERTIFICATES)) {
      const certificate = this.#read(der)
      if (!(certificate instanceof PathCertificate)) continue
      if (!this.#anchorTexts.has(certificate.text)) read.set(certificate.text, certificate)
    }
    return [...read.values()]
  }

  #read(der: Uint8Array): PathCertificate | DerError {
    if (der.length > MAX_KEPT_LENGTH) return readCopy(der)
    const text = textOf(der)
    const known = this.#recent.get(text)
    if (known !== undefined) {
      this.#recent.delete(text)
      this.#recent.set(text, known)
      return known
    }
    const certificate = readCopy(der)
    if (certificate instanceof PathCertificate) {
      if (this.#recent.size >= MAX_RECENT) {
        this.#recent.delete(this.#recent.keys().next().value as string)
      }
      this.#recent.set(text, certificate)
    }
    return certificate
  }

  #readLists(lists: readonly Uint8Array[]): RevocationList[] {
    return lists
      .map((der) => {
        const list = this.#revocationLists.get(der) ?? attempt(() => new RevocationList(der))
        this.#revocationLists.set(der, list)
        return list
      })
      .filter((list) => list instanceof RevocationList)
  }
}

/**
 * The bytes may be somebody else's to change; what was verified must stay as it is. The `slice` of a
 * Node `Buffer` would be no copy.
 */
function readCopy(der: Uint8Array): PathCertificate | DerError {
  return attempt(() => new PathCertificate(new Uint8Array(der)))
}

function attempt<T>(read: () => T): T | DerError {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) return error
    throw error
  }
}

const MAX_RECENT = 256
/** Peers choose how long their certificates are; a usual one has one or two KiB. */
const MAX_KEPT_LENGTH = 8192

/** Whoever gets the path may do with it what he likes. */
function copyOf({ der }: PathCertificate): Uint8Array {
  return new Uint8Array(der)
}
