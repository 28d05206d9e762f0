import { readCertificateList, readCertificateText } from './certificate-text.js'
import { type VerifyCertificateOptions, verifyCertificate } from './certificate-verification.js'
import { TlsError } from './errors.js'
import { decryptPem, pemText } from './load-encrypted-pem.js'
import type { LoadPkcs11Options } from './load-pkcs11.js'
import { loadPkcs12 } from './load-pkcs12.js'
import type { PasswordInput } from './password-based/password.js'
import { toPem } from './pem.js'
import { requirePkcs11Uri } from './pkcs11-uri.js'
import { privateKeyForCertificate } from './private-key.js'
import { sameBytes } from './same-bytes.js'
import { getDefaultBackend } from './selection/default-registry.js'
import { sha256 } from './sha256.js'
import { type UnlockOptions, unlock } from './unlock.js'
import { type CertificateKeyType, parseX509, type X509Fields } from './x509.js'

/** Where the key of a certificate is, beside its DER. */
export interface DerChainOptions {
  /**
   * DER of the leaf's private key, unencrypted, in PKCS #8, PKCS #1 or SEC 1; copied. Default: none.
   */
  readonly privateKey?: Uint8Array | undefined
  /**
   * PKCS #11 URI (RFC 7512) of the leaf's private key, which stays in its token. Default: none.
   */
  readonly privateKeyPkcs11Uri?: string | null | undefined
  /**
   * PKCS #11 URI that the certificate came from; its key too, if no other is named. Default: none.
   */
  readonly pkcs11Uri?: string | null | undefined
}

/**
 * An X.509 certificate, perhaps with its private key and a link to its issuer. Immutable: bytes are
 * copied on the way in and on the way out. The key is shown by nothing but the two getters for it; it
 * may also be in a token, and is then shown by none.
 *
 * @see GIO `GTlsCertificate`
 */
export class TlsCertificate {
  static {
    // Node, Deno and Bun print what this gives, even where they are told to run all getters.
    Object.defineProperty(TlsCertificate.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value: TlsCertificate.prototype.toString,
    })
  }

  readonly #der: Uint8Array
  readonly #fields: X509Fields
  readonly #issuer: TlsCertificate | null
  /** PKCS #8. */
  readonly #privateKey: Uint8Array | undefined
  readonly #pkcs11Uri: string | null
  readonly #privateKeyPkcs11Uri: string | null
  #pem: string | undefined
  #fingerprint: Promise<string> | undefined
  #settingsKey: Promise<string> | undefined

  /** Takes a private key in whatever form it is, by the label of its PEM block if it has one. */
  private constructor(
    der: Uint8Array,
    issuer: TlsCertificate | null = null,
    key: { readonly label?: string; readonly der: Uint8Array } | undefined = undefined,
    { pkcs11Uri = null, privateKeyPkcs11Uri = null }: Omit<DerChainOptions, 'privateKey'> = {},
  ) {
    if (!(der instanceof Uint8Array)) {
      throw new TypeError(`DER is a Uint8Array, not "${typeof der}".`)
    }
    this.#der = new Uint8Array(der)
    this.#issuer = issuer
    try {
      this.#fields = parseX509(this.#der)
    } catch (cause) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The data is not an X.509 certificate.', { cause })
    }
    this.#privateKey = key && privateKeyForCertificate(key.label, key.der, this.#fields.publicKey)
    this.#pkcs11Uri = pkcs11Uri
    this.#privateKeyPkcs11Uri = privateKeyPkcs11Uri
    Object.freeze(this)
  }

  /**
   * Reads a certificate from PEM text. The first certificate is the leaf; the first private key
   * anywhere in the text belongs to it. LF, CRLF and CR are all fine, and so is text between the
   * blocks.
   *
   * Further certificates are the issuers of the one before, in file order, all of them or none: if
   * one is damaged, or has not issued the one before, there is only the first. Who has issued whom
   * is told by names and key identifiers. That is no trust: only verification looks at signatures,
   * see {@link TlsCertificate.verify}.
   *
   * @param text - RFC 7468, as text or as its bytes; the key is PKCS #8, PKCS #1 or SEC 1,
   *   unencrypted.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is no certificate, the first one cannot
   *   be parsed, or a key is encrypted, damaged, cut off, or provably of another certificate.
   * @see GIO `g_tls_certificate_new_from_pem()`
   */
  static fromPem(text: string | Uint8Array): TlsCertificate {
    const { chain, key } = readCertificateText(text)
    const [leaf, ...issuers] = chain
    return new TlsCertificate(leaf, TlsCertificate.#linked(issuers), key)
  }

  /**
   * All certificates of a PEM text in its order, not linked and without keys; an empty list if
   * there is none.
   *
   * @param text - RFC 7468, as text or as its bytes.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if one is damaged or cannot be parsed, or if
   *   there is a private key that is encrypted, damaged or cut off.
   * @see GIO `g_tls_certificate_list_new_from_file()`
   */
  static listFromPem(text: string | Uint8Array): TlsCertificate[] {
    return readCertificateList(text).map((der) => new TlsCertificate(der))
  }

  /**
   * Reads one certificate in DER, without issuer and key.
   *
   * @param der - copied.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if it cannot be parsed.
   * @see GIO `GTlsCertificate:certificate`
   */
  static fromDer(der: Uint8Array): TlsCertificate {
    return new TlsCertificate(der)
  }

  /**
   * Makes a certificate of its parts: a chain of DER certificates, leaf first, each linked to the next
   * as its issuer, whatever they say. Nothing is verified. A key in a token is not looked at before it
   * is used, by a backend that can ({@link TlsCapabilities.pkcs11}); all others refuse.
   *
   * @param chain - copied.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if the chain is empty or one of it cannot be
   *   parsed, or the key cannot be read or is provably of another certificate.
   * @throws TypeError for a key both in memory and in a token, a URI that is none of PKCS #11, or one with a
   *   PIN in another place than `pin-value` behind the `?`.
   * @see GIO `GTlsCertificate:certificate`, `GTlsCertificate:issuer`, `GTlsCertificate:private-key`,
   *   `GTlsCertificate:pkcs11-uri`, `GTlsCertificate:private-key-pkcs11-uri`
   */
  static fromDerChain(chain: readonly Uint8Array[], options: DerChainOptions = {}): TlsCertificate {
    const [leaf, ...issuers] = chain
    if (leaf === undefined) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'The certificate chain is empty.')
    }
    const { privateKey, pkcs11Uri, privateKeyPkcs11Uri } = options
    if (pkcs11Uri != null) requirePkcs11Uri('pkcs11Uri', pkcs11Uri)
    if (privateKeyPkcs11Uri != null) requirePkcs11Uri('privateKeyPkcs11Uri', privateKeyPkcs11Uri)
    if (privateKey !== undefined && privateKeyPkcs11Uri != null) {
      throw new TypeError('The private key of a certificate is in memory or in a token, not both.')
    }
    if (privateKey !== undefined && !(privateKey instanceof Uint8Array)) {
      throw new TypeError(`The private key is a Uint8Array, not "${typeof privateKey}".`)
    }
    const key = privateKey && { der: privateKey }
    const uris = { pkcs11Uri, privateKeyPkcs11Uri }
    return new TlsCertificate(leaf, TlsCertificate.#linked(issuers), key, uris)
  }

  /**
   * Reads a certificate and its private key from a PKCS #12 container. The certificate that belongs
   * to the key is the leaf; others become its issuers as far as they are, or are left out. Nothing
   * is verified. RSA, EC and EdDSA keys; encryption by PBES2 (PBKDF2, AES and 3DES) and the older
   * one of PKCS #12 (3DES, RC2); a MAC by HMAC with SHA-1 and SHA-2, PBMAC1, or none.
   *
   * The code for it is loaded at the first call. A MAC by the older key derivation, which most
   * containers have, blocks for about 3 microseconds for each of its iterations.
   *
   * @param options - without a password, as with an empty one, the container has to have none; or
   *   else `interaction` is asked for it.
   * @throws TypeError if an argument is of the wrong type; {@link TlsError}
   *   `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong or missing, `TLS_BAD_CERTIFICATE` if
   *   the container cannot be read, asks for absurdly much work, or has no key with its certificate;
   *   what the interaction rejects with.
   * @see GIO `g_tls_certificate_new_from_pkcs12()`; RFC 7292
   */
  static async fromPkcs12(bytes: Uint8Array, options: UnlockOptions = {}): Promise<TlsCertificate> {
    // They may change while somebody is asked.
    const copy = bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes
    const { chain, privateKey } = await unlock(options, 'the PKCS #12 container', (password) =>
      loadPkcs12(copy, password),
    )
    try {
      return TlsCertificate.fromDerChain(chain, { privateKey })
    } finally {
      privateKey.fill(0)
    }
  }

  /**
   * Reads a certificate from PEM text whose private key may be encrypted (`ENCRYPTED PRIVATE KEY`,
   * PKCS #8). In all else like {@link TlsCertificate.fromPem}. Beyond GIO, which refuses such keys.
   *
   * @param input - RFC 7468, as text or bytes.
   * @param options - not used if no key is encrypted.
   * @throws TypeError if an argument is of the wrong type; {@link TlsError}
   *   `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong, or missing and needed;
   *   `TLS_BAD_CERTIFICATE` as for `fromPem`, if the encryption is not supported, which includes
   *   that of the traditional format (`Proc-Type: 4,ENCRYPTED`), or if it asks for absurdly much work;
   *   what the interaction rejects with.
   * @see RFC 5958 §3; RFC 8018 §6
   */
  static async fromEncryptedPem(
    input: string | Uint8Array,
    options: UnlockOptions = {},
  ): Promise<TlsCertificate> {
    const text = pemText(input)
    const open = (password: PasswordInput | undefined) => decryptPem(text, password)
    return TlsCertificate.fromPem(await unlock(options, 'the private key in the text', open))
  }

  /**
   * Reads a certificate out of a token, by the default backend; its private key stays there. As
   * {@link TlsBackend.loadPkcs11Certificate}, which is the same for a backend that was chosen otherwise.
   *
   * @param uri - PKCS #11 URI of the certificate (RFC 7512).
   * @param privateKeyUri - PKCS #11 URI of the key; `null` (default) if it is `uri`, too.
   * @see GIO `g_tls_certificate_new_from_pkcs11_uris()`
   */
  static async fromPkcs11Uris(
    uri: string,
    privateKeyUri: string | null = null,
    options: Omit<LoadPkcs11Options, 'privateKeyPkcs11Uri'> = {},
  ): Promise<TlsCertificate> {
    const privateKeyPkcs11Uri = privateKeyUri
    return getDefaultBackend().loadPkcs11Certificate(uri, { ...options, privateKeyPkcs11Uri })
  }

  /** The first of them, each linked to the next. */
  static #linked(chain: readonly Uint8Array[]): TlsCertificate | null {
    return chain.reduceRight<TlsCertificate | null>(
      (issuer, der) => new TlsCertificate(der, issuer),
      null,
    )
  }

  /** DER of this certificate alone, as a copy. @see GIO `GTlsCertificate:certificate` */
  get der(): Uint8Array {
    return new Uint8Array(this.#der)
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

  /** Whether it came with its private key, or says which token that is in. */
  get hasPrivateKey(): boolean {
    return this.#privateKey !== undefined || this.#tokenKeyUri !== undefined
  }

  /**
   * The private key as unencrypted PKCS #8 in DER, as a copy, whatever form it was read from;
   * `undefined` if there is none, or it is in a token. Secret.
   *
   * @see GIO `GTlsCertificate:private-key`; RFC 5208
   */
  get privateKeyDer(): Uint8Array | undefined {
    return this.#privateKey && new Uint8Array(this.#privateKey)
  }

  /**
   * The same in PEM, in lines of 64 characters, ending with a line end. Secret.
   *
   * @see GIO `GTlsCertificate:private-key-pem`; RFC 7468 §10
   */
  get privateKeyPem(): string | undefined {
    return this.#privateKey && toPem('PRIVATE KEY', this.#privateKey)
  }

  /**
   * PKCS #11 URI that it came from, as it was given, so perhaps with a PIN in it; `null` if it did not
   * come out of a token.
   *
   * @see GIO `GTlsCertificate:pkcs11-uri`; RFC 7512
   */
  get pkcs11Uri(): string | null {
    return this.#pkcs11Uri
  }

  /**
   * PKCS #11 URI of the private key, as it was given, so perhaps with a PIN in it; `null` if none was
   * given: the key is then in memory, or where {@link TlsCertificate.pkcs11Uri} says, or there is none.
   *
   * @see GIO `GTlsCertificate:private-key-pkcs11-uri`; RFC 7512
   */
  get privateKeyPkcs11Uri(): string | null {
    return this.#privateKeyPkcs11Uri
  }

  /** Where its key is, if it is in a token. */
  get #tokenKeyUri(): string | undefined {
    if (this.#privateKey !== undefined) return undefined
    return this.#privateKeyPkcs11Uri ?? this.#pkcs11Uri ?? undefined
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

  /**
   * Judges it by itself, outside of any connection: whom it is for, and whether one authority vouches
   * for it, perhaps by way of the linked issuers. What it is to be used for is not judged, so a
   * connection may refuse what passes here.
   *
   * Without an authority neither chain nor dates are checked: `verify()` alone is always 0.
   *
   * @returns bits of {@link TlsCertificateFlags}; 0 if nothing is wrong. What is wrong with the
   *   certificate never rejects.
   * @throws TypeError for an option that makes no sense.
   * @see GIO `g_tls_certificate_verify()`; RFC 5280 §6.1, RFC 9525 §6
   */
  async verify(options: VerifyCertificateOptions = {}): Promise<number> {
    const { trustedCa } = options
    // Null would be easy to take for "trust nobody", and GIO's means that nothing is checked.
    if (trustedCa !== undefined && !(trustedCa instanceof TlsCertificate)) {
      throw new TypeError(`The trusted CA is a TlsCertificate, not "${String(trustedCa)}".`)
    }
    return verifyCertificate(this, options)
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
   * For core and its backends: PKCS #11 URI of its private key, if that is in a token; perhaps with a
   * PIN in it, so only to be opened by {@link HandshakeParameters.openToken}.
   */
  static tokenKeyUriOf(certificate: TlsCertificate): string | undefined {
    return certificate.#tokenKeyUri
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
          .join('') + (certificate.privateKeyPem ?? certificate.#tokenKeyUri ?? ''),
      ),
    )
    return certificate.#settingsKey
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
