import { textOf } from '../byte-text.js'
import {
  type DerElement,
  DerError,
  readBitStringBytes,
  readDer,
  readInteger,
  readObjectIdentifier,
  Tag,
} from './der.js'

/** A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), and what is to be known of the key. */
export interface PublicKey {
  /** The SubjectPublicKeyInfo as it is encoded. */
  readonly der: Uint8Array
  /** The same as a text of its own, to tell keys apart. */
  readonly text: string
  readonly kind: 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'DSA' | 'other'
  /** WebCrypto's name of the curve of an EC key; `undefined` for a curve it does not know. */
  readonly curve: string | undefined
  /** Bits of an RSA modulus, or of the order of an EC curve where it is known; otherwise 0. */
  readonly bits: number
  /** Bytes of an RSA public exponent; otherwise 0. */
  readonly exponentLength: number
  /** The bare RSAPublicKey of an RSA key; otherwise empty. */
  readonly rsaKey: Uint8Array
}

/** Reads a SubjectPublicKeyInfo. */
export function readPublicKey(element: DerElement): PublicKey {
  const parts = element.parts()
  const algorithm = parts.next(Tag.SEQUENCE).parts()
  const key = readBitStringBytes(parts.next(Tag.BIT_STRING))
  parts.end()
  const id = readObjectIdentifier(algorithm.next(Tag.OBJECT_IDENTIFIER))
  const common = { der: element.bytes, text: textOf(element.bytes), ...nothingKnown }
  const kind = kinds.get(id) ?? 'other'
  if (kind === 'RSA' || kind === 'RSA-PSS') return { ...common, kind, ...readRsaKey(key) }
  if (kind === 'EC') return { ...common, kind, ...readCurve(algorithm.next()) }
  return { ...common, kind }
}

function readRsaKey(key: Uint8Array): Pick<PublicKey, 'bits' | 'exponentLength' | 'rsaKey'> {
  const parts = readDer(key, Tag.SEQUENCE).parts()
  const modulus = positive(parts.next(Tag.INTEGER))
  const exponent = positive(parts.next(Tag.INTEGER))
  parts.end()
  const bits = Math.max(0, modulus.length * 8 + 24 - Math.clz32(modulus[0] ?? 0))
  return { bits, exponentLength: exponent.length, rsaKey: key }
}

/** Without the zero that only says that it is not negative. */
function positive(element: DerElement): Uint8Array {
  const bytes = readInteger(element)
  if ((bytes[0] as number) >= 0x80) throw new DerError('A key has a negative number.')
  return bytes[0] === 0 ? bytes.subarray(1) : bytes
}

/** RFC 5480 §2.1.1: a curve is named; parameters of one's own are forbidden. */
function readCurve(element: DerElement): Pick<PublicKey, 'curve' | 'bits'> {
  const id =
    element.tag === Tag.OBJECT_IDENTIFIER ? curves.get(readObjectIdentifier(element)) : undefined
  return id ?? { curve: undefined, bits: 0 }
}

const nothingKnown = {
  curve: undefined,
  bits: 0,
  exponentLength: 0,
  rsaKey: new Uint8Array(),
} as const

/** RFC 3279 §2.3, RFC 4055 §1.2, RFC 5480 §2.1.1, RFC 8410 §3. */
const kinds: ReadonlyMap<string, PublicKey['kind']> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.113549.1.1.10', 'RSA-PSS'],
  ['1.2.840.10045.2.1', 'EC'],
  ['1.3.101.112', 'Ed25519'],
  ['1.2.840.10040.4.1', 'DSA'],
])

/** RFC 5480 §2.1.1.1. */
const curves: ReadonlyMap<string, { readonly curve: string | undefined; readonly bits: number }> =
  new Map([
    ['1.2.840.10045.3.1.7', { curve: 'P-256', bits: 256 }],
    ['1.3.132.0.34', { curve: 'P-384', bits: 384 }],
    ['1.3.132.0.35', { curve: 'P-521', bits: 521 }],
    ['1.2.840.10045.3.1.1', { curve: undefined, bits: 192 }],
    ['1.3.132.0.33', { curve: undefined, bits: 224 }],
    ['1.3.132.0.1', { curve: undefined, bits: 163 }],
    ['1.3.132.0.15', { curve: undefined, bits: 163 }],
  ])
