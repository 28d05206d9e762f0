import { id_RSASSA_PSS, RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  Certificate,
  id_ce_subjectAltName,
  type Name,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import { ipAddressFromBytes } from './ip-address.js'

/** What core reads from an X.509 certificate (RFC 5280 §4.1). */
export interface X509Fields {
  readonly subjectName: string
  readonly issuerName: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  /**
   * Hash of its signature in WebCrypto's spelling; `undefined` if it has none of its own, or not
   * one.
   */
  readonly signatureHash: string | undefined
  /** Kind of its key; `undefined` if it is none of these. */
  readonly keyType: CertificateKeyType | undefined
}

/** Kinds of keys in certificates (RFC 3279 §2.3, RFC 4055 §1.2, RFC 5480 §2.1.1, RFC 8410 §3). */
export type CertificateKeyType = 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'Ed448'

/**
 * Certificates parsed lately, by their bytes. A program meets the same few again and again, and
 * parsing one costs about as much processor time as a third of a handshake.
 */
const recent = new Map<string, X509Fields>()
const MAX_RECENT = 128
/** Peers choose how long their certificates are; a usual one has one or two KiB. */
const MAX_KEPT_LENGTH = 8192
/** Gives each byte string a text of its own. */
const latin1 = new TextDecoder('latin1')

/** Parses a certificate. @throws if the bytes are no certificate. */
export function parseX509(der: Uint8Array): X509Fields {
  if (der.length > MAX_KEPT_LENGTH) return parse(der)
  const key = latin1.decode(der)
  const known = recent.get(key)
  const fields = known ?? parse(der)
  if (known !== undefined) recent.delete(key)
  else if (recent.size >= MAX_RECENT) recent.delete(recent.keys().next().value as string)
  recent.set(key, fields)
  return fields
}

function parse(der: Uint8Array): X509Fields {
  const { signatureAlgorithm, tbsCertificate } = AsnConvert.parse(der, Certificate)
  const dnsNames: string[] = []
  const ipAddresses: string[] = []
  for (const extension of tbsCertificate.extensions ?? []) {
    if (extension.extnID !== id_ce_subjectAltName) continue
    for (const name of AsnConvert.parse(extension.extnValue, SubjectAlternativeName)) {
      if (name.dNSName !== undefined) dnsNames.push(name.dNSName)
      if (name.iPAddress !== undefined) {
        const address = canonicalSanAddress(name.iPAddress)
        if (address !== undefined) ipAddresses.push(address)
      }
    }
  }
  return {
    subjectName: distinguishedName(tbsCertificate.subject),
    issuerName: distinguishedName(tbsCertificate.issuer),
    notBefore: tbsCertificate.validity.notBefore.getTime(),
    notAfter: tbsCertificate.validity.notAfter.getTime(),
    // Shared by all certificates of these bytes, and what identities are checked against.
    dnsNames: Object.freeze(dnsNames),
    ipAddresses: Object.freeze(ipAddresses),
    signatureHash: signatureHash(signatureAlgorithm),
    keyType: keyTypes.get(tbsCertificate.subjectPublicKeyInfo.algorithm.algorithm),
  }
}

const keyTypes: ReadonlyMap<string, CertificateKeyType> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.113549.1.1.10', 'RSA-PSS'],
  ['1.2.840.10045.2.1', 'EC'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
])

/** Signature algorithms with one hash (RFC 3279 §2.2, RFC 4055 §5, RFC 5758 §3). */
const signatureHashes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.4', 'MD5'],
  ['1.2.840.113549.1.1.5', 'SHA-1'],
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
  ['1.2.840.10045.4.1', 'SHA-1'],
  ['1.2.840.10045.4.3.2', 'SHA-256'],
  ['1.2.840.10045.4.3.3', 'SHA-384'],
  ['1.2.840.10045.4.3.4', 'SHA-512'],
])

/** Hashes by themselves, as the parameters of RSASSA-PSS name them (RFC 4055 §2.1). */
const hashes: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])

function signatureHash({ algorithm, parameters }: AlgorithmIdentifier): string | undefined {
  if (algorithm !== id_RSASSA_PSS) return signatureHashes.get(algorithm)
  if (!parameters) return undefined
  const { hashAlgorithm, maskGenAlgorithm } = AsnConvert.parse(parameters, RsaSaPssParams)
  const { parameters: maskHash } = maskGenAlgorithm
  // RFC 5929 §4.1 defines nothing for a signature with two different hashes.
  const same =
    maskHash &&
    AsnConvert.parse(maskHash, AlgorithmIdentifier).algorithm === hashAlgorithm.algorithm
  return same ? hashes.get(hashAlgorithm.algorithm) : undefined
}

// The schema library hands addresses over as text on some versions and as bytes on others.
function canonicalSanAddress(address: unknown): string | undefined {
  if (typeof address === 'string') return address.includes('/') ? undefined : address
  return ipAddressFromBytes(new Uint8Array(address as ArrayBuffer))
}

/** Short names of RFC 4514 §3, and the two others seen in practice. */
const attributeNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
])

/** A name in encoded order, the first relative name first. */
function distinguishedName(name: Name): string {
  const parts: string[] = []
  for (const relative of name) {
    const attributes = [...relative].map(
      ({ type, value }) => `${attributeNames.get(type) ?? type}=${escapeValue(value.toString())}`,
    )
    parts.push(attributes.join('+'))
  }
  return parts.join(',')
}

/** RFC 4514 §2.4. */
function escapeValue(value: string): string {
  return (
    value
      .replace(/[\\",+<>;]/g, '\\$&')
      .replace(/^[ #]/, '\\$&')
      .replace(/ $/, '\\ ')
      // What a peer chose to be called must not reach a terminal or a log as it is.
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
        Array.from(new TextEncoder().encode(character), (byte) => `\\${hexByte(byte)}`).join(''),
      )
  )
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
