import test from 'ava'
import { chooseCiphers } from '#src/ciphers/choose.js'
import { someBytes } from './support.js'

const libraries = ['node', 'webcrypto', 'noble', 'forge'] as const

for (const length of [16, 32]) {
  test(`ciphers/libraries-agree/aes-${length * 8}-cbc-chained`, async (t) => {
    const [key, iv] = [someBytes(length), someBytes(16)]
    const parts = [16, 4096, 32].map(someBytes)
    const results = new Set<string>()
    for (const library of libraries) {
      const ciphers = chooseCiphers(library)
      const [encrypt, decrypt] = [ciphers.cbcEncryptor(key, iv), ciphers.cbcDecryptor(key, iv)]
      const encrypted: Uint8Array[] = []
      for (const part of parts) encrypted.push(Uint8Array.from(await encrypt(part)))
      const decrypted = await Promise.all(encrypted.map(async (part) => decrypt(part)))
      t.deepEqual(
        decrypted.map((part) => Uint8Array.from(part)),
        parts,
        library,
      )
      results.add(hexOf(Buffer.concat(encrypted)))
    }
    t.is(results.size, 1)
  })
}

// RFC 3602 §4, case 2: the chain goes on from call to call.
test('ciphers/known-answer/aes-128-cbc', async (t) => {
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
  for (const library of libraries) {
    const encrypt = chooseCiphers(library).cbcEncryptor(
      hex('c286696d887c9aa0611bbb3e2025a45a'),
      hex('562e17996d093d28ddb3ba695a2e6f58'),
    )
    const first = await encrypt(hex('000102030405060708090a0b0c0d0e0f'))
    const second = await encrypt(hex('101112131415161718191a1b1c1d1e1f'))
    t.is(hexOf(first), 'd296cd94c2cccf8a3a863028b5e1dc0a', library)
    t.is(hexOf(second), '7586602d253cfff91b8266bea6d61ab1', library)
  }
})

// RFC 2202 §3, cases 1 and 2.
test('ciphers/known-answer/hmac-sha-1', async (t) => {
  for (const library of libraries) {
    const { hmacSha1 } = chooseCiphers(library)
    const mac = hmacSha1(new Uint8Array(20).fill(0x0b))
    const expected = 'b617318655057264e28bc0b6fb378c8ef146be00'
    t.is(hexOf(await mac(Buffer.from('Hi There'))), expected, library)
    t.is(hexOf(await mac(Buffer.from('Hi '), Buffer.from('There'))), expected, library)
    const other = await hmacSha1(Buffer.from('Jefe'))(Buffer.from('what do ya want for nothing?'))
    t.is(hexOf(other), 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79', library)
  }
})

test('ciphers/choice', (t) => {
  t.is(chooseCiphers('fastest').name, 'node')
  t.throws(() => chooseCiphers('openssl' as never), { instanceOf: TypeError })
})

test.serial('ciphers/without-node-crypto', (t) => {
  const { getBuiltinModule } = process
  Object.assign(process, { getBuiltinModule: undefined })
  try {
    t.is(chooseCiphers('fastest').name, 'webcrypto')
    t.throws(() => chooseCiphers('node'), { code: 'TLS_NOT_SUPPORTED' })
    withoutSubtle(() => {
      t.is(chooseCiphers('fastest').name, 'noble')
      t.throws(() => chooseCiphers('webcrypto'), { code: 'TLS_NOT_SUPPORTED' })
    })
  } finally {
    Object.assign(process, { getBuiltinModule })
  }
})

/** As in a page that did not come over HTTPS. */
function withoutSubtle(run: () => void): void {
  const { crypto } = globalThis
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true })
  try {
    run()
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true })
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
