import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { TlsCertificate, TlsError } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { encodeDer } from '#src/der-encoding.js'
import { readDer, Tag } from '#src/path-validation/der.js'
import { toPem } from '#src/pem.js'
import { ecKeys, type KeyPair, make } from './path-validation/support/certificate-maker.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const p256 = ecKeys()

// What node:crypto exports is what ours must be, byte by byte.
for (const [name, keys] of Object.entries<KeyPair>({
  rsa,
  'rsa-pss': pss,
  p256,
  p384: ecKeys('P-384'),
  p521: ecKeys('P-521'),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
})) {
  const { certificate, pkcs8 } = made(keys)
  for (const [form, pem] of formsOf(keys.privateKey)) {
    test(`private-key/${name}/${form}`, (t) => {
      const read = TlsCertificate.fromPem(certificate + pem)
      t.true(read.privateKeyPem === toPem('PRIVATE KEY', pkcs8))
      t.deepEqual(Buffer.from(read.privateKeyDer ?? []), pkcs8)
    })
  }
}

test('private-key/der-without-a-label', (t) => {
  for (const keys of [rsa, p256, pss]) {
    const certificate = TlsCertificate.fromPem(made(keys).certificate)
    for (const [, privateKey] of dersOf(keys.privateKey)) {
      const read = TlsCertificate.fromDerChain([certificate.der], { privateKey })
      t.deepEqual(Buffer.from(read.privateKeyDer ?? []), made(keys).pkcs8)
    }
    t.throws(
      () => TlsCertificate.fromDerChain([certificate.der], { privateKey: certificate.der }),
      {
        instanceOf: TlsError,
      },
    )
  }
})

test('private-key/sec1/curve-of-the-certificate', (t) => {
  const { certificate, pkcs8 } = made(p256)
  const parts = sec1Of(p256).filter(({ tag }) => tag !== 0xa0)
  const bare = sequence(...parts.map(({ bytes }) => bytes))
  t.deepEqual(keyOf(certificate, 'EC PRIVATE KEY', bare), pkcs8)
  // Nothing else names it.
  refused(t, made(rsa).certificate, 'EC PRIVATE KEY', bare, 'cannot be read')
})

test('private-key/sec1/without-public-key', (t) => {
  const { certificate } = made(p256)
  const parts = sec1Of(p256).filter(({ tag }) => tag !== 0xa1)
  const read = keyOf(certificate, 'EC PRIVATE KEY', sequence(...parts.map(({ bytes }) => bytes)))
  t.true(read.length > 0 && read.length < made(p256).pkcs8.length)
})

test('private-key/pkcs8/second-version-becomes-the-first', (t) => {
  // RFC 5958 §2: attributes and the public key may follow. Not all engines read that.
  const keys = generateKeyPairSync('ed25519')
  const { certificate, pkcs8 } = made(keys)
  const [, algorithm, content] = readDer(pkcs8).parts().rest()
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const extended = (key: Uint8Array) =>
    sequence(
      Uint8Array.of(Tag.INTEGER, 1, 1),
      algorithm?.bytes as Uint8Array,
      content?.bytes as Uint8Array,
      encodeDer(0x81, Uint8Array.of(0), key),
    )
  t.deepEqual(keyOf(certificate, 'PRIVATE KEY', extended(publicKey)), pkcs8)
  const other = Uint8Array.from(publicKey, (byte) => byte ^ 1)
  refused(t, certificate, 'PRIVATE KEY', extended(other), 'does not belong')
})

test('private-key/of-another-certificate', (t) => {
  const others: readonly [owner: KeyPair, key: KeyPair][] = [
    [rsa, generateKeyPairSync('rsa', { modulusLength: 2048 })],
    [rsa, p256],
    [p256, rsa],
    [p256, ecKeys()],
    [p256, ecKeys('P-384')],
    [p256, generateKeyPairSync('ed25519')],
    [generateKeyPairSync('ed25519'), generateKeyPairSync('ed448')],
  ]
  for (const [owner, key] of others) {
    for (const [, pem] of formsOf(key.privateKey)) {
      const text = made(owner).certificate + pem
      const error = t.throws<TlsError>(() => TlsCertificate.fromPem(text), { instanceOf: TlsError })
      t.is(error?.code, 'TLS_BAD_CERTIFICATE')
      t.is(error?.message, 'The private key does not belong to the certificate.')
    }
  }
})

test('private-key/kinds-that-are-not-read', (t) => {
  const { certificate, pkcs8 } = made(p256)
  refused(t, certificate, 'DSA PRIVATE KEY', pkcs8, 'no private key in PKCS #8, PKCS #1 or SEC 1')
  refused(t, certificate, 'OPENSSH PRIVATE KEY', pkcs8, 'no private key in PKCS #8')
  refused(t, certificate, 'RSA PRIVATE KEY', pkcs8, 'does not belong')
  refused(t, certificate, 'PRIVATE KEY', Buffer.concat([pkcs8, pkcs8]), 'cannot be read')
})

test('private-key/cut-and-changed-anywhere', (t) => {
  for (const keys of [rsa, p256]) {
    const { certificate, pkcs8 } = made(keys)
    for (const [form, der] of dersOf(keys.privateKey)) {
      for (let at = 0; at < der.length; at++) {
        const cut = attempt(certificate, form, der.subarray(0, at))
        t.true(cut instanceof TlsError, `${form} cut at ${at}`)
        const flipped = Uint8Array.from(der, (byte, place) => (place === at ? byte ^ 0x10 : byte))
        const read = attempt(certificate, form, flipped)
        // What is changed in the secret part cannot be told without arithmetic.
        const isKnown = read instanceof TlsError || Buffer.compare(read, pkcs8) !== 0
        t.true(isKnown, `${form} changed at ${at}`)
      }
    }
  }
})

/** A certificate of these keys, and the private one as node:crypto writes it. */
function made(keys: KeyPair): { readonly certificate: string; readonly pkcs8: Buffer } {
  const { der } = make({ issuer: make({ ca: true }), keys })
  const pkcs8 = keys.privateKey.export({ type: 'pkcs8', format: 'der' })
  return { certificate: toPem('CERTIFICATE', der), pkcs8 }
}

function formsOf(key: KeyObject): [form: string, pem: string][] {
  return dersOf(key).map(([label, der]) => [
    label.toLowerCase().replaceAll(' ', '-'),
    toPem(label, der),
  ])
}

function dersOf(key: KeyObject): [label: string, der: Buffer][] {
  const forms: [string, Buffer][] = [['PRIVATE KEY', key.export({ type: 'pkcs8', format: 'der' })]]
  if (key.asymmetricKeyType === 'rsa') {
    forms.push(['RSA PRIVATE KEY', key.export({ type: 'pkcs1', format: 'der' })])
  }
  if (key.asymmetricKeyType === 'ec') {
    forms.push(['EC PRIVATE KEY', key.export({ type: 'sec1', format: 'der' })])
  }
  return forms
}

function sec1Of({ privateKey }: KeyPair) {
  return readDer(privateKey.export({ type: 'sec1', format: 'der' }))
    .parts()
    .rest()
}

function sequence(...parts: Uint8Array[]): Uint8Array {
  return encodeDer(Tag.SEQUENCE, ...parts)
}

function keyOf(certificate: string, label: string, der: Uint8Array): Buffer {
  return Buffer.from(TlsCertificate.fromPem(certificate + toPem(label, der)).privateKeyDer ?? [])
}

function attempt(certificate: string, label: string, der: Uint8Array): Buffer | TlsError {
  try {
    return keyOf(certificate, label, der)
  } catch (error) {
    if (error instanceof TlsError && error.code === 'TLS_BAD_CERTIFICATE') return error
    throw error
  }
}

/** It must say why, and neither it nor a cause anything of the content. */
function refused(
  t: ExecutionContext,
  certificate: string,
  label: string,
  der: Uint8Array,
  why: string,
): void {
  const error = attempt(certificate, label, der)
  t.true(error instanceof TlsError && error.message.includes(why), String(error))
  t.is((error as TlsError).cause, undefined)
}
