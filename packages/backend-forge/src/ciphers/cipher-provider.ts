/**
 * The ciphers that records are protected with, from one library. All of it is synchronous, and every
 * function leaves its arguments as they are.
 */
export interface CipherProvider {
  /** Where they come from. */
  readonly name: 'node' | 'noble' | 'forge'
  /**
   * AES-CBC encryption of whole blocks, each call going on where the last one ended: the last block
   * of ciphertext is the next initialisation vector (RFC 2246 §6.2.3.2).
   */
  cbcEncryptor(key: Uint8Array, iv: Uint8Array): (blocks: Uint8Array) => Uint8Array
  /** The inverse, going on in the same way. */
  cbcDecryptor(key: Uint8Array, iv: Uint8Array): (blocks: Uint8Array) => Uint8Array
  /** HMAC-SHA-1 over the parts, one after the other: 20 bytes. */
  hmacSha1(key: Uint8Array): (...parts: readonly Uint8Array[]) => Uint8Array
}
