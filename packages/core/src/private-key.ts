import { encodeDer } from './der-encoding.js'
import { TlsError } from './errors.js'
import {
  type DerElement,
  DerError,
  readBitStringBytes,
  readDer,
  readInteger,
  readObjectIdentifier,
  readSmallInteger,
  Tag,
} from './path-validation/der.js'
import { sameBytes } from './same-bytes.js'

/** Labels of PEM blocks with private keys that can be read (RFC 7468 §10, RFC 5915 §4). */
export type PrivateKeyLabel = 'PRIVATE KEY' | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY'

/**
 * Reads an unencrypted private key and gives it as PKCS #8 (RFC 5208), in the form that all engines
 * read: without attributes and without the public key that RFC 5958 has added.
 *
 * No error says anything about the content, and none has a cause.
 *
 * @param label - what the key is by its PEM block: PKCS #8, PKCS #1 (RFC 8017 §A.1.2) or SEC 1
 *   (RFC 5915). Without a block, `undefined`: the three are told apart by what follows the version.
 * @param publicKey - SubjectPublicKeyInfo of the certificate that the key is for. A SEC 1 key that
 *   does not name its curve takes it from here.
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if the key cannot be read, or provably belongs to
 *   another certificate: kinds, curves, RSA moduli or public points differ.
 */
export function privateKeyForCertificate(
  label: string | undefined,
  der: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  const read = readers.get(label ?? labelOf(der))
  if (read === undefined) {
    throw bad(`A "${label}" is no private key in PKCS #8, PKCS #1 or SEC 1.`)
  }
  const owner = attempt(() => readPublicKey(publicKey), 'The public key cannot be read.')
  const { key, isOwn } = attempt(() => {
    const key = read(der, owner)
    return { key, isOwn: !isOthers(key, owner) }
  }, 'The private key cannot be read.')
  if (!isOwn) throw bad('The private key does not belong to the certificate.')
  const content = [VERSION_1, key.algorithm.bytes, encodeDer(Tag.OCTET_STRING, key.content)]
  return encodeDer(Tag.SEQUENCE, ...content)
}

function labelOf(der: Uint8Array): PrivateKeyLabel {
  const second = attempt(() => {
    const parts = readDer(der, Tag.SEQUENCE).parts()
    parts.next(Tag.INTEGER)
    return parts.next().tag
  }, 'The private key cannot be read.')
  if (second === Tag.INTEGER) return 'RSA PRIVATE KEY'
  return second === Tag.OCTET_STRING ? 'EC PRIVATE KEY' : 'PRIVATE KEY'
}

/** A private key by its parts. */
interface KeyParts {
  readonly algorithm: Algorithm
  /** What PKCS #8 has in its OCTET STRING. */
  readonly content: Uint8Array
  /** The public key, if it came along. */
  readonly publicKey: Uint8Array | undefined
}

/** An AlgorithmIdentifier. */
interface Algorithm {
  readonly bytes: Uint8Array
  readonly id: string
  readonly parameters: DerElement | undefined
}

/** A SubjectPublicKeyInfo. */
interface PublicKeyParts {
  readonly algorithm: Algorithm
  readonly key: Uint8Array
}

type Reader = (der: Uint8Array, owner: PublicKeyParts) => KeyParts

const readers: ReadonlyMap<string, Reader> = new Map<PrivateKeyLabel, Reader>([
  ['PRIVATE KEY', readPkcs8],
  ['RSA PRIVATE KEY', readPkcs1],
  ['EC PRIVATE KEY', readSec1],
])

/** RFC 5958 §2. */
function readPkcs8(der: Uint8Array): KeyParts {
  const parts = readDer(der, Tag.SEQUENCE).parts()
  const version = readSmallInteger(parts.next(Tag.INTEGER))
  const algorithm = readAlgorithm(parts.next(Tag.SEQUENCE))
  const { content } = parts.next(Tag.OCTET_STRING)
  parts.optional(0xa0)
  const publicKey = version === 0 ? undefined : parts.optional(0x81)?.content
  parts.end()
  if (version > 1) throw new DerError('There is no such version.')
  const own = publicKey?.[0] === 0 ? publicKey.subarray(1) : undefined
  return { algorithm, content, publicKey: own ?? publicKeyIn(algorithm, content) }
}

function readPkcs1(der: Uint8Array): KeyParts {
  return { algorithm: rsaEncryption, content: der, publicKey: undefined }
}

function readSec1(der: Uint8Array, owner: PublicKeyParts): KeyParts {
  const { scalar, parameters, publicKey } = readEcKey(der)
  const curve = parameters ?? (owner.algorithm.id === EC ? owner.algorithm.parameters : undefined)
  if (curve === undefined) throw new DerError('The key does not name its curve.')
  const algorithm = readDer(encodeDer(Tag.SEQUENCE, EC_IDENTIFIER, curve.bytes), Tag.SEQUENCE)
  // RFC 5915 §3 wants the curve in the key; in PKCS #8 it stands beside the key, as OpenSSL has it.
  const content = encodeDer(
    Tag.SEQUENCE,
    encodeDer(Tag.INTEGER, Uint8Array.of(1)),
    scalar.bytes,
    ...(publicKey === undefined ? [] : [publicKey.bytes]),
  )
  return {
    algorithm: readAlgorithm(algorithm),
    content,
    publicKey: publicKeyIn({ id: EC }, content),
  }
}

/** RFC 5915 §3. */
function readEcKey(der: Uint8Array) {
  const parts = readDer(der, Tag.SEQUENCE).parts()
  if (readSmallInteger(parts.next(Tag.INTEGER)) !== 1) throw new DerError('No such version.')
  const scalar = parts.next(Tag.OCTET_STRING)
  const curve = parts.optional(0xa0)
  const publicKey = parts.optional(0xa1)
  parts.end()
  const parameters = curve === undefined ? undefined : readDer(curve.content)
  return { scalar, parameters, publicKey }
}

/** What a key says of its own public key: an RSA modulus or a point of a curve. */
function publicKeyIn({ id }: Pick<Algorithm, 'id'>, content: Uint8Array): Uint8Array | undefined {
  if (id !== EC) return undefined
  const { publicKey } = readEcKey(content)
  return publicKey && readBitStringBytes(readDer(publicKey.content, Tag.BIT_STRING))
}

/** Whether a key can be proven to be that of somebody else. */
function isOthers(key: KeyParts, { algorithm, key: publicKey }: PublicKeyParts): boolean {
  if (familyOf(key.algorithm) !== familyOf(algorithm)) return true
  if (familyOf(algorithm) === RSA)
    return !sameBytes(modulusOf(key.content), publicModulusOf(publicKey))
  const [curve, ownersCurve] = [key.algorithm.parameters, algorithm.parameters]
  if (isNamed(curve) && isNamed(ownersCurve) && !sameBytes(curve.bytes, ownersCurve.bytes)) {
    return true
  }
  const own = key.publicKey
  if (own === undefined) return false
  // A point may be written in two ways (SEC 1 §2.3.3); only what is written alike is compared.
  const isAlike = algorithm.id !== EC || own[0] === publicKey[0]
  return isAlike && !sameBytes(own, publicKey)
}

function isNamed(curve: DerElement | undefined): curve is DerElement {
  return curve?.tag === Tag.OBJECT_IDENTIFIER
}

/** A key for RSASSA-PSS only is an RSA key like any other (RFC 4055 §1.2). */
function familyOf({ id }: Algorithm): string {
  return id === RSA_PSS ? RSA : id
}

/** RFC 8017 §A.1.2: version, modulus, exponent and six more. */
function modulusOf(privateKey: Uint8Array): Uint8Array {
  const parts = readDer(privateKey, Tag.SEQUENCE).parts()
  if (readSmallInteger(parts.next(Tag.INTEGER)) !== 0) throw new DerError('No such version.')
  const numbers = Array.from({ length: 8 }, () => readInteger(parts.next(Tag.INTEGER)))
  parts.end()
  return numbers[0] as Uint8Array
}

/** RFC 8017 §A.1.1. */
function publicModulusOf(publicKey: Uint8Array): Uint8Array {
  return readInteger(readDer(publicKey, Tag.SEQUENCE).parts().next(Tag.INTEGER))
}

/** RFC 5280 §4.1.2.7. */
function readPublicKey(der: Uint8Array): PublicKeyParts {
  const parts = readDer(der, Tag.SEQUENCE).parts()
  const algorithm = readAlgorithm(parts.next(Tag.SEQUENCE))
  const key = readBitStringBytes(parts.next(Tag.BIT_STRING))
  parts.end()
  return { algorithm, key }
}

function readAlgorithm(element: DerElement): Algorithm {
  const parts = element.parts()
  const id = readObjectIdentifier(parts.next(Tag.OBJECT_IDENTIFIER))
  const parameters = parts.isAtEnd ? undefined : parts.next()
  parts.end()
  return { bytes: element.bytes, id, parameters }
}

function attempt<T>(read: () => T, message: string): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) throw bad(message)
    throw error
  }
}

function bad(message: string): TlsError {
  return new TlsError('TLS_BAD_CERTIFICATE', message)
}

const RSA = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const EC = '1.2.840.10045.2.1'

/** `rsaEncryption` and its NULL (RFC 3279 §2.3.1). */
const rsaEncryption = readAlgorithm(
  readDer(
    encodeDer(
      Tag.SEQUENCE,
      Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1),
      Uint8Array.of(0x05, 0),
    ),
  ),
)

/** `id-ecPublicKey` (RFC 5480 §2.1.1). */
const EC_IDENTIFIER: Uint8Array = Uint8Array.of(0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1)

/** INTEGER 0, which PKCS #8 calls version 1. */
const VERSION_1: Uint8Array = Uint8Array.of(Tag.INTEGER, 1, 0)
