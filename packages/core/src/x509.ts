import { id_RSASSA_PSS, RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  Certificate,
  id_ce_subjectAltName,
  type Name,
} from '@peculiar/asn1-x509'
import { textOf } from './byte-text.js'
import { ipAddressFromBytes } from './ip-address.js'
import { type DerElement, DerError, readDer, readTime, Tag } from './path-validation/der.js'

/** What core reads from an X.509 certificate (RFC 5280 §4.1). */
export interface X509Fields {
  readonly subjectName: string
  readonly issuerName: string
  /** First and last instant of validity, in milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  /**
   * Hash of its signature in WebCrypto's spelling; `undefined` if it has none of its own, or not
   * one.
   */
  readonly signatureHash: string | undefined
  /** Kind of its key; `undefined` if it is none of these. */
  readonly keyType: CertificateKeyType | undefined
  /** SubjectPublicKeyInfo as it is encoded. Not to be changed. */
  readonly publicKey: Uint8Array
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
/** In bytes, as for path validation. The longest in use have some thousand names. */
const LONGEST_CERTIFICATE = 128 * 1024
const latin1 = new TextDecoder('latin1')

/** Parses a certificate. The same object for the same bytes, for some time. @throws if they are none. */
export function parseX509(der: Uint8Array): X509Fields {
  if (der.length > MAX_KEPT_LENGTH) return parse(der)
  const key = textOf(der)
  const known = recent.get(key)
  const fields = known ?? parse(der)
  if (known !== undefined) recent.delete(key)
  else if (recent.size >= MAX_RECENT) recent.delete(recent.keys().next().value as string)
  recent.set(key, fields)
  return fields
}

function parse(der: Uint8Array): X509Fields {
  if (der.length > LONGEST_CERTIFICATE) throw new DerError('The certificate is absurdly long.')
  const { notBefore, notAfter, publicKey } = readOutline(der)
  const { signatureAlgorithm, tbsCertificate } = AsnConvert.parse(der, Certificate)
  const names = readAlternativeNames(
    tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectAltName)?.extnValue,
  )
  return {
    subjectName: distinguishedName(tbsCertificate.subject),
    issuerName: distinguishedName(tbsCertificate.issuer),
    notBefore,
    notAfter,
    // Shared by all certificates of these bytes, and what identities are checked against.
    dnsNames: Object.freeze(names.dnsNames),
    ipAddresses: Object.freeze(names.ipAddresses),
    signatureHash: signatureHash(signatureAlgorithm),
    keyType: keyTypes.get(tbsCertificate.subjectPublicKeyInfo.algorithm.algorithm),
    publicKey,
  }
}

/**
 * What the schema library would read too kindly, or not hand over as it stands (RFC 5280 §4.1): a
 * thirteenth month is the next January to it.
 */
function readOutline(der: Uint8Array): Pick<X509Fields, 'notBefore' | 'notAfter' | 'publicKey'> {
  const parts = readDer(der, Tag.SEQUENCE).parts().next(Tag.SEQUENCE).parts()
  parts.optional(0xa0)
  parts.next(Tag.INTEGER)
  parts.next(Tag.SEQUENCE)
  parts.next(Tag.SEQUENCE)
  const validity = parts.next(Tag.SEQUENCE).parts()
  const [notBefore, notAfter] = [readTime(validity.next()), readTime(validity.next())]
  validity.end()
  parts.next(Tag.SEQUENCE)
  return { notBefore, notAfter, publicKey: new Uint8Array(parts.next(Tag.SEQUENCE).bytes) }
}

/**
 * The names that identities are held against. What cannot be read is no name: the certificate is
 * then for nobody, and its validation says why.
 */
function readAlternativeNames(value: { readonly buffer: ArrayBuffer } | undefined): {
  readonly dnsNames: string[]
  readonly ipAddresses: string[]
} {
  const dnsNames: string[] = []
  const ipAddresses: string[] = []
  for (const { tag, content } of value === undefined ? [] : elementsOf(value.buffer)) {
    if (tag === DNS_NAME) dnsNames.push(latin1.decode(content))
    const address = tag === IP_ADDRESS ? ipAddressFromBytes(content) : undefined
    if (address !== undefined) ipAddresses.push(address)
  }
  return { dnsNames, ipAddresses }
}

function elementsOf(sequence: ArrayBuffer): DerElement[] {
  try {
    return readDer(new Uint8Array(sequence), Tag.SEQUENCE).parts().rest()
  } catch (error) {
    if (error instanceof DerError) return []
    throw error
  }
}

/** Tags of a GeneralName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

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
