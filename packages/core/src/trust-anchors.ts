import { textOf } from './byte-text.js'
import { TlsCertificate } from './certificate.js'
import { DerError, readDer, Tag } from './path-validation/der.js'
import { readDistinguishedName } from './path-validation/names.js'
import { PathCertificate } from './path-validation/path-certificate.js'
import { sameBytes } from './same-bytes.js'
import { sha256 } from './sha256.js'

/** The trust anchors of a database, and what can be looked up among them. */
export class TrustAnchors {
  /** DER, each once, in the order given. Copies: whoever gave them may change theirs. */
  readonly ders: readonly Uint8Array[]
  readonly #certificates = new Map<Uint8Array, TlsCertificate>()
  #fingerprints: Promise<readonly string[]> | undefined
  #readNames: readonly AnchorNames[] | undefined

  constructor(ders: Iterable<Uint8Array>) {
    const unique = new Map(Array.from(ders, (der) => [textOf(der), der]))
    this.ders = Object.freeze(Array.from(unique.values(), (der) => new Uint8Array(der)))
  }

  /** Those that can be read, each made once. */
  get certificates(): readonly TlsCertificate[] {
    return this.ders.map((der) => this.#certificateOf(der)).filter((one) => one !== undefined)
  }

  /** Whether a certificate is among them. */
  has(certificate: TlsCertificate): boolean {
    return this.ders.some((der) => sameBytes(der, certificate.der))
  }

  /** The anchor with this SHA-256, in lower-case hexadecimal. */
  async byFingerprint(fingerprint: string): Promise<TlsCertificate | undefined> {
    const at = (await this.#allFingerprints()).indexOf(fingerprint)
    const der = this.ders[at]
    return der === undefined ? undefined : this.#certificateOf(der)
  }

  /** The first whose subject is the issuer of a certificate. */
  issuerOf(certificate: TlsCertificate): TlsCertificate | undefined {
    const { issuer } = readNames(certificate.der)
    if (issuer === undefined) return undefined
    return this.#first(({ subject }) => subject === issuer)
  }

  /** All whose issuer has this name, a distinguished name in DER. */
  issuedBy(name: Uint8Array): TlsCertificate[] {
    const wanted = readName(name)
    if (wanted === undefined) return []
    return this.ders
      .filter((_, at) => this.#names[at]?.issuer === wanted)
      .map((der) => this.#certificateOf(der))
      .filter((one) => one !== undefined)
  }

  /** The same text for the same anchors, in whatever order. */
  async fingerprint(): Promise<string> {
    const unique = [...new Set(await this.#allFingerprints())].sort().join(' ')
    return sha256(new TextEncoder().encode(unique))
  }

  /** Most databases are never searched, and a system has more than a hundred anchors. */
  get #names(): readonly AnchorNames[] {
    this.#readNames ??= this.ders.map(readNames)
    return this.#readNames
  }

  #first(matches: (names: AnchorNames) => boolean): TlsCertificate | undefined {
    const der = this.ders[this.#names.findIndex(matches)]
    return der === undefined ? undefined : this.#certificateOf(der)
  }

  #certificateOf(der: Uint8Array): TlsCertificate | undefined {
    let certificate = this.#certificates.get(der)
    if (certificate === undefined) {
      try {
        certificate = TlsCertificate.fromDer(der)
      } catch {
        return undefined
      }
      this.#certificates.set(der, certificate)
    }
    return certificate
  }

  #allFingerprints(): Promise<readonly string[]> {
    this.#fingerprints ??= Promise.all(this.ders.map(sha256))
    return this.#fingerprints
  }
}

/** Subject and issuer as comparable texts (RFC 5280 §7.1); of what cannot be read, neither. */
interface AnchorNames {
  readonly subject?: string
  readonly issuer?: string
}

function readNames(der: Uint8Array): AnchorNames {
  return (
    attempt(() => {
      const { subjectKey, issuerKey } = new PathCertificate(der)
      return { subject: subjectKey, issuer: issuerKey }
    }) ?? {}
  )
}

function readName(der: Uint8Array): string | undefined {
  return attempt(() => readDistinguishedName(readDer(der, Tag.SEQUENCE)).join(','))
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
