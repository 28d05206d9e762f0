import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto'
import { id_RSASSA_PSS, RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  KeyIdentifier,
  KeyUsage,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** A certificate with its private key. */
export interface Made {
  readonly der: Uint8Array
  readonly name: string
  readonly keys: KeyPair
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** How the signature is made. */
export interface SignatureKind {
  readonly id: string
  /** Node's name of the hash; `null` for Ed25519. */
  readonly hash: string | null
  readonly parameters?: ArrayBuffer | null
  readonly options?: Partial<SignKeyObjectInput>
}

/** What a certificate is to be like. Without anything, a good leaf for `a.test`. */
export interface Recipe {
  /** Common name; an empty text for an empty name. */
  readonly name?: string
  /** By itself if there is none. */
  readonly issuer?: Made
  readonly ca?: boolean
  readonly pathLength?: number
  readonly keys?: KeyPair
  readonly signature?: SignatureKind
  readonly names?: readonly Partial<GeneralName>[]
  readonly constraints?: Constraints
  readonly notBefore?: string
  readonly notAfter?: string
  readonly serial?: readonly number[]
  /** Extended key usage; none at all if empty. */
  readonly purposes?: readonly string[]
  /** The last word before it is signed. */
  readonly change?: (certificate: TBSCertificate) => void
}

export interface Constraints {
  readonly permitted?: readonly Partial<GeneralName>[]
  readonly excluded?: readonly Partial<GeneralName>[]
}

/** A time at which all is valid that says nothing else. */
export const NOW = Date.parse('2026-01-01T00:00:00Z')

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

export const ecdsaWithSha256: SignatureKind = { id: '1.2.840.10045.4.3.2', hash: 'sha256' }
export const rsaWithSha256: SignatureKind = {
  id: '1.2.840.113549.1.1.11',
  hash: 'sha256',
  parameters: null,
}

/** RSASSA-PSS with one hash for both, and a salt as long as it (RFC 4055 §3.1). */
export function rsaPss(hash: 'sha256' | 'sha384' | 'sha512'): SignatureKind {
  const algorithm = new AlgorithmIdentifier({ algorithm: hashIds[hash], parameters: null })
  const saltLength = createHash(hash).digest().length
  const maskGenAlgorithm = new AlgorithmIdentifier({
    algorithm: '1.2.840.113549.1.1.8',
    parameters: AsnConvert.serialize(algorithm),
  })
  const parameters = AsnConvert.serialize(
    new RsaSaPssParams({ hashAlgorithm: algorithm, maskGenAlgorithm, saltLength }),
  )
  return { id: id_RSASSA_PSS, hash, parameters, options: { padding: 6, saltLength } }
}

/** The library's encoder and node:crypto make them: neither is what is tested. */
export function make(recipe: Recipe = {}): Made {
  const keys = recipe.keys ?? ecKeys()
  const name = recipe.name ?? (recipe.ca ? 'CA' : 'leaf')
  const { issuer, signature = ecdsaWithSha256 } = recipe
  const signer = issuer ?? { keys, name }
  const algorithm = new AlgorithmIdentifier({
    algorithm: signature.id,
    ...(signature.parameters === undefined ? {} : { parameters: signature.parameters }),
  })
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: Uint8Array.from(recipe.serial ?? [nextSerial++ >> 8, nextSerial & 0x7f, 1])
      .buffer,
    signature: algorithm,
    issuer: nameOf(signer.name),
    subject: nameOf(name),
    validity: new Validity({
      notBefore: new Date(recipe.notBefore ?? '2020-01-01T00:00:00Z'),
      notAfter: new Date(recipe.notAfter ?? '2040-01-01T00:00:00Z'),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(keys), SubjectPublicKeyInfo),
    extensions: extensionsOf(recipe, keys, signer.keys),
  })
  recipe.change?.(tbs)
  const signed = AsnConvert.serialize(tbs)
  const value = sign(signature.hash, new Uint8Array(signed), {
    key: signer.keys.privateKey,
    ...signature.options,
  })
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(value).buffer,
  })
  return { der: new Uint8Array(AsnConvert.serialize(certificate)), name, keys }
}

export function ecKeys(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve })
}

/** An extension with any value. */
export function extension(id: string, value: Uint8Array | object, critical = false): Extension {
  const der =
    value instanceof Uint8Array ? new Uint8Array(value).buffer : AsnConvert.serialize(value)
  return new Extension({ extnID: id, critical, extnValue: new OctetString(der) })
}

/** The extension of a certificate that is being made. */
export function extensionOf(tbs: TBSCertificate, id: string): Extension {
  const found = tbs.extensions?.find(({ extnID }) => extnID === id)
  if (found === undefined) throw new Error(`There is no extension ${id}.`)
  return found
}

/** Takes an extension out of a certificate that is being made. */
export function without(id: string): (tbs: TBSCertificate) => void {
  return (tbs) => {
    tbs.extensions = new Extensions(tbs.extensions?.filter(({ extnID }) => extnID !== id))
  }
}

/** Marks an extension as critical or not. */
export function critical(id: string, isCritical: boolean): (tbs: TBSCertificate) => void {
  return (tbs) => {
    extensionOf(tbs, id).critical = isCritical
  }
}

/** Adds an extension. */
export function withExtension(added: Extension): (tbs: TBSCertificate) => void {
  return (tbs) => {
    tbs.extensions?.push(added)
  }
}

/** Replaces the content of an extension. */
export function withValue(id: string, value: Uint8Array | object): (tbs: TBSCertificate) => void {
  return (tbs) => {
    extensionOf(tbs, id).extnValue = extension(id, value).extnValue
  }
}

export function nameOf(...commonNames: string[]): Name {
  return new Name(
    commonNames
      .filter((name) => name !== '')
      .map(
        (utf8String) =>
          new RelativeDistinguishedName([
            new AttributeTypeAndValue({
              type: '2.5.4.3',
              value: new AttributeValue({ utf8String }),
            }),
          ]),
      ),
  )
}

function extensionsOf(recipe: Recipe, keys: KeyPair, signer: KeyPair): Extensions {
  const { ca = false, pathLength, constraints } = recipe
  const names = recipe.names ?? (ca ? [] : [{ dNSName: 'a.test' }])
  const purposes = recipe.purposes ?? (ca ? [] : [SERVER_AUTH])
  const list = [
    extension(
      '2.5.29.19',
      new BasicConstraints({
        cA: ca,
        ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
      }),
      true,
    ),
    extension('2.5.29.15', new KeyUsage(ca ? CERT_SIGN | CRL_SIGN : DIGITAL_SIGNATURE), true),
    extension('2.5.29.14', new SubjectKeyIdentifier(keyIdentifier(keys))),
    extension(
      '2.5.29.35',
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(signer)) }),
    ),
  ]
  if (names.length > 0) {
    const value = new SubjectAlternativeName(names.map((name) => new GeneralName(name)))
    list.push(extension('2.5.29.17', value, recipe.name === ''))
  }
  if (purposes.length > 0) list.push(extension('2.5.29.37', new ExtendedKeyUsage([...purposes])))
  if (constraints !== undefined) list.push(extension('2.5.29.30', constraintsOf(constraints), true))
  return new Extensions(list)
}

function constraintsOf({ permitted, excluded }: Constraints): NameConstraints {
  const subtrees = (names: readonly Partial<GeneralName>[]) =>
    new GeneralSubtrees(
      names.map((base) => new GeneralSubtree({ base: new GeneralName(base), minimum: 0 })),
    )
  return new NameConstraints({
    ...(permitted && { permittedSubtrees: subtrees(permitted) }),
    ...(excluded && { excludedSubtrees: subtrees(excluded) }),
  })
}

function keyIdentifier(keys: KeyPair): ArrayBuffer {
  return new Uint8Array(createHash('sha1').update(spkiOf(keys)).digest()).buffer
}

function spkiOf({ publicKey }: KeyPair): Uint8Array {
  return publicKey.export({ type: 'spki', format: 'der' })
}

let nextSerial = 0x100

const DIGITAL_SIGNATURE = 1
const CERT_SIGN = 32
const CRL_SIGN = 64

const hashIds = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const
