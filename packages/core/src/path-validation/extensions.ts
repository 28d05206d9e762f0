import {
  type DerElement,
  DerError,
  readBoolean,
  readDer,
  readNamedBits,
  readObjectIdentifier,
  readSmallInteger,
  Tag,
} from './der.js'
import { type NameConstraints, readNameConstraints } from './name-constraints.js'
import { type GeneralName, readGeneralName } from './names.js'

/** Object identifiers of extensions (RFC 5280 §4.2). */
export const Extension = {
  SUBJECT_KEY_IDENTIFIER: '2.5.29.14',
  KEY_USAGE: '2.5.29.15',
  SUBJECT_ALT_NAME: '2.5.29.17',
  BASIC_CONSTRAINTS: '2.5.29.19',
  NAME_CONSTRAINTS: '2.5.29.30',
  CERTIFICATE_POLICIES: '2.5.29.32',
  POLICY_MAPPINGS: '2.5.29.33',
  AUTHORITY_KEY_IDENTIFIER: '2.5.29.35',
  POLICY_CONSTRAINTS: '2.5.29.36',
  EXTENDED_KEY_USAGE: '2.5.29.37',
  INHIBIT_ANY_POLICY: '2.5.29.54',
  AUTHORITY_INFORMATION_ACCESS: '1.3.6.1.5.5.7.1.1',
} as const

/** Bits of the key usage extension (RFC 5280 §4.2.1.3). */
export const KeyUsage = {
  DIGITAL_SIGNATURE: 1,
  KEY_ENCIPHERMENT: 4,
  KEY_AGREEMENT: 16,
  KEY_CERT_SIGN: 32,
  CRL_SIGN: 64,
} as const

/** An extension as it stands in a certificate or CRL. */
export interface RawExtension {
  readonly id: string
  readonly isCritical: boolean
  /** What is inside the OCTET STRING. */
  readonly value: Uint8Array
}

/** What the extensions of a certificate say. Those that cannot be read are in `faults` only. */
export interface CertificateExtensions {
  readonly basicConstraints?: { readonly isCa: boolean; readonly pathLength: number | undefined }
  /** Bits of {@link KeyUsage}. */
  readonly keyUsage?: number
  readonly extendedKeyUsage?: readonly string[]
  readonly subjectAltName?: readonly GeneralName[]
  readonly nameConstraints?: NameConstraints
  readonly subjectKeyIdentifier?: Uint8Array
  readonly authorityKeyIdentifier?: {
    readonly keyIdentifier: Uint8Array | undefined
    readonly namesIssuer: boolean
  }
  /** Whether it asks for a certificate policy, which nothing here knows of. */
  readonly requiresPolicy?: boolean
  /** Those of the known extensions that are critical. */
  readonly critical: ReadonlySet<string>
  readonly faults: readonly ExtensionFault[]
}

/** What is wrong with an extension by itself. */
export interface ExtensionFault {
  readonly id: string
  readonly kind: 'malformed' | 'duplicate' | 'unknown-critical'
}

/** Reads `SEQUENCE OF Extension` (RFC 5280 §4.1). */
export function readExtensions(sequence: DerElement): RawExtension[] {
  return sequence
    .parts()
    .rest()
    .map((element) => {
      if (element.tag !== Tag.SEQUENCE) throw new DerError('This is no extension.')
      const parts = element.parts()
      const id = readObjectIdentifier(parts.next(Tag.OBJECT_IDENTIFIER))
      const criticality = parts.optional(Tag.BOOLEAN)
      const { content } = parts.next(Tag.OCTET_STRING)
      parts.end()
      const isCritical = criticality !== undefined && readBoolean(criticality)
      return { id, isCritical, value: content }
    })
}

/** Interprets the extensions of a certificate. Never throws: what it cannot read is a fault. */
export function interpretExtensions(raw: readonly RawExtension[]): CertificateExtensions {
  const extensions: { -readonly [K in keyof CertificateExtensions]?: CertificateExtensions[K] } = {}
  const faults: ExtensionFault[] = []
  const seen = new Set<string>()
  const critical = new Set<string>()
  for (const { id, isCritical, value } of raw) {
    // RFC 5280 §4.2: a certificate must not include a particular extension more than once.
    if (seen.has(id)) faults.push({ id, kind: 'duplicate' })
    seen.add(id)
    const known = readers.get(id)
    if (isCritical && (known === undefined || neverCritical.has(id))) {
      faults.push({ id, kind: 'unknown-critical' })
    } else if (isCritical) critical.add(id)
    try {
      if (known !== undefined) Object.assign(extensions, known(readDer(value)))
    } catch (error) {
      if (!(error instanceof DerError)) throw error
      faults.push({ id, kind: 'malformed' })
    }
  }
  return { ...extensions, critical, faults }
}

type Reader = (element: DerElement) => Partial<CertificateExtensions>

/**
 * Extensions that are processed. The ones on policies have no effect as long as nobody asks for one
 * (RFC 5280 §6.1.1 (c), any-policy), which `requiresPolicy` reports.
 */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [Extension.BASIC_CONSTRAINTS, readBasicConstraints],
  [Extension.KEY_USAGE, readKeyUsage],
  [Extension.EXTENDED_KEY_USAGE, readExtendedKeyUsage],
  [Extension.SUBJECT_ALT_NAME, readSubjectAltName],
  [Extension.NAME_CONSTRAINTS, (element) => ({ nameConstraints: readNameConstraints(element) })],
  [Extension.SUBJECT_KEY_IDENTIFIER, readSubjectKeyIdentifier],
  [Extension.AUTHORITY_KEY_IDENTIFIER, readAuthorityKeyIdentifier],
  [Extension.POLICY_CONSTRAINTS, readPolicyConstraints],
  [Extension.AUTHORITY_INFORMATION_ACCESS, readInformationAccess],
  [Extension.CERTIFICATE_POLICIES, () => ({})],
  [Extension.POLICY_MAPPINGS, () => ({})],
  [Extension.INHIBIT_ANY_POLICY, () => ({})],
])

/** RFC 5280 §4.2.1.1, §4.2.1.2 and §4.2.2.1 forbid to mark these as critical. */
const neverCritical: ReadonlySet<string> = new Set([
  Extension.SUBJECT_KEY_IDENTIFIER,
  Extension.AUTHORITY_KEY_IDENTIFIER,
  Extension.AUTHORITY_INFORMATION_ACCESS,
])

function readBasicConstraints(element: DerElement): Partial<CertificateExtensions> {
  const parts = sequenceParts(element)
  const ca = parts.optional(Tag.BOOLEAN)
  const length = parts.optional(Tag.INTEGER)
  parts.end()
  const isCa = ca !== undefined && readBoolean(ca)
  // RFC 5280 §4.2.1.9: only where cA is asserted.
  if (length !== undefined && !isCa) throw new DerError('A path length for no authority.')
  const pathLength = length === undefined ? undefined : readSmallInteger(length)
  return { basicConstraints: { isCa, pathLength } }
}

function readKeyUsage(element: DerElement): Partial<CertificateExtensions> {
  const keyUsage = element.tag === Tag.BIT_STRING ? readNamedBits(element) : 0
  // RFC 5280 §4.2.1.3: at least one of the bits must be set.
  if (keyUsage === 0) throw new DerError('A key for no use.')
  return { keyUsage }
}

function readExtendedKeyUsage(element: DerElement): Partial<CertificateExtensions> {
  const purposes = sequenceParts(element).rest()
  if (purposes.length === 0) throw new DerError('A key for no purpose.')
  return {
    extendedKeyUsage: purposes.map((purpose) => {
      if (purpose.tag !== Tag.OBJECT_IDENTIFIER) throw new DerError('This is no purpose.')
      return readObjectIdentifier(purpose)
    }),
  }
}

function readSubjectAltName(element: DerElement): Partial<CertificateExtensions> {
  const names = sequenceParts(element).rest().map(readGeneralName)
  const isAddress = ({ length }: Uint8Array) => length === 4 || length === 16
  // RFC 5280 §4.2.1.6: at least one name; an iPAddress has four or sixteen bytes.
  if (names.length === 0 || names.some((name) => name.kind === 'ip' && !isAddress(name.bytes))) {
    throw new DerError('This is no list of names.')
  }
  return { subjectAltName: names }
}

function readSubjectKeyIdentifier(element: DerElement): Partial<CertificateExtensions> {
  if (element.tag !== Tag.OCTET_STRING) throw new DerError('This is no key identifier.')
  return { subjectKeyIdentifier: element.content }
}

function readAuthorityKeyIdentifier(element: DerElement): Partial<CertificateExtensions> {
  const parts = sequenceParts(element)
  const keyIdentifier = parts.optional(0x80)?.content
  const issuer = parts.optional(0xa1)
  const serial = parts.optional(0x82)
  parts.end()
  // RFC 5280 §4.2.1.1: both or neither.
  if ((issuer === undefined) !== (serial === undefined)) throw new DerError('Half an issuer.')
  return { authorityKeyIdentifier: { keyIdentifier, namesIssuer: issuer !== undefined } }
}

function readPolicyConstraints(element: DerElement): Partial<CertificateExtensions> {
  const parts = sequenceParts(element)
  const requireExplicitPolicy = parts.optional(0x80)
  const inhibitPolicyMapping = parts.optional(0x81)
  parts.end()
  // RFC 5280 §4.2.1.11: not empty.
  if (!requireExplicitPolicy && !inhibitPolicyMapping) throw new DerError('No constraint at all.')
  return { requiresPolicy: requireExplicitPolicy !== undefined }
}

/** Nothing in it is used, but it has to be what it claims to be (RFC 5280 §4.2.2.1). */
function readInformationAccess(element: DerElement): Partial<CertificateExtensions> {
  const descriptions = sequenceParts(element).rest()
  if (descriptions.length === 0) throw new DerError('No description at all.')
  for (const description of descriptions) {
    const parts = sequenceParts(description)
    readObjectIdentifier(parts.next(Tag.OBJECT_IDENTIFIER))
    readGeneralName(parts.next())
    parts.end()
  }
  return {}
}

function sequenceParts(element: DerElement): ReturnType<DerElement['parts']> {
  if (element.tag !== Tag.SEQUENCE) throw new DerError('This is no SEQUENCE.')
  return element.parts()
}
