import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { identifier, indefinite, integer, octets, sequence, tlv } from './der.js'

/** What is protected by a password, and by how much work. */
export interface Protection {
  readonly password: string
  readonly iterations: number
}

/** What a container is to be like. */
export interface ContainerRecipe {
  readonly certificates?: readonly (Uint8Array | Named)[]
  /** PKCS #8. */
  readonly keys?: readonly (Uint8Array | Named)[]
  /** Encryption by PBES2 with AES-256; default: none. */
  readonly encryption?: Protection
  /** PBMAC1 with SHA-256; default: none. */
  readonly mac?: Protection
  /** The bags as they stand are in this many SafeContents in each other. Default 0. */
  readonly nested?: number
  /** Whether all lengths around the bags are the indefinite ones of BER. */
  readonly indefinite?: boolean
}

/** A bag with a local key ID. */
export interface Named {
  readonly der: Uint8Array
  readonly id: string
}

/** Makes PKCS #12 (RFC 7292, RFC 9579) with `node:crypto` and nothing that is tested. */
export function container(recipe: ContainerRecipe): Uint8Array {
  const { certificates = [], keys = [], encryption, mac } = recipe
  const wrap = recipe.indefinite ? indefinite : tlv
  const bags = [
    ...certificates.map((one) => bag('1.3', certificateBag(derOf(one)), one)),
    ...keys.map((one) => bag('1.1', derOf(one), one)),
  ]
  let contents = wrap(0x30, ...bags)
  for (let level = 0; level < (recipe.nested ?? 0); level++) {
    contents = wrap(0x30, sequence(identifier(`${bagTypes}.1.6`), wrap(0xa0, contents)))
  }
  const info = encryption ? encrypted(contents, encryption, wrap) : data(contents, wrap)
  const safe = wrap(0x30, info)
  return wrap(0x30, integer(3), data(safe, wrap), ...(mac ? [macOf(safe, mac)] : []))
}

/** PKCS #8 encrypted by PBES2. */
export function encryptedKey(key: Uint8Array, protection: Protection): Uint8Array {
  const { algorithm, ciphertext } = encrypt(key, protection)
  return sequence(algorithm, octets(ciphertext))
}

function derOf(one: Uint8Array | Named): Uint8Array {
  return one instanceof Uint8Array ? one : one.der
}

function bag(type: string, value: Uint8Array, one: Uint8Array | Named): Uint8Array {
  const attributes =
    one instanceof Uint8Array
      ? []
      : [
          tlv(
            0x31,
            sequence(identifier('1.2.840.113549.1.9.21'), tlv(0x31, octets(Buffer.from(one.id)))),
          ),
        ]
  return sequence(identifier(`${bagTypes}.${type}`), tlv(0xa0, value), ...attributes)
}

function certificateBag(der: Uint8Array): Uint8Array {
  return sequence(identifier('1.2.840.113549.1.9.22.1'), tlv(0xa0, octets(der)))
}

/** In the indefinite form the OCTET STRING is in two pieces. */
function data(content: Uint8Array, wrap: typeof tlv): Uint8Array {
  const half = content.length >> 1
  const string =
    wrap === tlv
      ? octets(content)
      : wrap(0x24, octets(content.subarray(0, half)), octets(content.subarray(half)))
  return wrap(0x30, identifier('1.2.840.113549.1.7.1'), wrap(0xa0, string))
}

function encrypted(plaintext: Uint8Array, protection: Protection, wrap: typeof tlv): Uint8Array {
  const { algorithm, ciphertext } = encrypt(plaintext, protection)
  const content =
    wrap === tlv
      ? tlv(0x80, ciphertext)
      : wrap(0xa0, octets(ciphertext.subarray(0, 100)), octets(ciphertext.subarray(100)))
  const info = wrap(0x30, identifier('1.2.840.113549.1.7.1'), algorithm, content)
  const value = wrap(0x30, integer(0), info)
  return wrap(0x30, identifier('1.2.840.113549.1.7.6'), wrap(0xa0, value))
}

function encrypt(content: Uint8Array, { password, iterations }: Protection) {
  const [salt, iv] = [randomBytes(8), randomBytes(16)]
  const key = pbkdf2Sync(password, salt, doneOf(iterations), 32, 'sha256')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const scheme = sequence(identifier('2.16.840.1.101.3.4.1.42'), octets(iv))
  return {
    algorithm: sequence(
      identifier('1.2.840.113549.1.5.13'),
      sequence(derivation(salt, iterations), scheme),
    ),
    ciphertext: Buffer.concat([cipher.update(content), cipher.final()]),
  }
}

/** An absurd number is only stated. */
function doneOf(iterations: number): number {
  return Math.max(1, Math.min(iterations, 1000))
}

function macOf(content: Uint8Array, { password, iterations }: Protection): Uint8Array {
  const salt = randomBytes(8)
  const key = pbkdf2Sync(password, salt, doneOf(iterations), 32, 'sha256')
  const algorithm = sequence(
    identifier('1.2.840.113549.1.5.14'),
    sequence(derivation(salt, iterations, 32), hmacSha256),
  )
  const mac = createHmac('sha256', key).update(content).digest()
  return sequence(sequence(algorithm, octets(mac)), octets(Buffer.from('NOT USED')), integer(1))
}

function derivation(salt: Uint8Array, iterations: number, length?: number): Uint8Array {
  const parts = [octets(salt), integer(iterations), ...(length ? [integer(length)] : [])]
  return sequence(identifier('1.2.840.113549.1.5.12'), sequence(...parts, hmacSha256))
}

const hmacSha256 = sequence(identifier('1.2.840.113549.2.9'), Uint8Array.of(5, 0))
const bagTypes = '1.2.840.113549.1.12.10'
