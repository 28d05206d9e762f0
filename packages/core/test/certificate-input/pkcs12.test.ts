import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { TlsCertificate } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { type KeyPair, make } from '../path-validation/support/certificate-maker.js'
import { container } from './support/container-maker.js'
import { testWith } from './support/tools.js'

const password = 'secret'
const ca = make({ ca: true, name: 'ca' })
const leaf = make({ issuer: ca })
const other = make({ issuer: ca, name: 'other' })
const key = pkcs8(leaf.keys)

test('pkcs12/leaf/by-public-key-whatever-the-order', async (t) => {
  const bytes = container({ certificates: [ca.der, other.der, leaf.der], keys: [key] })
  const certificate = await TlsCertificate.fromPkcs12(bytes)
  t.deepEqual(ders(certificate), [leaf.der, ca.der].map(toHex))
})

test('pkcs12/leaf/key-without-public-key', async (t) => {
  // Some programs leave out what can be computed.
  const short = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
  const { d, ...rest } = short.export({ format: 'jwk' })
  t.truthy(d)
  t.truthy(rest.x)
  const bytes = container({
    certificates: [other.der, leaf.der],
    keys: [withoutPublicKey(Buffer.from(d as string, 'base64url'))],
  })
  t.is((await TlsCertificate.fromPkcs12(bytes)).subjectName, 'CN=leaf')
})

test('pkcs12/leaf/local-key-id-does-not-outweigh-the-public-key', async (t) => {
  const bytes = container({
    certificates: [
      { der: other.der, id: 'same' },
      { der: leaf.der, id: 'else' },
    ],
    keys: [{ der: key, id: 'same' }],
  })
  t.is((await TlsCertificate.fromPkcs12(bytes)).subjectName, 'CN=leaf')
})

test('pkcs12/leaf/local-key-id-decides-between-two-of-one-key', async (t) => {
  const renewed = make({ issuer: ca, name: 'renewed', keys: leaf.keys })
  const bytes = container({
    certificates: [
      { der: leaf.der, id: 'old' },
      { der: renewed.der, id: 'new' },
    ],
    keys: [{ der: key, id: 'new' }],
  })
  t.is((await TlsCertificate.fromPkcs12(bytes)).subjectName, 'CN=renewed')
})

test('pkcs12/leaf/key-of-none-of-them', async (t) => {
  const bytes = container({ certificates: [other.der, ca.der], keys: [key] })
  await t.throwsAsync(TlsCertificate.fromPkcs12(bytes), { code: 'TLS_BAD_CERTIFICATE' })
})

test('pkcs12/leaf/second-key-has-the-certificate', async (t) => {
  const bytes = container({ certificates: [other.der], keys: [key, pkcs8(other.keys)] })
  t.is((await TlsCertificate.fromPkcs12(bytes)).subjectName, 'CN=other')
})

test('pkcs12/chain/issuer-by-key-identifier-among-namesakes', async (t) => {
  const namesake = make({ ca: true, name: 'ca' })
  const bytes = container({ certificates: [leaf.der, namesake.der, ca.der], keys: [key] })
  t.deepEqual(ders(await TlsCertificate.fromPkcs12(bytes)), [leaf.der, ca.der].map(toHex))
})

test('pkcs12/chain/circle-ends', async (t) => {
  const one = make({ ca: true, name: 'one' })
  const two = make({ ca: true, name: 'two', issuer: one })
  const oneByTwo = make({ ca: true, name: 'one', keys: one.keys, issuer: two })
  const end = make({ issuer: two })
  const bytes = container({
    certificates: [end.der, two.der, oneByTwo.der],
    keys: [pkcs8(end.keys)],
  })
  t.is((await TlsCertificate.fromPkcs12(bytes)).chain().length, 3)
})

test('pkcs12/protected-by/pbmac1', async (t) => {
  const mac = { password, iterations: 1000 }
  const bytes = container({ certificates: [leaf.der], keys: [key], mac, encryption: mac })
  t.is((await TlsCertificate.fromPkcs12(bytes, { password })).subjectName, 'CN=leaf')
  const wrong = TlsCertificate.fromPkcs12(bytes, { password: 'wrong' })
  await t.throwsAsync(wrong, { code: 'TLS_BAD_CERTIFICATE_PASSWORD' })
})

test('pkcs12/password/another-one-for-the-content', async (t) => {
  const bytes = container({
    certificates: [leaf.der],
    keys: [key],
    mac: { password, iterations: 1 },
    encryption: { password: 'other', iterations: 1 },
  })
  const reading = TlsCertificate.fromPkcs12(bytes, { password })
  await t.throwsAsync(reading, { code: 'TLS_BAD_CERTIFICATE_PASSWORD' })
})

test('pkcs12/password/bytes-stay-as-they-are', async (t) => {
  const bytes = Buffer.from(password)
  const mac = { password, iterations: 1 }
  await TlsCertificate.fromPkcs12(container({ certificates: [leaf.der], keys: [key], mac }), {
    password: bytes,
  })
  t.is(bytes.toString(), password)
})

test('pkcs12/secrets-are-not-shown', async (t) => {
  const encryption = { password, iterations: 1 }
  const bytes = container({ certificates: [leaf.der], keys: [key], encryption })
  const certificate = await TlsCertificate.fromPkcs12(bytes, { password })
  t.notRegex(inspect(certificate, { depth: 9, showHidden: true }), /PRIVATE KEY|secret/)
  const reading = TlsCertificate.fromPkcs12(bytes, { password: 'other secret' })
  const error = await t.throwsAsync(reading)
  t.notRegex(inspect(error, { depth: 9, showHidden: true }), /other secret/)
})

const kinds = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'p-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  secp256k1: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
  ed25519: ['-algorithm', 'ED25519'],
  ed448: ['-algorithm', 'ED448'],
}

/** What `openssl pkcs12 -export` can be told, by the name of a case. */
const protections: Readonly<Record<string, readonly string[]>> = {
  default: [],
  legacy: ['-legacy'],
  descert: ['-legacy', '-descert'],
  'aes-128': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC'],
  'aes-192': ['-keypbe', 'AES-192-CBC', '-certpbe', 'AES-192-CBC'],
  'pbes2-3des': ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC'],
  '2-key-3des': ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES'],
  'rc2-128': ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128'],
  'mac-sha-1': ['-macalg', 'sha1'],
  'mac-sha-384': ['-macalg', 'sha384'],
  'mac-sha-512': ['-macalg', 'sha512'],
  'no-mac': ['-nomac'],
  'nothing-encrypted': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
}

for (const [name, options] of Object.entries(protections)) {
  testWith('openssl', `pkcs12/openssl/${name}`, async (t, { folder, run }) => {
    writeFileSync(join(folder, 'in.pem'), pemOf(leaf))
    writeFileSync(join(folder, 'ca.pem'), toPem('CERTIFICATE', ca.der))
    run(
      ...['pkcs12', '-export', '-in', 'in.pem', '-certfile', 'ca.pem', '-out', 'out.p12'],
      ...['-passout', `pass:${password}`, ...options],
    )
    const certificate = await readAll(t, join(folder, 'out.p12'))
    t.deepEqual(ders(certificate), [leaf.der, ca.der].map(toHex))
  })
}

testWith('openssl', 'pkcs12/openssl/600000-iterations', async (t, { folder, run }) => {
  writeFileSync(join(folder, 'in.pem'), pemOf(leaf))
  const locked = ['-passout', `pass:${password}`, '-iter', '600000']
  run('pkcs12', '-export', '-in', 'in.pem', '-out', 'out.p12', ...locked)
  const bytes = readFileSync(join(folder, 'out.p12'))
  checkKey(t, await TlsCertificate.fromPkcs12(bytes, { password }))
})

testWith('openssl', 'pkcs12/openssl/rc4-is-refused', async (t, { folder, run }) => {
  writeFileSync(join(folder, 'in.pem'), pemOf(leaf))
  const cipher = ['-legacy', '-keypbe', 'PBE-SHA1-RC4-128', '-certpbe', 'NONE']
  const locked = ['-passout', `pass:${password}`, ...cipher]
  run('pkcs12', '-export', '-in', 'in.pem', '-out', 'out.p12', ...locked)
  const reading = TlsCertificate.fromPkcs12(readFileSync(join(folder, 'out.p12')), { password })
  await t.throwsAsync(reading, { code: 'TLS_BAD_CERTIFICATE', message: /not supported/ })
})

for (const [kind, options] of Object.entries(kinds)) {
  testWith('openssl', `pkcs12/openssl/key/${kind}`, async (t, { folder, run }) => {
    run('genpkey', ...options, '-out', 'key.pem')
    run('req', '-x509', '-key', 'key.pem', '-subj', '/CN=it', '-out', 'it.pem')
    const files = ['-inkey', 'key.pem', '-in', 'it.pem', '-out', 'out.p12']
    run('pkcs12', '-export', ...files, '-passout', `pass:${password}`)
    await readAll(t, join(folder, 'out.p12'))
  })
}

for (const [name, options] of Object.entries({
  rsa: ['-keyalg', 'RSA'],
  ec: ['-keyalg', 'EC'],
  legacy: ['-keyalg', 'RSA', '-J-Dkeystore.pkcs12.legacy'],
})) {
  testWith('keytool', `pkcs12/keytool/${name}`, async (t, { folder, run }) => {
    const store = ['-keystore', 'out.p12', '-storetype', 'PKCS12', '-storepass', password]
    run('-genkeypair', '-alias', 'it', '-dname', 'CN=it', ...store, ...options)
    await readAll(t, join(folder, 'out.p12'))
  })
}

for (const cipher of ['aes-128', 'aes-256', '3des-pkcs12', 'rc2-40']) {
  testWith('certtool', `pkcs12/certtool/${cipher}`, async (t, { folder, run }) => {
    writeFileSync(join(folder, 'key.pem'), toPem('PRIVATE KEY', key))
    writeFileSync(join(folder, 'it.pem'), toPem('CERTIFICATE', leaf.der))
    const files = ['--load-privkey', 'key.pem', '--load-certificate', 'it.pem']
    const locked = ['--password', password, '--p12-name', 'it', '--pkcs-cipher', cipher]
    run('--to-p12', '--outder', ...files, ...locked, '--outfile', 'out.p12')
    await readAll(t, join(folder, 'out.p12'))
  })
}

for (const [name, options] of Object.entries({
  'aes-128-sha-1': ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1'],
  'aes-192-sha-384': ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA384'],
  'aes-256-sha-512': ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
  '3des': ['-v2', 'des3'],
  'pkcs12-3des': ['-v1', 'PBE-SHA1-3DES'],
  '600000-iterations': ['-iter', '600000'],
})) {
  testWith('openssl', `encrypted-pem/openssl/${name}`, async (t, { folder, run }) => {
    writeFileSync(join(folder, 'key.pem'), toPem('PRIVATE KEY', key))
    const locked = ['-passout', `pass:${password}`, ...options]
    run('pkcs8', '-topk8', '-in', 'key.pem', '-out', 'locked.pem', ...locked)
    const text =
      readFileSync(join(folder, 'locked.pem'), 'latin1') +
      pemOf(leaf).split('-----BEGIN PRIVATE')[0]
    checkKey(t, await TlsCertificate.fromEncryptedPem(text, { password }))
  })
}

/** With its password, and not with others. */
async function readAll(t: ExecutionContext, path: string): Promise<TlsCertificate> {
  const bytes = readFileSync(path)
  const certificate = await TlsCertificate.fromPkcs12(bytes, { password })
  checkKey(t, certificate)
  const wrong = TlsCertificate.fromPkcs12(bytes, { password: `${password}!` })
  await t.throwsAsync(wrong, { code: 'TLS_BAD_CERTIFICATE_PASSWORD' })
  return certificate
}

function checkKey(t: ExecutionContext, certificate: TlsCertificate): void {
  const pem = certificate.privateKeyPem
  t.true(new X509Certificate(certificate.pem).checkPrivateKey(createPrivateKey(pem as string)))
}

/** RFC 5915 without what is optional. */
function withoutPublicKey(secret: Uint8Array): Uint8Array {
  const head = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'
  return Buffer.concat([Buffer.from(head, 'hex'), secret])
}

function ders(certificate: TlsCertificate): string[] {
  return certificate.chain().map(({ der }) => toHex(der))
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function pkcs8({ privateKey }: KeyPair): Uint8Array {
  return privateKey.export({ format: 'der', type: 'pkcs8' })
}

function pemOf({ der, keys }: { readonly der: Uint8Array; readonly keys: KeyPair }): string {
  return toPem('CERTIFICATE', der) + toPem('PRIVATE KEY', pkcs8(keys))
}

function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
