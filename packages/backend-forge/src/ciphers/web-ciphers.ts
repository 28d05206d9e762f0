import { concat } from '@tlsio/core/wire'
import type { CipherProvider } from './cipher-provider.js'

type Subtle = typeof crypto.subtle

/**
 * The ciphers of WebCrypto, all of which answer later; `undefined` where there is none, as in a page
 * that did not come over HTTPS.
 */
export function webCiphers(): CipherProvider | undefined {
  // Its type says that it is always there.
  const subtle = globalThis.crypto?.subtle as Subtle | undefined
  if (subtle === undefined) return undefined
  return {
    name: 'webcrypto',
    cbcEncryptor(key, iv) {
      const cbc = importCbc(subtle, key)
      let chained = iv
      return async (blocks) => {
        const padded = await cbc.encrypt(chained, blocks)
        const encrypted = padded.subarray(0, -BLOCK)
        chained = encrypted.subarray(-BLOCK)
        return encrypted
      }
    },
    cbcDecryptor(key, iv) {
      const cbc = importCbc(subtle, key)
      let chained = iv
      return async (blocks) => {
        const before = chained
        chained = blocks.subarray(-BLOCK)
        const padding = await cbc.encrypt(chained, NOTHING)
        return cbc.decrypt(before, concat(blocks, padding))
      }
    },
    hmacSha1(key) {
      const imported = importKey(subtle, key, { name: 'HMAC', hash: 'SHA-1' }, ['sign'])
      return async (...parts) => {
        const message = concat(...parts)
        return new Uint8Array(await subtle.sign('HMAC', await imported, asSource(message)))
      }
    },
  }
}

/**
 * AES-CBC as WebCrypto has it: `encrypt` adds a block of padding to whole blocks, `decrypt` takes it
 * off again and refuses what has none.
 */
function importCbc(subtle: Subtle, key: Uint8Array) {
  const imported = importKey(subtle, key, { name: 'AES-CBC' }, ['encrypt', 'decrypt'])
  const run = (direction: 'encrypt' | 'decrypt') => async (iv: Uint8Array, bytes: Uint8Array) => {
    const algorithm = { name: 'AES-CBC', iv: asSource(iv) }
    return new Uint8Array(await subtle[direction](algorithm, await imported, asSource(bytes)))
  }
  return { encrypt: run('encrypt'), decrypt: run('decrypt') }
}

/** Starts at once; whoever uses the key first waits for it, or learns why there is none. */
function importKey(
  subtle: Subtle,
  key: Uint8Array,
  algorithm: { name: string; hash: string } | { name: string },
  usages: readonly ('encrypt' | 'decrypt' | 'sign')[],
) {
  const imported = subtle.importKey('raw', asSource(key), algorithm, false, [...usages])
  imported.catch(() => {})
  return imported
}

/** WebCrypto refuses shared memory; there is none here. */
function asSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

const BLOCK = 16
const NOTHING = new Uint8Array(0)
