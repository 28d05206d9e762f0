/**
 * All that `tlsio cert` has to say about a chain: the document that `--json` prints, and what the
 * text is made of. What is in it is kept from one version to the next; members may be added.
 *
 * Times are ISO 8601 in UTC, to the millisecond; `null` for one that cannot be read. Bytes are
 * lower-case hexadecimal. Names are as the certificates have them: escape them before printing.
 */
export interface ChainReport {
  /** Version of this shape. */
  readonly version: 1
  /** Where the chain is from. */
  readonly source: ChainSource
  /** What it was held against. */
  readonly judged: JudgedBy
  /** Who was trusted. */
  readonly trust: TrustReport
  /** Whether it verifies: there are no flags. */
  readonly verifies: boolean
  /** Names of all flags of `TlsCertificateFlags` that were found, by core or by the engine. */
  readonly flags: readonly string[]
  /** What core found, each with the certificate and extension that caused it. */
  readonly findings: readonly CheckFinding[]
  /** What the engine found by itself; `null` if it did not verify or was not asked. */
  readonly engine: EngineOpinion | null
  /** Indexes into `certificates`: the path that was judged, leaf first, its trust anchor last. */
  readonly path: readonly number[]
  /** The path, then what else there is in its order; each certificate once. */
  readonly certificates: readonly CertificateReport[]
}

/** Where a chain is from. */
export type ChainSource = FileSource | PeerSource

/** A file, or standard input. */
export interface FileSource {
  /** Tells it from {@link PeerSource}. */
  readonly kind: 'file'
  /** As it was given; `-` is standard input. */
  readonly path: string
  /** What it is. */
  readonly format: 'pem' | 'der' | 'pkcs12'
}

/** A server, after the handshake. */
export interface PeerSource {
  /** Tells it from {@link FileSource}. */
  readonly kind: 'peer'
  /** As it was given. */
  readonly host: string
  /** As it was given, or 443. */
  readonly port: number
  /** The address that answered; `null` if that is not known. */
  readonly address: string | null
  /** Version agreed, such as `TLSv1.3`. */
  readonly protocolVersion: string | null
  /** IANA name of the cipher suite. */
  readonly cipherSuite: string | null
  /** The protocol agreed by ALPN; `null` if none was, or none offered. */
  readonly alpn: string | null
  /** Name of the backend that spoke TLS. */
  readonly backend: string
}

/** What a chain was held against. */
export interface JudgedBy {
  /** When. */
  readonly at: string
  /** Name or address that it had to be for; `null` if that was not asked. */
  readonly name: string | null
  /** What its key had to be good for. */
  readonly purpose: 'serverAuth' | 'clientAuth'
  /** Whose rules counted. */
  readonly profile: 'rfc5280' | 'webpki' | 'tolerant'
}

/** Who was trusted. */
export interface TrustReport {
  /**
   * `system`: what the platform told Node. `bundle-file`: a file of the platform. `bundled`: the
   * roots that came with Node. `ca-file`: the file of `--ca`.
   */
  readonly source: 'system' | 'bundle-file' | 'bundled' | 'ca-file'
  /** Path of the file, if it was one. */
  readonly path: string | null
  /** Path of a file with more of them, by `NODE_EXTRA_CA_CERTS`. */
  readonly extra: string | null
  /** How many trust anchors. */
  readonly anchors: number
  /** How many revocation lists were given by `--crl`. */
  readonly revocationLists: number
}

/** One thing that is wrong. */
export interface CheckFinding {
  /** The rule that is broken: one of `PathRule` of `@tlsio/core`. */
  readonly rule: string
  /** Names of the flags that follow from it. */
  readonly flags: readonly string[]
  /** Index into `certificates`: which one is to blame. */
  readonly certificate: number
  /** The extension that is to blame, if one is. */
  readonly extension: ExtensionName | null
  /** A sentence for people. */
  readonly detail: string
}

/** What the engine made of a chain by itself. */
export interface EngineOpinion {
  /** Names of flags; empty if it found nothing. */
  readonly flags: readonly string[]
  /** Those of them that no finding of core explains. They count nevertheless. */
  readonly notExplained: readonly string[]
}

/** One certificate. */
export interface CertificateReport {
  /** Its number in the file, from 1; `null` if it is not in there, and always for a peer. */
  readonly number: number | null
  /** Whether it is one of the trust anchors. */
  readonly isAnchor: boolean
  /** Distinguished name with RFC 4514 escapes, in encoded order. */
  readonly subject: string
  /** The issuer's, likewise. */
  readonly issuer: string
  /** The subject alternative name: DNS names, then addresses, then the others, each in its order. */
  readonly names: readonly AlternativeName[]
  /** First instant of validity. */
  readonly notBefore: string | null
  /** Last instant of validity. */
  readonly notAfter: string | null
  /** Whole days from the time of the verdict to `notAfter`, rounded down: negative afterwards. */
  readonly daysLeft: number | null
  /** Its key. */
  readonly key: PublicKeyReport
  /** Such as `RSA with SHA-256`; an object identifier if it is not known. */
  readonly signatureAlgorithm: string
  /** As it is encoded: two's complement, most significant byte first. */
  readonly serialNumber: string
  /** Hash of the whole certificate. */
  readonly sha256: string
  /** Whether it is a CA's, by its basic constraints. */
  readonly isCa: boolean
  /** How many CAs there may be below it; `null` if it does not say. */
  readonly pathLength: number | null
  /** RFC 5280's names of the bits; `null` without that extension. */
  readonly keyUsage: readonly string[] | null
  /** Extended key usage, by RFC 5280's names or object identifiers; `null` without it. */
  readonly purposes: readonly string[] | null
  /** All of them, as they stand. */
  readonly extensions: readonly CertificateExtension[]
}

/** A name that a certificate is for. */
export interface AlternativeName {
  /** What kind of name. */
  readonly type: 'dns' | 'ip' | 'email' | 'uri' | 'directory' | 'registered-id' | 'other'
  /** The name; for `other` the object identifier of its kind, or what kind it is. */
  readonly value: string
}

/** A public key. */
export interface PublicKeyReport {
  /** `RSA`, `RSA-PSS`, `EC`, `Ed25519`, `Ed448`, …; an object identifier if it is not known. */
  readonly kind: string
  /** Length of an RSA or DSA key. */
  readonly bits: number | null
  /** Curve of an EC key, such as `P-256`. */
  readonly curve: string | null
}

/** An extension by its names. */
export interface ExtensionName {
  /** Object identifier in dotted decimal. */
  readonly oid: string
  /** RFC 5280's name or that of the RFC that defines it; `null` for one that is not known. */
  readonly name: string | null
}

/** An extension of a certificate. */
export interface CertificateExtension extends ExtensionName {
  /** Whether who does not know it must refuse the certificate. */
  readonly isCritical: boolean
}
