import { DerError, readDer, readInteger, Tag } from './der.js'
import type { PathCertificate } from './path-certificate.js'
import type { PublicKey } from './public-key.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

/** What there is to say of a signature and the key that may have made it. */
export type SignatureResult = 'valid' | 'invalid' | 'unsupported'

/** `CryptoKey`, whose name not every set of types has. */
type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Something with a signature on it: a certificate or a CRL. */
export type Signed = Pick<PathCertificate, 'signed' | 'algorithm' | 'signature'>

/** Verifies signatures by WebCrypto, and remembers what it found. */
export class Signatures {
  /** By what is signed, then by the key, as text: a certificate met again costs nothing. */
  readonly #results = new WeakMap<Signed, Map<string, SignatureResult>>()
  readonly #keys = new Map<string, ImportedKey>()

  /** What an earlier {@link verify} has found, or what is clear without cryptography. */
  known(signed: Signed, key: PublicKey): SignatureResult | undefined {
    const algorithm = algorithmFor(signed, key)
    if (typeof algorithm === 'string') return algorithm
    return this.#results.get(signed)?.get(key.text)
  }

  /** Whether the signature was made with this key. Never throws. */
  async verify(signed: Signed, key: PublicKey): Promise<SignatureResult> {
    const known = this.known(signed, key)
    if (known !== undefined) return known
    const result = await this.#verify(signed, key)
    const results = this.#results.get(signed) ?? new Map<string, SignatureResult>()
    keep(results, key.text, result, MAX_RESULTS)
    this.#results.set(signed, results)
    return result
  }

  async #verify(signed: Signed, key: PublicKey): Promise<SignatureResult> {
    const algorithm = algorithmFor(signed, key)
    if (typeof algorithm === 'string') return algorithm
    let imported: ImportedKey
    try {
      imported = await this.#import(key, algorithm)
    } catch {
      // A runtime without Ed25519 or P-521, or a point that is not on the curve.
      return 'unsupported'
    }
    try {
      const signature =
        algorithm.name === 'ECDSA'
          ? ecdsaSignature(signed.signature, Math.ceil(key.bits / 8))
          : signed.signature
      const isValid = await crypto.subtle.verify(
        { name: algorithm.name, hash: algorithm.hash, saltLength: algorithm.saltLength } as never,
        imported,
        signature as Uint8Array<ArrayBuffer>,
        signed.signed as Uint8Array<ArrayBuffer>,
      )
      return isValid ? 'valid' : 'invalid'
    } catch {
      return 'invalid'
    }
  }

  async #import(key: PublicKey, { name, hash }: SignatureAlgorithm): Promise<ImportedKey> {
    const id = `${name} ${hash} ${key.text}`
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const parameters = { name, hash, namedCurve: key.curve }
    const spki = key.kind === 'RSA-PSS' ? plainRsaKey(key.rsaKey) : key.der
    const imported = await crypto.subtle.importKey(
      'spki',
      spki as Uint8Array<ArrayBuffer>,
      parameters as never,
      false,
      ['verify'],
    )
    keep(this.#keys, id, imported, MAX_KEYS)
    return imported
  }
}

/** The algorithm of a signature if a key can have made it. */
function algorithmFor(
  { algorithm }: Signed,
  key: PublicKey,
): SignatureAlgorithm | 'invalid' | 'unsupported' {
  if (typeof algorithm === 'string') return 'unsupported'
  switch (algorithm.name) {
    case 'RSASSA-PKCS1-v1_5':
      if (key.kind !== 'RSA') return 'invalid'
      break
    case 'RSA-PSS':
      if (key.kind !== 'RSA' && key.kind !== 'RSA-PSS') return 'invalid'
      break
    case 'ECDSA':
      if (key.kind !== 'EC') return 'invalid'
      if (key.curve === undefined) return 'unsupported'
      break
    case 'Ed25519':
      if (key.kind !== 'Ed25519') return 'invalid'
  }
  // Nobody shall keep us busy by the size of a key.
  const isModest = key.bits <= MOST_BITS && key.exponentLength <= MOST_EXPONENT
  return isModest ? algorithm : 'unsupported'
}

/** ECDSA-Sig-Value (RFC 3279 §2.2.3) as WebCrypto wants it: r and s, each as long as the order. */
function ecdsaSignature(der: Uint8Array, length: number): Uint8Array {
  const parts = readDer(der, Tag.SEQUENCE).parts()
  const signature = new Uint8Array(length * 2)
  for (const end of [length, length * 2]) {
    const bytes = readInteger(parts.next(Tag.INTEGER))
    const digits = bytes[0] === 0 ? bytes.subarray(1) : bytes
    if ((bytes[0] as number) >= 0x80 || digits.length > length) {
      throw new DerError('The signature is out of range.')
    }
    signature.set(digits, end - digits.length)
  }
  parts.end()
  return signature
}

/**
 * A key for RSASSA-PSS alone (RFC 4055 §1.2) as one for RSA in general, the only kind that
 * WebCrypto imports.
 */
function plainRsaKey(rsaKey: Uint8Array): Uint8Array {
  const bitString = derOf(Tag.BIT_STRING, [0, ...rsaKey])
  return derOf(Tag.SEQUENCE, [...RSA_ENCRYPTION, ...bitString])
}

function derOf(tag: number, content: readonly number[]): Uint8Array {
  const { length } = content
  if (length < 0x80) return Uint8Array.of(tag, length, ...content)
  const digits = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return Uint8Array.of(tag, 0x80 | digits.length, ...digits, ...content)
}

/** Keeps the newest. */
function keep<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  if (map.size >= most) map.delete(map.keys().next().value as string)
  map.set(key, value)
}

/** AlgorithmIdentifier of rsaEncryption with NULL (RFC 3279 §2.3.1). */
const RSA_ENCRYPTION = [
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
] as const

/** Issuers that are remembered for a certificate. */
const MAX_RESULTS = 8
const MAX_KEYS = 64
const MOST_BITS = 8192
/** In bytes. */
const MOST_EXPONENT = 8
