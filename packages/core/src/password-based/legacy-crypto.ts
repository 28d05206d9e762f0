import type nodeForge from 'node-forge'
import forge from 'node-forge/lib/forge.js'
import 'node-forge/lib/pbe.js'
import 'node-forge/lib/sha1.js'
import 'node-forge/lib/sha256.js'
import 'node-forge/lib/sha512.js'
import type { HashName } from './pbkdf2.js'

/** Ciphers that WebCrypto does not have, all in CBC mode. */
export type LegacyCipher = 'AES-192' | '3DES' | '3DES-2' | 'RC2-40' | 'RC2-128'

/** Lengths of keys and blocks, in bytes. */
export const legacyCiphers: Readonly<
  Record<LegacyCipher, { readonly keyLength: number; readonly blockLength: number }>
> = {
  // Chromium's WebCrypto has AES with 128 and 256 bits only.
  'AES-192': { keyLength: 24, blockLength: 16 },
  '3DES': { keyLength: 24, blockLength: 8 },
  '3DES-2': { keyLength: 16, blockLength: 8 },
  'RC2-40': { keyLength: 5, blockLength: 8 },
  'RC2-128': { keyLength: 16, blockLength: 8 },
}

/** What a derived key is for (RFC 7292 Appendix B.3). */
export const Pkcs12Purpose = { KEY: 1, IV: 2, MAC: 3 } as const

/**
 * Derives bytes as PKCS #12 does, by node-forge: WebCrypto does not know how. It blocks, about 3
 * microseconds for each iteration.
 *
 * @param password - `null` if there is none, which is not the same as an empty one.
 * @see RFC 7292 Appendix B.2
 */
export function derivePkcs12Key(
  password: string | null,
  salt: Uint8Array,
  purpose: number,
  iterations: number,
  length: number,
  hash: HashName,
): Uint8Array {
  const digest = forge.md[forgeHashes[hash]].create()
  const buffer = forge.util.createBuffer(binary(salt))
  return bytesOf(forge.pbe.generatePkcs12Key(password, buffer, purpose, iterations, length, digest))
}

/** Decrypts and takes the padding off. Gives `undefined` if that is wrong, as the key may be. */
export function decryptLegacy(
  cipher: LegacyCipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  const { blockLength } = legacyCiphers[cipher]
  if (data.length === 0 || data.length % blockLength !== 0) return undefined
  const decipher = decipherFor(cipher, key)
  decipher.start(iv)
  decipher.update(data)
  return decipher.finish() ? bytesOf(decipher.output()) : undefined
}

interface Decipher {
  start(iv: Uint8Array): void
  update(data: Uint8Array): void
  finish(): boolean
  output(): nodeForge.util.ByteStringBuffer
}

function decipherFor(cipher: LegacyCipher, key: Uint8Array): Decipher {
  if (cipher === 'RC2-40' || cipher === 'RC2-128') {
    const rc2 = forge.rc2.createDecryptionCipher(binary(key), key.length * 8)
    return {
      start: (iv) => rc2.start(binary(iv)),
      update: (data) => rc2.update(forge.util.createBuffer(binary(data))),
      finish: () => rc2.finish(),
      output: () => rc2.output,
    }
  }
  // Three keys, of which the last is the first again.
  const full = cipher === '3DES-2' ? Uint8Array.of(...key, ...key.subarray(0, 8)) : key
  const name = cipher === 'AES-192' ? 'AES-CBC' : '3DES-CBC'
  const other = forge.cipher.createDecipher(name, binary(full))
  return {
    start: (iv) => other.start({ iv: binary(iv) }),
    update: (data) => other.update(forge.util.createBuffer(binary(data))),
    finish: () => other.finish(),
    output: () => other.output,
  }
}

const forgeHashes = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
} as const

/** node-forge takes bytes as text with a character for each. */
function binary(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function bytesOf(buffer: nodeForge.util.ByteStringBuffer): Uint8Array {
  return Uint8Array.from(buffer.getBytes(), (character) => character.charCodeAt(0))
}
