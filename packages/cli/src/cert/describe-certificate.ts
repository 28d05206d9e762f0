import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  type Extension,
  type GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  type Name,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import type { TlsCertificate } from '@tlsio/core'
import type { AlternativeName, CertificateReport } from './chain-report.js'
import { daysBetween } from './days-left.js'
import { describePublicKey } from './describe-public-key.js'
import { describeSignatureAlgorithm } from './describe-signature-algorithm.js'
import { attributeName, extensionName, purposeName } from './object-identifiers.js'

/** Where a certificate stands, and when it is looked at. */
export interface CertificatePlace {
  readonly number: number | null
  readonly isAnchor: boolean
  /** In milliseconds since 1970. */
  readonly now: number
}

/**
 * Says what is in a certificate. An extension that cannot be read counts as absent here: what that
 * means is for the verdict to say.
 */
export async function describeCertificate(
  certificate: TlsCertificate,
  { number, isAnchor, now }: CertificatePlace,
): Promise<CertificateReport> {
  const { tbsCertificate, signatureAlgorithm } = AsnConvert.parse(certificate.der, Certificate)
  const extensions = tbsCertificate.extensions ?? []
  const notAfter = certificate.notAfter.getTime()
  const basicConstraints = readExtension(extensions, id_ce_basicConstraints, BasicConstraints)
  const keyUsage = readExtension(extensions, id_ce_keyUsage, KeyUsage)
  const purposes = readExtension(extensions, id_ce_extKeyUsage, ExtendedKeyUsage)
  return {
    number,
    isAnchor,
    subject: certificate.subjectName,
    issuer: certificate.issuerName,
    names: alternativeNames(certificate, extensions),
    notBefore: isoOrNull(certificate.notBefore),
    notAfter: isoOrNull(certificate.notAfter),
    daysLeft: Number.isNaN(notAfter) ? null : daysBetween(now, notAfter),
    key: describePublicKey(tbsCertificate.subjectPublicKeyInfo),
    signatureAlgorithm: describeSignatureAlgorithm(signatureAlgorithm),
    serialNumber: Buffer.from(tbsCertificate.serialNumber).toString('hex'),
    sha256: await certificate.fingerprint(),
    isCa: basicConstraints?.cA === true,
    pathLength: basicConstraints?.pathLenConstraint ?? null,
    keyUsage: keyUsage === undefined ? null : keyUsageNames(keyUsage.toNumber()),
    purposes: purposes?.map(purposeName) ?? null,
    extensions: extensions.map(({ extnID, critical }) => ({
      oid: extnID,
      name: extensionName(extnID),
      isCritical: critical,
    })),
  }
}

function readExtension<T>(
  extensions: readonly Extension[],
  oid: string,
  type: new () => T,
): T | undefined {
  const found = extensions.find(({ extnID }) => extnID === oid)
  if (found === undefined) return undefined
  try {
    return AsnConvert.parse(found.extnValue, type)
  } catch {
    return undefined
  }
}

/** RFC 5280 §4.2.1.3, in the order of the bits. */
function keyUsageNames(bits: number): string[] {
  return keyUsages.filter((_, at) => (bits & (1 << at)) !== 0)
}

const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** Host names and addresses are core's to read: identities are held against those. */
function alternativeNames(
  { dnsNames, ipAddresses }: TlsCertificate,
  extensions: readonly Extension[],
): AlternativeName[] {
  const all = readExtension(extensions, id_ce_subjectAltName, SubjectAlternativeName) ?? []
  return [
    ...dnsNames.map((value) => ({ type: 'dns', value }) as const),
    ...ipAddresses.map((value) => ({ type: 'ip', value }) as const),
    ...[...all].map(otherName).filter((name) => name !== undefined),
  ]
}

function otherName(name: GeneralName): AlternativeName | undefined {
  if (name.dNSName !== undefined || name.iPAddress !== undefined) return undefined
  if (name.rfc822Name !== undefined) return { type: 'email', value: name.rfc822Name }
  if (name.uniformResourceIdentifier !== undefined) {
    return { type: 'uri', value: name.uniformResourceIdentifier }
  }
  if (name.directoryName !== undefined) {
    return { type: 'directory', value: directoryName(name.directoryName) }
  }
  if (name.registeredID !== undefined) return { type: 'registered-id', value: name.registeredID }
  const value = name.otherName?.typeId ?? (name.ediPartyName ? 'ediPartyName' : 'x400Address')
  return { type: 'other', value }
}

function directoryName(name: Name): string {
  return [...name]
    .map((relative) =>
      [...relative].map(({ type, value }) => `${attributeName(type)}=${value}`).join('+'),
    )
    .join(',')
}

function isoOrNull(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
