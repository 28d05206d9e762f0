import { cbc } from '@noble/ciphers/aes.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import type { CipherProvider } from './cipher-provider.js'

/** The ciphers of @noble/ciphers and @noble/hashes: audited, plain JavaScript, on any runtime. */
export const nobleCiphers: CipherProvider = {
  name: 'noble',
  cbcEncryptor(key, iv) {
    let chained = iv
    return (blocks) => {
      const encrypted = cbc(key, chained, UNPADDED).encrypt(blocks)
      chained = encrypted.slice(-BLOCK)
      return encrypted
    }
  },
  cbcDecryptor(key, iv) {
    let chained = iv
    return (blocks) => {
      const decrypted = cbc(key, chained, UNPADDED).decrypt(blocks)
      chained = blocks.slice(-BLOCK)
      return decrypted
    }
  },
  hmacSha1(key) {
    const keyed = hmac.create(sha1, key)
    return (...parts) => {
      const mac = keyed.clone()
      for (const part of parts) mac.update(part)
      return mac.digest()
    }
  },
}

const BLOCK = 16
const UNPADDED = { disablePadding: true }
