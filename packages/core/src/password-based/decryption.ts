import type { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { Pbes2Parameters, Pkcs12PbeParameters, parseAsn1, parseOctets } from './asn1-parameters.js'
import type { DerivationWork } from './derivation-work.js'
import type { LegacyCipher } from './legacy-crypto.js'
import { pkcs12Forms } from './password.js'
import { deriveByPbkdf2 } from './pbkdf2.js'
import { unreadable, wrongPassword } from './refusals.js'

/** What is encrypted, and how it is to be spoken of. */
export interface EncryptedThing {
  /** To begin a sentence with. */
  readonly name: string
  readonly algorithm: AlgorithmIdentifier
  readonly data: Uint8Array
}

/**
 * Decrypts what a key derived from a password encrypts: PBES2 with PBKDF2 and AES-CBC or 3DES, and the
 * encryption of PKCS #12 itself with 3DES or RC2.
 *
 * There is no way to tell a wrong password from damage: both are a wrong padding, or, one time in
 * 256, something else than the SEQUENCE that all of this contains.
 *
 * @param password - in UTF-8.
 * @returns a SEQUENCE; to be filled with zeros after use.
 * @throws TlsError `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong or missing,
 *   `TLS_BAD_CERTIFICATE` if the algorithm is not supported, or the work is absurd.
 * @see RFC 8018 §6.2; RFC 7292 Appendix C
 */
export async function decryptWithPassword(
  thing: EncryptedThing,
  password: Uint8Array | undefined,
  work: DerivationWork,
): Promise<Uint8Array> {
  const { algorithm, parameters } = thing.algorithm
  if (!parameters) throw unreadable(`${thing.name} does not say how it is encrypted.`)
  const legacy = pkcs12Ciphers.get(algorithm)
  if (algorithm !== PBES2 && legacy === undefined) {
    throw unreadable(`${thing.name} is encrypted by ${algorithm}, which is not supported.`)
  }
  const plaintext =
    legacy === undefined
      ? await byPbes2(parameters, thing.data, password, work)
      : await byPkcs12(legacy, parameters, thing.data, password, work)
  if (plaintext === undefined) throw wrongPassword(thing.name, password)
  return plaintext
}

async function byPbes2(
  parameters: ArrayBuffer,
  data: Uint8Array,
  password: Uint8Array | undefined,
  work: DerivationWork,
): Promise<Uint8Array | undefined> {
  const { keyDerivation, scheme } = parseAsn1(parameters, Pbes2Parameters)
  const cipher = pbes2Ciphers.get(scheme.algorithm)
  if (cipher === undefined || !scheme.parameters) {
    throw unreadable(`Encryption by ${scheme.algorithm} is not supported.`)
  }
  const iv = parseOctets(scheme.parameters)
  if (iv.length !== cipher.blockLength) throw unreadable('The initialization vector is damaged.')
  const secret = password ?? new Uint8Array(0)
  const key = await deriveByPbkdf2(keyDerivation, cipher.keyLength, secret, work)
  try {
    if (cipher.legacy === undefined) return sequenceOrNothing(await decryptAes(key, iv, data))
    const { decryptLegacy } = await import('./legacy-crypto.js')
    return sequenceOrNothing(decryptLegacy(cipher.legacy, key, iv, data))
  } finally {
    key.fill(0)
  }
}

async function byPkcs12(
  cipher: LegacyCipher,
  parameters: ArrayBuffer,
  data: Uint8Array,
  password: Uint8Array | undefined,
  work: DerivationWork,
): Promise<Uint8Array | undefined> {
  const crypto = await import('./legacy-crypto.js')
  const { keyLength, blockLength } = crypto.legacyCiphers[cipher]
  const { salt, iterations } = parseAsn1(parameters, Pkcs12PbeParameters)
  const derive = (form: string | null, purpose: number, length: number) =>
    crypto.derivePkcs12Key(
      form,
      new Uint8Array(salt),
      purpose,
      iterations as number,
      length,
      'SHA-1',
    )
  for (const form of pkcs12Forms(password)) {
    work.spend(iterations, Math.ceil(keyLength / 20) + 1)
    const key = derive(form, crypto.Pkcs12Purpose.KEY, keyLength)
    const iv = derive(form, crypto.Pkcs12Purpose.IV, blockLength)
    const plaintext = sequenceOrNothing(crypto.decryptLegacy(cipher, key, iv, data))
    key.fill(0)
    if (plaintext !== undefined) return plaintext
  }
  return undefined
}

async function decryptAes(
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (data.length === 0 || data.length % 16 !== 0) return undefined
  const raw = Uint8Array.from(key)
  const imported = await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['decrypt'])
  raw.fill(0)
  try {
    const algorithm = { name: 'AES-CBC', iv: Uint8Array.from(iv) }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, Uint8Array.from(data)))
  } catch {
    return undefined
  }
}

/** What is a SEQUENCE from its first byte to its last. */
function sequenceOrNothing(plaintext: Uint8Array | undefined): Uint8Array | undefined {
  const first = plaintext?.[1]
  if (plaintext === undefined || first === undefined || plaintext[0] !== 0x30) return undefined
  // The indefinite form of BER has no length to compare.
  if (first === 0x80) return plaintext
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  let length = lengthBytes === 0 ? first : 0
  for (const byte of plaintext.subarray(2, 2 + lengthBytes)) length = length * 256 + byte
  return length === plaintext.length - 2 - lengthBytes ? plaintext : undefined
}

const PBES2 = '1.2.840.113549.1.5.13'

/** RFC 8018 Appendix B.2.2, RFC 3565 §4.1. */
const pbes2Ciphers: ReadonlyMap<
  string,
  { readonly keyLength: number; readonly blockLength: number; readonly legacy?: LegacyCipher }
> = new Map([
  ['2.16.840.1.101.3.4.1.2', { keyLength: 16, blockLength: 16 }],
  ['2.16.840.1.101.3.4.1.22', { keyLength: 24, blockLength: 16, legacy: 'AES-192' }],
  ['2.16.840.1.101.3.4.1.42', { keyLength: 32, blockLength: 16 }],
  ['1.2.840.113549.3.7', { keyLength: 24, blockLength: 8, legacy: '3DES' }],
])

/** RFC 7292 Appendix C, without RC4. */
const pkcs12Ciphers: ReadonlyMap<string, LegacyCipher> = new Map([
  ['1.2.840.113549.1.12.1.3', '3DES'],
  ['1.2.840.113549.1.12.1.4', '3DES-2'],
  ['1.2.840.113549.1.12.1.5', 'RC2-128'],
  ['1.2.840.113549.1.12.1.6', 'RC2-40'],
])
