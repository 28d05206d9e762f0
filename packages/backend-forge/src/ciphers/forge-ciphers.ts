import forge from 'node-forge'
import { fromBinary, toBinary } from '../binary-string.js'
import type { CipherProvider } from './cipher-provider.js'

/** forge's own ciphers, the slowest: to compare with, and to rule the others out. */
export const forgeCiphers: CipherProvider = {
  name: 'forge',
  cbcEncryptor(key, iv) {
    const cipher = forge.cipher.createCipher('AES-CBC', toBinary(key))
    let chained = iv
    return (blocks) => {
      const encrypted = run(cipher, chained, blocks)
      chained = encrypted.slice(-BLOCK)
      return encrypted
    }
  },
  cbcDecryptor(key, iv) {
    const decipher = forge.cipher.createDecipher('AES-CBC', toBinary(key))
    let chained = iv
    return (blocks) => {
      const decrypted = run(decipher, chained, blocks)
      chained = blocks.slice(-BLOCK)
      return decrypted
    }
  },
  hmacSha1(key) {
    return (...parts) => {
      const hmac = forge.hmac.create()
      hmac.start('sha1', toBinary(key))
      for (const part of parts) hmac.update(toBinary(part))
      return fromBinary(hmac.digest().getBytes())
    }
  },
}

/** Without `finish`, which only adds or takes off padding: whole blocks are done by then. */
function run(cipher: forge.cipher.BlockCipher, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  cipher.start({ iv: toBinary(iv) })
  cipher.update(forge.util.createBuffer(toBinary(blocks)))
  return fromBinary(cipher.output.getBytes())
}

const BLOCK = 16
