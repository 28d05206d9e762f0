import type { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { Pbkdf2Parameters, parseAsn1 } from './asn1-parameters.js'
import type { DerivationWork } from './derivation-work.js'
import { unreadable } from './refusals.js'

/** Hashes in WebCrypto's spelling, and their length in bytes. */
export const hashLengths = {
  'SHA-1': 20,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
} as const
/** A hash that both WebCrypto and node-forge know. */
export type HashName = keyof typeof hashLengths

/**
 * Derives a key as PBES2 and PBMAC1 do, by WebCrypto.
 *
 * @param length - of the key, in bytes.
 * @param password - in UTF-8.
 * @throws TlsError `TLS_BAD_CERTIFICATE` if the parameters are damaged, absurd or of another kind.
 * @see RFC 8018 §5.2
 */
export async function deriveByPbkdf2(
  { algorithm, parameters }: AlgorithmIdentifier,
  length: number,
  password: Uint8Array,
  work: DerivationWork,
): Promise<Uint8Array> {
  if (algorithm !== PBKDF2 || !parameters) {
    throw unreadable(`Keys are derived by ${algorithm}, which is not supported.`)
  }
  const { salt, iterations, keyLength, prf } = parseAsn1(parameters, Pbkdf2Parameters)
  const hash = hmacHash(prf?.algorithm ?? HMAC_SHA1)
  if (keyLength !== undefined && keyLength !== length) {
    throw unreadable('The length of the derived key is not the one of its algorithm.')
  }
  work.spend(iterations, Math.ceil(length / hashLengths[hash]))
  const secret = Uint8Array.from(password)
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
  secret.fill(0)
  const algorithmOfKey = { name: 'PBKDF2', hash, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithmOfKey, key, length * 8))
}

/** The hash of an HMAC by its object identifier (RFC 8018 Appendix B.1). */
export function hmacHash(identifier: string): HashName {
  const hash = hmacHashes.get(identifier)
  if (hash === undefined) throw unreadable(`HMAC ${identifier} is not supported.`)
  return hash
}

const PBKDF2 = '1.2.840.113549.1.5.12'
const HMAC_SHA1 = '1.2.840.113549.2.7'
const hmacHashes: ReadonlyMap<string, HashName> = new Map([
  [HMAC_SHA1, 'SHA-1'],
  ['1.2.840.113549.2.9', 'SHA-256'],
  ['1.2.840.113549.2.10', 'SHA-384'],
  ['1.2.840.113549.2.11', 'SHA-512'],
])
