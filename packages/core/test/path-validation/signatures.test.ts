import { generateKeyPairSync } from 'node:crypto'
import { TlsCertificateFlags } from '@tlsio/core'
import test from 'ava'
import {
  ecdsaWithSha256,
  ecKeys,
  type KeyPair,
  make,
  rsaPss,
  rsaWithSha256,
  type SignatureKind,
} from './support/certificate-maker.js'
import { ask, expectFindings } from './support/expect.js'

const rsaKeys = (modulusLength: number): KeyPair => generateKeyPairSync('rsa', { modulusLength })
const rsa = rsaKeys(2048)
const pssOnly = generateKeyPairSync('rsa-pss', {
  modulusLength: 2048,
  hashAlgorithm: 'sha256',
  mgf1HashAlgorithm: 'sha256',
  saltLength: 32,
} as never) as unknown as KeyPair
const ecdsa = (id: string, hash: string): SignatureKind => ({ id, hash })
const pkcs1 = (id: string, hash: string): SignatureKind => ({ id, hash, parameters: null })
const ed25519: SignatureKind = { id: '1.3.101.112', hash: null }

const good: Readonly<Record<string, readonly [KeyPair, SignatureKind]>> = {
  'rsa-pkcs1-sha256': [rsa, rsaWithSha256],
  'rsa-pkcs1-sha384': [rsa, pkcs1('1.2.840.113549.1.1.12', 'sha384')],
  'rsa-pkcs1-sha512': [rsa, pkcs1('1.2.840.113549.1.1.13', 'sha512')],
  'rsa-pkcs1-without-null': [rsa, { id: '1.2.840.113549.1.1.11', hash: 'sha256' }],
  'rsa-pss-sha256': [rsa, rsaPss('sha256')],
  'rsa-pss-sha512': [rsa, rsaPss('sha512')],
  'rsa-pss-by-a-key-for-nothing-else': [pssOnly, rsaPss('sha256')],
  'p256-sha256': [ecKeys('P-256'), ecdsaWithSha256],
  'p384-sha384': [ecKeys('P-384'), ecdsa('1.2.840.10045.4.3.3', 'sha384')],
  'p521-sha512': [ecKeys('P-521'), ecdsa('1.2.840.10045.4.3.4', 'sha512')],
  'p256-sha512': [ecKeys('P-256'), ecdsa('1.2.840.10045.4.3.4', 'sha512')],
  ed25519: [generateKeyPairSync('ed25519'), ed25519],
}

for (const [name, [keys, signature]] of Object.entries(good)) {
  test(`signatures/${name}`, async (t) => {
    const root = make({ ca: true, name: 'root', keys, signature })
    const leaf = make({ issuer: root, signature })
    await expectFindings(t, { leaf, anchors: [root] })
    // A single bit of what is signed, anywhere.
    const der = leaf.der.slice()
    const at = Math.floor(der.length / 3)
    der[at] = (der[at] as number) ^ 1
    const verdict = await ask({ leaf: { ...leaf, der }, anchors: [root] }).catch(() => undefined)
    t.not(verdict?.flags, 0)
  })
}

const { INSECURE, UNKNOWN_CA, GENERIC_ERROR } = TlsCertificateFlags

test('signatures/sha1-is-insecure-below-the-anchor', async (t) => {
  const sha1 = pkcs1('1.2.840.113549.1.1.5', 'sha1')
  const root = make({ ca: true, name: 'root', keys: rsa, signature: sha1 })
  const good = { leaf: make({ issuer: root, signature: rsaWithSha256 }), anchors: [root] }
  await expectFindings(t, good)
  const bad = { leaf: make({ issuer: root, signature: sha1 }), anchors: [root] }
  const { flags } = await expectFindings(t, bad, 'weak-signature 0')
  t.is(flags, INSECURE)
  const ec = make({ ca: true, name: 'ec' })
  const leaf = make({ issuer: ec, signature: ecdsa('1.2.840.10045.4.1', 'sha1') })
  await expectFindings(t, { leaf, anchors: [ec] }, 'weak-signature 0')
})

test('signatures/md5-is-insecure-and-proves-nothing', async (t) => {
  const md5 = pkcs1('1.2.840.113549.1.1.4', 'md5')
  const root = make({ ca: true, name: 'root', keys: rsa, signature: rsaWithSha256 })
  const question = { leaf: make({ issuer: root, signature: md5 }), anchors: [root] }
  const { flags } = await expectFindings(t, question, 'weak-signature 0', 'unsupported-signature 0')
  t.is(flags, INSECURE | UNKNOWN_CA | GENERIC_ERROR)
})

test('signatures/keys-that-are-too-short', async (t) => {
  const weak = [
    rsaKeys(1024),
    ecKeys('P-224'),
    generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  ]
  const root = make({ ca: true, name: 'root' })
  for (const keys of weak) {
    const question = { leaf: make({ issuer: root, keys: keys as KeyPair }), anchors: [root] }
    const { flags } = await expectFindings(t, question, 'weak-key 0')
    t.is(flags, INSECURE)
  }
  const short = make({
    ca: true,
    name: 'short',
    keys: weak[0] as KeyPair,
    signature: rsaWithSha256,
  })
  const question = { leaf: make({ issuer: short, signature: rsaWithSha256 }), anchors: [short] }
  await expectFindings(t, question, 'weak-key 1')
})

test('signatures/keys-that-are-not-known', async (t) => {
  const root = make({ ca: true, name: 'root' })
  for (const keys of [generateKeyPairSync('ed448'), ecKeys('secp256k1')]) {
    const question = { leaf: make({ issuer: root, keys }), anchors: [root] }
    const { flags } = await expectFindings(t, question, 'unsupported-key 0')
    t.is(flags, GENERIC_ERROR)
  }
})

test('signatures/algorithms-that-are-not-known', async (t) => {
  const root = make({ ca: true, name: 'root' })
  const unknown = { ...ecdsaWithSha256, id: '1.2.3.4' }
  const withParameters = { ...ecdsaWithSha256, parameters: null }
  for (const signature of [unknown, withParameters]) {
    const question = { leaf: make({ issuer: root, signature }), anchors: [root] }
    const { flags } = await expectFindings(t, question, 'unsupported-signature 0')
    t.is(flags, UNKNOWN_CA | GENERIC_ERROR)
  }
  const k1 = make({ ca: true, name: 'k1', keys: ecKeys('secp256k1') })
  const question = { leaf: make({ issuer: k1 }), anchors: [k1] }
  await expectFindings(t, question, 'unsupported-signature 0')
})

test('signatures/key-of-another-kind', async (t) => {
  const root = make({ ca: true, name: 'root' })
  const leaf = make({ issuer: { ...root, keys: rsa }, signature: rsaWithSha256 })
  await expectFindings(t, { leaf, anchors: [root] }, 'bad-signature 0')
})

test('signatures/absurdly-large-keys-are-not-tried', async (t) => {
  // The modulus is only looked at, so it need not be one.
  const root = make({ ca: true, name: 'root' })
  const modulus = [0x02, 0x82, 0x08, 0x01, 0, ...Array(2048).fill(0xff)]
  const key = [0x30, 0x82, 0x08, 0x0a, ...modulus, 0x02, 0x03, 1, 0, 1]
  const huge = make({
    ca: true,
    name: 'huge',
    issuer: root,
    change: (tbs) => {
      tbs.subjectPublicKeyInfo.algorithm.algorithm = '1.2.840.113549.1.1.1'
      tbs.subjectPublicKeyInfo.subjectPublicKey = Uint8Array.from(key).buffer
    },
  })
  const leaf = make({ issuer: { ...huge, keys: rsa }, signature: rsaWithSha256 })
  await expectFindings(t, { leaf, others: [huge], anchors: [root] }, 'unsupported-signature 0')
})
