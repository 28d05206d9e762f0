import { unreadable } from '../password-based/refusals.js'
import {
  type DerElement,
  readBitStringBytes,
  readDer,
  readInteger,
  readObjectIdentifier,
  Tag,
} from '../path-validation/der.js'
import { sameBytes } from '../same-bytes.js'

/**
 * Whether a private key belongs to a public one; `undefined` if that cannot be told here.
 *
 * @param privateKey - PKCS #8.
 * @param publicKey - SubjectPublicKeyInfo.
 * @throws TlsError `TLS_BAD_CERTIFICATE` if the private key is not PKCS #8.
 */
export async function fitsPublicKey(
  privateKey: Uint8Array,
  publicKey: Uint8Array,
): Promise<boolean | undefined> {
  const own = readPrivateKey(privateKey)
  const other = readPublicKey(publicKey)
  if (own.algorithm !== other.algorithm) return false
  if (own.algorithm === RSA || own.algorithm === RSA_PSS) return fitsModulus(own.key, other.key)
  const stated = own.publicKey ?? (own.algorithm === EC ? statedPoint(own.key) : undefined)
  // A point has two encodings; only those of the same length can be compared.
  if (stated?.length === other.key.length) return sameBytes(stated, other.key)
  const derived = await derivePublicKey(privateKey, own)
  return derived?.length === other.key.length ? sameBytes(derived, other.key) : undefined
}

interface PrivateKey {
  readonly algorithm: string
  readonly parameters: DerElement | undefined
  readonly key: Uint8Array
  /** Version 2 (RFC 5958 §2) can have it. */
  readonly publicKey: Uint8Array | undefined
}

function readPrivateKey(bytes: Uint8Array): PrivateKey {
  try {
    const parts = readDer(bytes, Tag.SEQUENCE).parts()
    readInteger(parts.next(Tag.INTEGER))
    const [algorithm, parameters] = parts.next(Tag.SEQUENCE).parts().rest()
    const key = parts.next(Tag.OCTET_STRING).content
    parts.optional(0xa0)
    const stated = parts.optional(0x81)
    return {
      algorithm: algorithm === undefined ? '' : readObjectIdentifier(algorithm),
      parameters,
      key,
      publicKey: stated && readBitStringBytes(stated),
    }
  } catch (cause) {
    throw unreadable('A private key in the container is damaged.', cause)
  }
}

function readPublicKey(bytes: Uint8Array): { algorithm: string; key: Uint8Array } {
  const parts = readDer(bytes, Tag.SEQUENCE).parts()
  const algorithm = parts.next(Tag.SEQUENCE).parts().next(Tag.OBJECT_IDENTIFIER)
  const key = readBitStringBytes(parts.next(Tag.BIT_STRING))
  return { algorithm: readObjectIdentifier(algorithm), key }
}

/** RFC 8017 Appendix A.1: the modulus is in both. */
function fitsModulus(privateKey: Uint8Array, publicKey: Uint8Array): boolean {
  const own = readDer(privateKey, Tag.SEQUENCE).parts()
  own.next(Tag.INTEGER)
  const modulus = readDer(publicKey, Tag.SEQUENCE).parts().next(Tag.INTEGER)
  return sameBytes(own.next(Tag.INTEGER).bytes, modulus.bytes)
}

/** RFC 5915 §3: the public key is optional. */
function statedPoint(privateKey: Uint8Array): Uint8Array | undefined {
  const parts = readDer(privateKey, Tag.SEQUENCE).parts()
  parts.next(Tag.INTEGER)
  parts.next(Tag.OCTET_STRING)
  parts.optional(0xa0)
  const point = parts.optional(0xa1)
  return point && readBitStringBytes(readDer(point.content, Tag.BIT_STRING))
}

async function derivePublicKey(
  pkcs8: Uint8Array,
  { algorithm, parameters }: PrivateKey,
): Promise<Uint8Array | undefined> {
  const curve =
    algorithm === EC && parameters?.tag === Tag.OBJECT_IDENTIFIER
      ? curves.get(readObjectIdentifier(parameters))
      : undefined
  const name = algorithm === ED25519 ? 'Ed25519' : curve && 'ECDSA'
  if (name === undefined) return undefined
  try {
    const kind = curve === undefined ? { name } : { name, namedCurve: curve }
    const key = await crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), kind, true, ['sign'])
    const { x, y } = await crypto.subtle.exportKey('jwk', key)
    if (x === undefined) return undefined
    if (y === undefined) return bytesOf(x)
    return Uint8Array.of(4, ...bytesOf(x), ...bytesOf(y))
  } catch {
    // Not every runtime knows every kind of key.
    return undefined
  }
}

/** RFC 7515 §2. */
function bytesOf(base64url: string): Uint8Array {
  const base64 = base64url.replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

const RSA = '1.2.840.113549.1.1.1'
const RSA_PSS = '1.2.840.113549.1.1.10'
const EC = '1.2.840.10045.2.1'
const ED25519 = '1.3.101.112'
const curves: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
])
