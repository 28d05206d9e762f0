import type { CipherProvider, RsaPrivateKey } from './cipher-provider.js'

/** As much of node:crypto as is used here; its types would bring all of Node's along. */
interface NodeCrypto {
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): NodeCipher
  createDecipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): NodeCipher
  createHmac(algorithm: string, key: Uint8Array): NodeHmac
  createPrivateKey(pem: string): object
  privateDecrypt(options: { key: object; padding: number }, data: Uint8Array): Uint8Array
  privateEncrypt(options: { key: object; padding: number }, data: Uint8Array): Uint8Array
  readonly constants: { readonly RSA_NO_PADDING: number; readonly RSA_PKCS1_PADDING: number }
}

interface NodeCipher {
  setAutoPadding(on: boolean): NodeCipher
  update(data: Uint8Array): Uint8Array
}

interface NodeHmac {
  update(data: Uint8Array): NodeHmac
  digest(): Uint8Array
}

/**
 * The ciphers of node:crypto where the runtime has it (Node, Deno, Bun, workerd if asked to);
 * `undefined` elsewhere. Found without an import, which no bundler for a page could follow.
 */
export function nodeCiphers(): CipherProvider | undefined {
  const crypto = nodeCrypto()
  if (crypto === undefined) return undefined
  const algorithm = (key: Uint8Array) => `aes-${key.length * 8}-cbc`
  return {
    name: 'node',
    cbcEncryptor(key, iv) {
      const cipher = crypto.createCipheriv(algorithm(key), key, iv).setAutoPadding(false)
      return (blocks) => cipher.update(blocks)
    },
    cbcDecryptor(key, iv) {
      const decipher = crypto.createDecipheriv(algorithm(key), key, iv).setAutoPadding(false)
      return (blocks) => decipher.update(blocks)
    },
    hmacSha1(key) {
      return (...parts) => {
        const hmac = crypto.createHmac('sha1', key)
        for (const part of parts) hmac.update(part)
        return hmac.digest()
      }
    },
    rsaPrivateKey: (pem) => rsaPrivateKey(crypto, pem),
  }
}

function rsaPrivateKey(crypto: NodeCrypto, pem: string): RsaPrivateKey {
  const key = crypto.createPrivateKey(pem)
  const { RSA_NO_PADDING, RSA_PKCS1_PADDING } = crypto.constants
  return {
    decrypt: (block) => crypto.privateDecrypt({ key, padding: RSA_NO_PADDING }, block),
    sign: (bytes) => crypto.privateEncrypt({ key, padding: RSA_PKCS1_PADDING }, bytes),
  }
}

function nodeCrypto(): NodeCrypto | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(name: string): NodeCrypto | undefined }
  }
  try {
    const crypto = process?.getBuiltinModule?.('node:crypto')
    return typeof crypto?.createCipheriv === 'function' ? crypto : undefined
  } catch {
    return undefined
  }
}
