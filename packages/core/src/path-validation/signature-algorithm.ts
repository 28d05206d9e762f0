import { RsaSaPssParams } from '@peculiar/asn1-rsa'
import { AsnConvert } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { readDer, readObjectIdentifier, Tag } from './der.js'

/** How a signature is made, in WebCrypto's names. */
export interface SignatureAlgorithm {
  readonly name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS' | 'ECDSA' | 'Ed25519'
  /** `undefined` for Ed25519, which has its own. */
  readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined
  /** Bytes of salt for RSA-PSS; otherwise 0. */
  readonly saltLength: number
}

/** A signature that WebCrypto cannot verify, and whether that is because its hash is broken. */
export type UnsupportedAlgorithm = 'broken' | 'unknown'

/** Reads an AlgorithmIdentifier of a signature. */
export function readSignatureAlgorithm(der: Uint8Array): SignatureAlgorithm | UnsupportedAlgorithm {
  const parts = readDer(der, Tag.SEQUENCE).parts()
  const id = readObjectIdentifier(parts.next(Tag.OBJECT_IDENTIFIER))
  const parameters = parts.isAtEnd ? undefined : parts.next().bytes
  parts.end()
  if (id === RSASSA_PSS) return pssAlgorithm(parameters)
  const known = algorithms.get(id)
  if (known === undefined) return broken.has(id) ? 'broken' : 'unknown'
  // RFC 4055 §5: NULL for PKCS #1, or absent; RFC 5758 §3.2, RFC 8410 §3: absent for the others.
  const isNull = parameters?.length === 2 && parameters[0] === NULL
  const isFit = parameters === undefined || (isNull && known.name === 'RSASSA-PKCS1-v1_5')
  return isFit ? known : 'unknown'
}

/** RFC 4055 §3.1. Both hashes must be the same: WebCrypto knows nothing else, nor does the web. */
function pssAlgorithm(parameters: Uint8Array | undefined): SignatureAlgorithm | 'unknown' {
  if (parameters === undefined) return 'unknown'
  try {
    const { hashAlgorithm, maskGenAlgorithm, saltLength, trailerField } = AsnConvert.parse(
      parameters,
      RsaSaPssParams,
    )
    const hash = hashes.get(hashAlgorithm.algorithm)
    const isMgf1 = maskGenAlgorithm.algorithm === MGF1 && maskGenAlgorithm.parameters
    if (hash === undefined || !isMgf1 || trailerField !== 1) return 'unknown'
    const maskHash = AsnConvert.parse(isMgf1, AlgorithmIdentifier).algorithm
    const isUsual = maskHash === hashAlgorithm.algorithm && saltLength >= 0 && saltLength <= 512
    return isUsual ? { name: 'RSA-PSS', hash, saltLength } : 'unknown'
  } catch {
    return 'unknown'
  }
}

const RSASSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'
const NULL = 0x05

const rsa = { name: 'RSASSA-PKCS1-v1_5', saltLength: 0 } as const
const ecdsa = { name: 'ECDSA', saltLength: 0 } as const

/** RFC 3279 §2.2, RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3. */
const algorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ['1.2.840.113549.1.1.5', { ...rsa, hash: 'SHA-1' }],
  ['1.2.840.113549.1.1.11', { ...rsa, hash: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { ...rsa, hash: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { ...rsa, hash: 'SHA-512' }],
  ['1.2.840.10045.4.1', { ...ecdsa, hash: 'SHA-1' }],
  ['1.2.840.10045.4.3.2', { ...ecdsa, hash: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { ...ecdsa, hash: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { ...ecdsa, hash: 'SHA-512' }],
  ['1.3.101.112', { name: 'Ed25519', hash: undefined, saltLength: 0 }],
])

/** RSA with MD2, MD4 and MD5. */
const broken: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
])

/** RFC 4055 §2.1. */
const hashes: ReadonlyMap<string, 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])
