import { TlsError } from './errors.js'
import { type PemBlock, parsePem, toPem } from './pem.js'
import { type CertificateKeyType, parseX509, type X509Fields } from './x509.js'

/**
 * An X.509 certificate, perhaps with its private key and a link to its issuer. Immutable.
 *
 * @see GIO `GTlsCertificate`
 */
export class TlsCertificate {
  readonly #der: Uint8Array
  readonly #fields: X509Fields
  readonly #issuer: TlsCertificate | null
  readonly #privateKeyPem: string | undefined
  #pem: string | undefined
  #fingerprint: Promise<string> | undefined
  #settingsKey: Promise<string> | undefined

  private constructor(
    der: Uint8Array,
    issuer: TlsCertificate | null = null,
    privateKeyPem: string | undefined = undefined,
  ) {
    this.#der = der
    this.#issuer = issuer
    this.#privateKeyPem = privateKeyPem
    try {
      this.#fields = parseX509(der)
    } catch (cause) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The data is not an X.509 certificate.', { cause })
    }
  }

  /**
   * Reads a certificate from PEM text. The first certificate is the leaf, further ones its issuers
   * in file order; the first private key anywhere in the text belongs to the leaf. LF and CRLF are
   * both fine, and so is text between the blocks. Nothing is verified.
   *
   * @param text - RFC 7468; the key is PKCS #8, PKCS #1 or SEC 1, unencrypted.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is no certificate, one cannot be
   *   parsed, or a key is encrypted or cut off.
   * @see GIO `g_tls_certificate_new_from_pem()`
   */
  static fromPem(text: string): TlsCertificate {
    const { certificates, keys } = sortBlocks(text)
    const leaf = certificates[0]
    if (leaf === undefined) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The text contains no PEM certificate.')
    }
    let issuer: TlsCertificate | null = null
    for (const block of certificates.slice(1).reverse()) {
      issuer = new TlsCertificate(block.der, issuer)
    }
    return new TlsCertificate(leaf.der, issuer, keys[0]?.text)
  }

  /**
   * All certificates of a PEM text in its order, not linked and without keys; an empty list if
   * there is none.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if one cannot be parsed, or if there is a
   *   private key that is encrypted or cut off.
   * @see GIO `g_tls_certificate_list_new_from_file()`
   */
  static listFromPem(text: string): TlsCertificate[] {
    return sortBlocks(text).certificates.map((block) => new TlsCertificate(block.der))
  }

  /**
   * Reads a chain of DER certificates, leaf first, each linked to the next as its issuer. Nothing
   * is verified, and the bytes are kept: do not change them afterwards.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if it is empty or one cannot be parsed.
   */
  static fromDerChain(chain: readonly Uint8Array[]): TlsCertificate {
    let certificate: TlsCertificate | null = null
    for (const der of [...chain].reverse()) certificate = new TlsCertificate(der, certificate)
    if (certificate === null) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The certificate chain is empty.')
    }
    return certificate
  }

  /** DER of this certificate alone. Not to be changed. @see GIO `GTlsCertificate:certificate` */
  get der(): Uint8Array {
    return this.#der
  }

  /**
   * PEM of this certificate alone, in lines of 64 characters, ending with a line end.
   *
   * @see GIO `GTlsCertificate:certificate-pem`
   */
  get pem(): string {
    this.#pem ??= toPem('CERTIFICATE', this.#der)
    return this.#pem
  }

  /**
   * The linked issuer, or `null`. Informative: verification may find another path.
   *
   * @see GIO `GTlsCertificate:issuer`
   */
  get issuer(): TlsCertificate | null {
    return this.#issuer
  }

  /** Kind of its key, `undefined` for one that is unheard of. Beyond GIO. */
  get keyType(): CertificateKeyType | undefined {
    return this.#fields.keyType
  }

  /** Whether it came with its private key. */
  get hasPrivateKey(): boolean {
    return this.#privateKeyPem !== undefined
  }

  /**
   * Subject's distinguished name in encoded order, the first relative name first, with RFC 4514
   * escapes: `C=DE,O=Example,CN=example.org`. For display.
   *
   * @see GIO `GTlsCertificate:subject-name`
   */
  get subjectName(): string {
    return this.#fields.subjectName
  }

  /** Issuer's distinguished name, in the same form. @see GIO `GTlsCertificate:issuer-name` */
  get issuerName(): string {
    return this.#fields.issuerName
  }

  /** First instant of validity. @see GIO `GTlsCertificate:not-valid-before` */
  get notBefore(): Date {
    return new Date(this.#fields.notBefore)
  }

  /** Last instant of validity. @see GIO `GTlsCertificate:not-valid-after` */
  get notAfter(): Date {
    return new Date(this.#fields.notAfter)
  }

  /**
   * dNSName entries of the subject alternative name as they stand, in their order; A-labels,
   * perhaps with a wildcard.
   *
   * @see GIO `GTlsCertificate:dns-names`; RFC 5280 §4.2.1.6
   */
  get dnsNames(): readonly string[] {
    return this.#fields.dnsNames
  }

  /**
   * iPAddress entries of the subject alternative name, as canonical text (RFC 5952 for IPv6);
   * entries of neither 4 nor 16 bytes are left out.
   *
   * @see GIO `GTlsCertificate:ip-addresses`; RFC 5280 §4.2.1.6
   */
  get ipAddresses(): readonly string[] {
    return this.#fields.ipAddresses
  }

  /** This certificate and its linked issuers, leaf first. */
  chain(): TlsCertificate[] {
    const chain: TlsCertificate[] = []
    for (let at: TlsCertificate | null = this; at !== null; at = at.#issuer) chain.push(at)
    return chain
  }

  /**
   * Whether both have the same DER; key and issuer do not matter.
   *
   * @see GIO `g_tls_certificate_is_same()`
   */
  isSame(other: TlsCertificate): boolean {
    return sameBytes(this.#der, other.#der)
  }

  /** SHA-256 of the DER in lower-case hexadecimal. */
  fingerprint(): Promise<string> {
    this.#fingerprint ??= sha256(this.#der)
    return this.#fingerprint
  }

  /**
   * For core only: hash of the signature on it in WebCrypto's spelling, `undefined` if it has not
   * just one.
   */
  static signatureHashOf(certificate: TlsCertificate): string | undefined {
    return certificate.#fields.signatureHash
  }

  /**
   * For core only: the same text for certificates that make an engine behave alike: chain and key.
   */
  static settingsKeyOf(certificate: TlsCertificate): Promise<string> {
    certificate.#settingsKey ??= sha256(
      new TextEncoder().encode(
        certificate
          .chain()
          .map(({ pem }) => pem)
          .join('') + (certificate.#privateKeyPem ?? ''),
      ),
    )
    return certificate.#settingsKey
  }

  /**
   * For engines only: the private key as PEM as it was read, `undefined` if there is none. Secret.
   */
  static privateKeyPemOf(certificate: TlsCertificate): string | undefined {
    return certificate.#privateKeyPem
  }

  /** Says whose certificate it is; never the key. */
  toString(): string {
    return `TlsCertificate(${this.subjectName})`
  }

  /** Subject, issuer and end of validity (ISO 8601) for logs; never the key. */
  toJSON(): { subjectName: string; issuerName: string; notAfter: string } {
    return {
      subjectName: this.subjectName,
      issuerName: this.issuerName,
      notAfter: this.notAfter.toISOString(),
    }
  }
}

/** Whether two byte strings are equal. Not for secrets: it stops at the first difference. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

/** SHA-256 in lower-case hexadecimal. */
export async function sha256(data: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function sortBlocks(text: string): { certificates: PemBlock[]; keys: PemBlock[] } {
  let blocks: PemBlock[]
  try {
    blocks = parsePem(text)
  } catch (cause) {
    throw new TlsError('TLS_BAD_CERTIFICATE', 'A PEM block of the text is damaged.', { cause })
  }
  const keys = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  if (keys.some(isEncrypted) || countKeyMarkers(text) !== keys.length) {
    throw new TlsError(
      'TLS_BAD_CERTIFICATE',
      'The private key in the text is encrypted or cut off.',
    )
  }
  return { certificates: blocks.filter(({ label }) => label === 'CERTIFICATE'), keys }
}

function isEncrypted({ label, text }: PemBlock): boolean {
  return label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED')
}

function countKeyMarkers(text: string): number {
  return text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----/g)?.length ?? 0
}
