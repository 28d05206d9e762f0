import { sameBytes } from '../same-bytes.js'
import { Extension, KeyUsage } from './extensions.js'
import type { Fault } from './finding.js'
import type { PathCertificate } from './path-certificate.js'

/** What the leaf must be good for (RFC 5280 §4.2.1.12). */
export type PathPurpose = 'serverAuth' | 'clientAuth'

/**
 * Whose rules for the content of certificates count, where they differ.
 *
 * - `rfc5280`: those of RFC 5280.
 * - `webpki`: those of the CA/Browser Forum for the public web, which has it stricter except for one
 *   thing: name constraints need not be critical.
 * - `tolerant`: as `rfc5280`, but without its demands on form, the rule `profile`: key identifiers,
 *   what must be critical, serial numbers, version 3. For private CAs that break them, as many do.
 */
export type PathProfile = 'rfc5280' | 'webpki' | 'tolerant'

/** What certificates are judged by. */
export interface CertificateRules {
  /** In milliseconds since 1970. */
  readonly time: number
  readonly purpose: PathPurpose
  readonly profile: PathProfile
  /**
   * Whether the form of trust anchors, the rule `profile`, is somebody else's concern: who keeps the
   * anchors of a system has looked at them.
   */
  readonly toleratesAnchors: boolean
}

/** The place of a certificate in a path; a leaf that is trusted itself is a leaf. */
export interface Place {
  readonly isLeaf: boolean
  readonly isAnchor: boolean
}

/** All that is wrong with a certificate by itself, whatever stands above and below it. */
export function faultsOf(
  certificate: PathCertificate,
  place: Place,
  rules: CertificateRules,
): Fault[] {
  const faults = [
    ...validityFaults(certificate, rules),
    ...strengthFaults(certificate, place),
    ...extensionFaults(certificate),
    ...(place.isLeaf ? leafFaults(certificate) : authorityFaults(certificate)),
    ...purposeFaults(certificate, place, rules),
    ...fieldFaults(certificate, place),
    ...keyIdentifierFaults(certificate, place, rules),
    ...criticalityFaults(certificate, place, rules),
  ]
  const tolerates = rules.profile === 'tolerant' || (place.isAnchor && rules.toleratesAnchors)
  return tolerates ? faults.filter(({ rule }) => rule !== 'profile') : faults
}

/** RFC 5280 §6.1.3 (a) (2); of trust anchors, too. Whoever has no time is within no validity. */
function* validityFaults({ notBefore, notAfter }: PathCertificate, { time }: CertificateRules) {
  if (!(time >= notBefore)) yield fault('not-activated', 'It is not valid yet.')
  if (!(time <= notAfter)) yield fault('expired', 'It has expired.')
}

/** The signature on an anchor proves nothing, so nothing depends on its strength. */
function* strengthFaults({ publicKey, algorithm }: PathCertificate, { isAnchor }: Place) {
  const { kind, bits, curve } = publicKey
  const isRsa = kind === 'RSA' || kind === 'RSA-PSS'
  if ((isRsa && bits < 2048) || (kind === 'EC' && bits > 0 && bits < 256) || kind === 'DSA') {
    yield fault('weak-key', 'Its key is too short, or of a kind that is no longer in use.')
  } else if (kind === 'other' || (kind === 'EC' && curve === undefined)) {
    yield fault('unsupported-key', 'Its key is of a kind that is not known here.')
  }
  if (isAnchor) return
  if (algorithm === 'broken' || (typeof algorithm === 'object' && algorithm.hash === 'SHA-1')) {
    yield fault('weak-signature', 'The hash in the signature on it is broken.')
  }
}

/** RFC 5280 §4.2, and §6.1.4 (o), §6.1.5 (f). */
function* extensionFaults({ extensions }: PathCertificate) {
  for (const { id, kind } of extensions.faults) {
    if (kind === 'duplicate') yield fault('duplicate-extension', 'An extension is in it twice.', id)
    else if (kind === 'malformed') yield fault('malformed-extension', 'It cannot be read.', id)
    else yield fault('unknown-critical-extension', 'It is critical, and must not be ignored.', id)
  }
  if (extensions.requiresPolicy) {
    yield fault('policy', 'It demands a certificate policy.', Extension.POLICY_CONSTRAINTS)
  }
}

function* leafFaults({ extensions }: PathCertificate) {
  const { basicConstraints, keyUsage, nameConstraints } = extensions
  const isCa = basicConstraints?.isCa === true
  if (keyUsage !== undefined) {
    const signs = (keyUsage & KeyUsage.KEY_CERT_SIGN) !== 0
    // RFC 5280 §4.2.1.3 and §4.2.1.9: to sign certificates and to be a CA is the same.
    if (signs !== isCa) {
      yield fault(
        'key-usage',
        'To sign certificates is for CAs, and only that.',
        Extension.KEY_USAGE,
      )
    } else if ((keyUsage & FOR_TLS) === 0) {
      yield fault('key-usage', 'Its key is not for a handshake.', Extension.KEY_USAGE)
    }
  }
  // RFC 5280 §4.2.1.10: only in a CA certificate.
  if (nameConstraints !== undefined && !isCa) {
    yield fault('profile', 'It constrains names and is no CA.', Extension.NAME_CONSTRAINTS)
  }
}

const FOR_TLS = KeyUsage.DIGITAL_SIGNATURE | KeyUsage.KEY_ENCIPHERMENT | KeyUsage.KEY_AGREEMENT

/** RFC 5280 §6.1.4 (k), (n), and what §4 demands of a CA certificate. */
function* authorityFaults({ extensions, subject }: PathCertificate) {
  const { basicConstraints, keyUsage, subjectKeyIdentifier, critical } = extensions
  if (basicConstraints?.isCa !== true) {
    yield fault('not-an-authority', 'It is no CA.', Extension.BASIC_CONSTRAINTS)
  } else if (!critical.has(Extension.BASIC_CONSTRAINTS)) {
    yield fault('profile', 'Basic constraints must be critical.', Extension.BASIC_CONSTRAINTS)
  }
  if (keyUsage !== undefined && (keyUsage & KeyUsage.KEY_CERT_SIGN) === 0) {
    yield fault('key-usage', 'Its key is not for certificates.', Extension.KEY_USAGE)
  }
  if (subject.length === 0) yield fault('profile', 'A CA has no name.')
  if (subjectKeyIdentifier === undefined) {
    yield fault('profile', 'A CA names no key identifier.', Extension.SUBJECT_KEY_IDENTIFIER)
  }
}

/** RFC 5280 §4.2.1.12, and on CAs as the web has it: it binds all that they issue. */
function* purposeFaults(
  { extensions }: PathCertificate,
  { isLeaf, isAnchor }: Place,
  { purpose, profile }: CertificateRules,
) {
  const { extendedKeyUsage: purposes, critical } = extensions
  const isStrict = profile === 'webpki'
  const wrong = (detail: string) =>
    fault('extended-key-usage', detail, Extension.EXTENDED_KEY_USAGE)
  if (purposes === undefined) {
    if (isLeaf && isStrict) yield wrong('It does not say what it is for.')
    return
  }
  const isFor = purposes.includes(purposeIds[purpose])
  const isForAny = purposes.includes(ANY_PURPOSE)
  if (!isFor && !(isForAny && !(isLeaf && isStrict))) yield wrong(`It is not for ${purpose}.`)
  else if (isLeaf && isStrict && isForAny) yield wrong('It must not be for any purpose.')
  if (!isStrict) return
  if (isLeaf && critical.has(Extension.EXTENDED_KEY_USAGE)) {
    yield wrong('Its purpose must not be critical.')
  }
  if (isAnchor && !isLeaf) yield wrong('A root must not be for some purposes only.')
}

const purposeIds: Readonly<Record<PathPurpose, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
}

const ANY_PURPOSE = '2.5.29.37.0'

/** RFC 5280 §4.1. */
function* fieldFaults(certificate: PathCertificate, { isAnchor }: Place) {
  const { version, serialNumber, issuer, isAlgorithmSigned } = certificate
  // RFC 5280 §4.1.2.1: with extensions, which nobody can do without, it is version 3.
  if (version !== 2) yield fault('profile', 'It is not of version 3.')
  if (!isAlgorithmSigned) {
    yield fault('unsupported-signature', 'It names two signature algorithms.')
  }
  if (issuer.length === 0) yield fault('profile', 'Its issuer has no name.')
  // RFC 5280 §4.1.2.2: positive, and at most 20 bytes. Some roots that are trusted everywhere are
  // number 0.
  const isNegative = (serialNumber[0] as number) >= 0x80
  const isZero = serialNumber.length === 1 && serialNumber[0] === 0
  if (!isAnchor && (isNegative || isZero || serialNumber.length > 20)) {
    yield fault('profile', 'Its serial number is not positive, or longer than 20 bytes.')
  }
}

/** RFC 5280 §4.2.1.1: only who has signed itself need not say with which key. */
function* keyIdentifierFaults(
  { extensions, isSelfIssued }: PathCertificate,
  { isAnchor }: Place,
  { profile }: CertificateRules,
) {
  const { authorityKeyIdentifier: authority, subjectKeyIdentifier: own } = extensions
  const wrong = (detail: string) => fault('profile', detail, Extension.AUTHORITY_KEY_IDENTIFIER)
  const keyIdentifier = authority?.keyIdentifier
  if (keyIdentifier === undefined && !isSelfIssued) {
    yield wrong('It does not identify the key that signed it.')
  }
  if (profile !== 'webpki' || !isAnchor || !isSelfIssued || authority === undefined) return
  // Baseline Requirements §7.1.2.1.3.
  const isOwn = keyIdentifier !== undefined && own !== undefined && sameBytes(keyIdentifier, own)
  if (!isOwn || authority.namesIssuer) yield wrong('A root identifies its own key and no more.')
}

function* criticalityFaults(
  { extensions, subject }: PathCertificate,
  { isLeaf }: Place,
  { profile }: CertificateRules,
) {
  const { critical, subjectAltName, nameConstraints } = extensions
  if (subjectAltName !== undefined) {
    const isCritical = critical.has(Extension.SUBJECT_ALT_NAME)
    // RFC 5280 §4.2.1.6: critical if there is no other name.
    if (subject.length === 0 && !isCritical) {
      yield fault('profile', 'Its only names must be critical.', Extension.SUBJECT_ALT_NAME)
    }
    // Baseline Requirements §7.1.2.7.12: and otherwise not.
    if (subject.length > 0 && isCritical && isLeaf && profile === 'webpki') {
      yield fault('profile', 'Its other names must not be critical.', Extension.SUBJECT_ALT_NAME)
    }
  }
  // RFC 5280 §4.2.1.10. The Baseline Requirements, §7.1.2.5.2, make an exception of it.
  const mayBeIgnored = nameConstraints !== undefined && !critical.has(Extension.NAME_CONSTRAINTS)
  if (mayBeIgnored && profile !== 'webpki') {
    yield fault('profile', 'Name constraints must be critical.', Extension.NAME_CONSTRAINTS)
  }
}

function fault(rule: Fault['rule'], detail: string, extension?: string): Fault {
  return { rule, detail, extension }
}
