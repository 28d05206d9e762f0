import type { MacData } from '@peculiar/asn1-pfx'
import { Pbes2Parameters, parseAsn1 } from '../password-based/asn1-parameters.js'
import type { DerivationWork } from '../password-based/derivation-work.js'
import { pkcs12Forms } from '../password-based/password.js'
import { deriveByPbkdf2, type HashName, hashLengths, hmacHash } from '../password-based/pbkdf2.js'
import { unreadable, wrongPassword } from '../password-based/refusals.js'

/**
 * Checks the MAC of a container: with a key derived as PKCS #12 does, or by PBMAC1.
 *
 * @throws TlsError `TLS_BAD_CERTIFICATE_PASSWORD` if it is not that of the password,
 *   `TLS_BAD_CERTIFICATE` if its algorithm is not supported or its work is absurd.
 * @see RFC 7292 §5.1; RFC 9579
 */
export async function checkIntegrity(
  { mac, macSalt, iterations }: MacData,
  content: Uint8Array,
  password: Uint8Array | undefined,
  work: DerivationWork,
): Promise<void> {
  const { algorithm, parameters } = mac.digestAlgorithm
  const digest = new Uint8Array(mac.digest.buffer)
  if (algorithm === PBMAC1) {
    if (!parameters) throw unreadable('The container does not say how its MAC is made.')
    const { keyDerivation, scheme } = parseAsn1(parameters, Pbes2Parameters)
    const hash = hmacHash(scheme.algorithm)
    const secret = password ?? new Uint8Array(0)
    const key = await deriveByPbkdf2(keyDerivation, hashLengths[hash], secret, work)
    if (await isMac(hash, key, digest, content)) return
    throw wrongPassword('The container', password)
  }
  const hash = hashes.get(algorithm)
  if (hash === undefined) throw unreadable(`A MAC by ${algorithm} is not supported.`)
  const { derivePkcs12Key, Pkcs12Purpose } = await import('../password-based/legacy-crypto.js')
  const salt = new Uint8Array(macSalt.buffer)
  const length = hashLengths[hash]
  for (const form of pkcs12Forms(password)) {
    work.spend(iterations, 1)
    const key = derivePkcs12Key(form, salt, Pkcs12Purpose.MAC, iterations, length, hash)
    if (await isMac(hash, key, digest, content)) return
  }
  throw wrongPassword('The container', password)
}

async function isMac(
  hash: HashName,
  key: Uint8Array,
  mac: Uint8Array,
  content: Uint8Array,
): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash }
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), algorithm, false, [
    'verify',
  ])
  key.fill(0)
  return crypto.subtle.verify('HMAC', imported, Uint8Array.from(mac), Uint8Array.from(content))
}

const PBMAC1 = '1.2.840.113549.1.5.14'

const hashes: ReadonlyMap<string, HashName> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])
