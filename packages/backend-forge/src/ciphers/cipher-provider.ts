import type { Awaitable } from '../awaitable.js'

/**
 * The ciphers that records are protected with, from one library. Each answers always at once or, as
 * WebCrypto, always later. Every function leaves its arguments as they are.
 */
export interface CipherProvider {
  /** Where they come from. */
  readonly name: 'node' | 'webcrypto' | 'noble' | 'forge'
  /**
   * AES-CBC encryption of whole blocks, each call going on where the last one ended: the last block
   * of ciphertext is the next initialisation vector (RFC 2246 §6.2.3.2). One call at a time.
   */
  cbcEncryptor(key: Uint8Array, iv: Uint8Array): (blocks: Uint8Array) => Awaitable<Uint8Array>
  /** The inverse, going on in the same way; any number of calls at a time. */
  cbcDecryptor(key: Uint8Array, iv: Uint8Array): (blocks: Uint8Array) => Awaitable<Uint8Array>
  /** HMAC-SHA-1 over the parts, one after the other: 20 bytes. Any number of calls at a time. */
  hmacSha1(key: Uint8Array): (...parts: readonly Uint8Array[]) => Awaitable<Uint8Array>
  /**
   * RSA with a private key in PEM, if the library has it: forge's own takes some 50 times as long.
   *
   * @throws an error for a key that is none, or not of RSA.
   */
  rsaPrivateKey?(pem: string): RsaPrivateKey
}

/** What a private key is used for in a handshake (RFC 4346 §7.4.7.1, §7.4.8). */
export interface RsaPrivateKey {
  /** The bare operation: a block as long as the modulus, padding and all. */
  decrypt(block: Uint8Array): Uint8Array
  /** Signs bytes as they are, in a block of type 1 (RFC 8017 §9.2, step 4 on). */
  sign(bytes: Uint8Array): Uint8Array
}
