import { inspect } from 'node:util'
import { GeneralName } from '@peculiar/asn1-x509'
import {
  BackendRegistry,
  type DerChainOptions,
  registerBackend,
  type TlsCapabilities,
  TlsCertificate,
  TlsCertificateFlags,
  TlsError,
  type TlsInteraction,
  TlsPasswordFlags,
} from '@tlsio/core'
import { noCapabilities, type OpenToken, type TokenOutcome } from '@tlsio/core/backend'
import test, { type ExecutionContext } from 'ava'
import { scanPem, toPem } from '#src/pem.js'
import {
  ecKeys,
  extension,
  make,
  NOW,
  withExtension,
  without,
  withValue,
} from './path-validation/support/certificate-maker.js'
import { ScriptedBackend } from './support/scripted-backend.js'

const SUBJECT_ALT_NAME = '2.5.29.17'
const root = make({ ca: true, name: 'root' })
const leaf = make({ issuer: root })
const keyPem = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const leafPem = toPem('CERTIFICATE', leaf.der)
const rootPem = toPem('CERTIFICATE', root.der)

test('certificate/key-is-shown-by-nothing', (t) => {
  const certificate = TlsCertificate.fromPem(leafPem + keyPem)
  const [, secret = ''] = keyPem.split('\n')
  const bytes = [...(certificate.privateKeyDer ?? [])].slice(40, 60).join(', ')
  const shown = [
    inspect(certificate, { showHidden: true, depth: Number.POSITIVE_INFINITY, getters: true }),
    inspect({ certificate }, { showHidden: true, depth: null, getters: true }),
    inspect(certificate, { showHidden: true, depth: null, customInspect: false }),
    inspect(structuredClone(certificate)),
    inspect(Object.entries(Object.getOwnPropertyDescriptors(certificate))),
    JSON.stringify(certificate),
    String(certificate),
    `${certificate}`,
  ]
  t.is(shown[0], 'TlsCertificate(CN=leaf)')
  for (const text of shown) t.false(text.includes(secret) || text.includes(bytes), text)
})

test('certificate/impostor-is-not-linked', (t) => {
  const impostor = make({ ca: true, name: 'root', keys: ecKeys() })
  const pem = toPem('CERTIFICATE', impostor.der)
  t.is(TlsCertificate.fromPem(leafPem + pem).issuer, null)
  t.is(TlsCertificate.fromPem(leafPem + rootPem).issuer?.subjectName, 'CN=root')
})

test('certificate/root-twice', (t) => {
  // Sloppy files have it; dropping all issuers for that would help nobody.
  t.is(TlsCertificate.fromPem(leafPem + rootPem + rootPem).chain().length, 3)
})

test('certificate/alternative-names', (t) => {
  const names = (change: NonNullable<Parameters<typeof make>[0]>['change']) => {
    const { dnsNames, ipAddresses } = TlsCertificate.fromDer(make({ change: change as never }).der)
    return [...dnsNames, ...ipAddresses]
  }
  t.deepEqual(names(without(SUBJECT_ALT_NAME)), [])
  t.deepEqual(names(withValue(SUBJECT_ALT_NAME, Uint8Array.of(0x30, 0))), [])
  // Unreadable: for nobody.
  t.deepEqual(names(withValue(SUBJECT_ALT_NAME, Uint8Array.of(0x30, 9))), [])
  t.deepEqual(names(withValue(SUBJECT_ALT_NAME, Uint8Array.of(0x04, 0))), [])
  // RFC 5280 §4.2 forbids a second one; the first counts.
  const second = extension(SUBJECT_ALT_NAME, Uint8Array.of(0x30, 3, 0x82, 1, 0x62))
  t.deepEqual(names(withExtension(second)), ['a.test'])
  const addresses = [0, 3, 4, 5, 8, 15, 16, 17, 32]
  const value = addresses.flatMap((length) => [0x87, length, ...new Array(length).fill(1)])
  t.deepEqual(names(withValue(SUBJECT_ALT_NAME, Uint8Array.of(0x30, 0x76, ...value))), [
    '1.1.1.1',
    '101:101:101:101:101:101:101:101',
  ])
})

test('certificate/addresses-are-canonical', (t) => {
  const spellings = { '2001:0db8:0:0:1:0:0:1': '2001:db8::1:0:0:1', '::1': '::1' }
  for (const [iPAddress, canonical] of Object.entries(spellings)) {
    const { der } = make({ names: [new GeneralName({ iPAddress })] })
    t.deepEqual(TlsCertificate.fromDer(der).ipAddresses, [canonical])
  }
})

test('certificate/validity', (t) => {
  for (const [notBefore, notAfter] of [
    ['1950-01-01T00:00:00.000Z', '2049-12-31T23:59:59.000Z'],
    ['2049-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z'],
    ['2051-02-28T12:00:00.000Z', '9999-12-31T23:59:59.000Z'],
  ] as const) {
    const certificate = TlsCertificate.fromDer(make({ notBefore, notAfter }).der)
    t.is(certificate.notBefore.toISOString(), notBefore)
    t.is(certificate.notAfter.toISOString(), notAfter)
  }
})

test('certificate/validity-that-is-no-time', (t) => {
  const at = Buffer.from(leaf.der).indexOf('200101000000Z')
  for (const text of ['201301000000Z', '200230000000Z', '200101240000Z', 'xx0101000000Z']) {
    const der = Buffer.from(leaf.der)
    der.write(text, at)
    refused(t, () => TlsCertificate.fromDer(der))
  }
})

test('certificate/verify/remembers-no-verdict', async (t) => {
  const certificate = TlsCertificate.fromPem(leafPem + rootPem)
  const trustedCa = certificate.issuer ?? undefined
  const flags = (time: string) => certificate.verify({ trustedCa, time: Date.parse(time) })
  t.is(await flags('2026-01-01T00:00:00Z'), 0)
  t.is(await flags('2010-01-01T00:00:00Z'), TlsCertificateFlags.NOT_ACTIVATED)
  t.is(await flags('2026-01-01T00:00:00Z'), 0)
  const signature = Buffer.from(leaf.der)
  signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1)
  t.not(await TlsCertificate.fromDer(signature).verify({ trustedCa, time: NOW }), 0)
})

test('certificate/verify/what-it-is-for-does-not-count', async (t) => {
  const trustedCa = TlsCertificate.fromDer(root.der)
  const forClients = make({ issuer: root, purposes: ['1.3.6.1.5.5.7.3.2'] })
  t.is(await TlsCertificate.fromDer(forClients.der).verify({ trustedCa, time: NOW }), 0)
  const ca = make({ issuer: root, ca: true })
  t.is(await TlsCertificate.fromDer(ca.der).verify({ trustedCa, time: NOW }), 0)
  t.is(await trustedCa.verify({ trustedCa, time: NOW }), 0)
})

test('certificate/verify/an-issuer-must-be-one', async (t) => {
  const below = make({ issuer: leaf })
  const certificate = TlsCertificate.fromDerChain([below.der, leaf.der])
  const trustedCa = TlsCertificate.fromDer(root.der)
  t.not(await certificate.verify({ trustedCa, time: NOW }), 0)
})

test('certificate/pkcs11/names-who-can', async (t) => {
  const code = 'TLS_NOT_SUPPORTED'
  const refusing = new ScriptedBackend()
  const reading = () => refusing.loadPkcs11Certificate('pkcs11:object=a?pin-value=1234')
  await t.throwsAsync(reading, { code, message: /"scripted" .*no registered one has it/ })
  const supports: TlsCapabilities = { ...noCapabilities, pkcs11: true }
  const create = () => new BackendRegistry().getDefault()
  registerBackend({ name: 'tokens', priority: -50, supports, create })
  const error = await t.throwsAsync(reading, { code, message: /have it: "tokens"/ })
  t.notRegex(String(error), /1234/)
})

test('certificate/pkcs11/by-the-default-backend', async (t) => {
  const backend = new TokenBackend()
  registerBackend({ name: 'scripted', priority: 1, create: () => backend })
  const certificate = await TlsCertificate.fromPkcs11Uris('pkcs11:object=a', 'pkcs11:object=b')
  t.deepEqual(certificate.der, leaf.der)
  t.is(certificate.privateKeyPkcs11Uri, 'pkcs11:object=b')
  t.is((await TlsCertificate.fromPkcs11Uris('pkcs11:object=a')).privateKeyPkcs11Uri, null)
})

test('certificate/pkcs11/key-stays-where-it-is', async (t) => {
  const uri = 'pkcs11:token=mine;object=a?pin-value=1234'
  const certificate = await new TokenBackend().loadPkcs11Certificate(uri)
  t.is(certificate.pkcs11Uri, uri)
  t.is(certificate.privateKeyPkcs11Uri, null)
  t.true(certificate.hasPrivateKey)
  t.is(certificate.privateKeyDer, undefined)
  t.is(certificate.privateKeyPem, undefined)
  t.is(certificate.issuer?.subjectName, 'CN=root')
  t.false(certificate.issuer?.hasPrivateKey)
  t.is(TlsCertificate.tokenKeyUriOf(certificate), uri)
  const shown = [
    inspect(certificate, { showHidden: true, depth: null }),
    JSON.stringify(certificate),
  ]
  for (const text of [...shown, String(certificate)]) t.notRegex(text, /1234/)
})

test('certificate/pkcs11/where-the-key-is', async (t) => {
  const [pkcs11Uri, privateKeyPkcs11Uri] = ['pkcs11:object=a', 'pkcs11:object=b']
  const keyOf = (options: DerChainOptions) =>
    TlsCertificate.tokenKeyUriOf(TlsCertificate.fromDerChain([leaf.der], options))
  t.is(keyOf({ pkcs11Uri }), pkcs11Uri)
  t.is(keyOf({ privateKeyPkcs11Uri }), privateKeyPkcs11Uri)
  t.is(keyOf({ pkcs11Uri, privateKeyPkcs11Uri }), privateKeyPkcs11Uri)
  const { privateKeyDer: privateKey } = TlsCertificate.fromPem(leafPem + keyPem)
  t.is(keyOf({ pkcs11Uri, privateKey }), undefined)
  t.is(keyOf({ pkcs11Uri: null, privateKeyPkcs11Uri: null }), undefined)
  const settings = await Promise.all(
    [{ pkcs11Uri }, { privateKeyPkcs11Uri }, {}].map((options) =>
      TlsCertificate.settingsKeyOf(TlsCertificate.fromDerChain([leaf.der], options)),
    ),
  )
  t.is(new Set(settings).size, 3)
})

test('certificate/pkcs11/wrong-arguments', async (t) => {
  const wrong = { instanceOf: TypeError }
  const { privateKeyDer: privateKey } = TlsCertificate.fromPem(leafPem + keyPem)
  const privateKeyPkcs11Uri = 'pkcs11:object=a'
  const both = { privateKey, privateKeyPkcs11Uri }
  t.throws(() => TlsCertificate.fromDerChain([leaf.der], both), wrong)
  const backend = new TokenBackend()
  for (const uri of ['file:1234', '', 1234, {}] as never[]) {
    const errors = [
      t.throws(() => TlsCertificate.fromDerChain([leaf.der], { pkcs11Uri: uri }), wrong),
      t.throws(() => TlsCertificate.fromDerChain([leaf.der], { privateKeyPkcs11Uri: uri }), wrong),
      await t.throwsAsync(backend.loadPkcs11Certificate(uri), wrong),
      await t.throwsAsync(
        backend.loadPkcs11Certificate(privateKeyPkcs11Uri, { privateKeyPkcs11Uri: uri }),
        wrong,
      ),
    ]
    for (const error of errors) t.notRegex(String(error), /1234/)
  }
  const interaction = 'ask me' as never
  const loading = backend.loadPkcs11Certificate(privateKeyPkcs11Uri, { interaction })
  await t.throwsAsync(loading, wrong)
})

test('certificate/pkcs11/pin-asked-for-a-hidden-certificate', async (t) => {
  const interaction: TlsInteraction = {
    async askPassword(password) {
      t.is(password.flags, TlsPasswordFlags.PKCS11_USER)
      password.setValue('1234')
      return 'handled'
    },
  }
  const backend = new TokenBackend('1234')
  const uri = 'pkcs11:object=a'
  await t.throwsAsync(backend.loadPkcs11Certificate(uri), { code: 'TLS_BAD_CERTIFICATE_PASSWORD' })
  t.deepEqual((await backend.loadPkcs11Certificate(uri, { interaction })).der, leaf.der)
  const signal = AbortSignal.abort(new Error('no longer'))
  const loading = backend.loadPkcs11Certificate(uri, { interaction, signal })
  t.is(await t.throwsAsync(loading), signal.reason)
})

/** Has the leaf and its root in a token, which may want a PIN. */
class TokenBackend extends ScriptedBackend {
  override readonly supports: TlsCapabilities = { ...noCapabilities, pkcs11: true }
  readonly #pin: string | undefined

  constructor(pin?: string) {
    super()
    this.#pin = pin
  }

  protected override readPkcs11Certificate(uri: string, openToken: OpenToken) {
    return openToken(uri, (_, pin): TokenOutcome<Uint8Array[]> => {
      const given = pin && new TextDecoder().decode(pin.value)
      if (given === this.#pin) return { opened: [leaf.der, root.der] }
      const flags = TlsPasswordFlags.PKCS11_USER
      return { wants: { token: 'pkcs11:token=mine', label: 'mine', flags } }
    })
  }
}

test('certificate/wrong-arguments', (t) => {
  const wrong = { instanceOf: TypeError }
  for (const value of [undefined, null, 1, {}, new ArrayBuffer(4)]) {
    t.throws(() => TlsCertificate.fromPem(value as never), wrong)
    t.throws(() => TlsCertificate.listFromPem(value as never), wrong)
    t.throws(() => TlsCertificate.fromDer(value as never), wrong)
  }
})

test('certificate/cut-at-every-byte', (t) => {
  for (let length = 0; length < leaf.der.length; length++) {
    refused(t, () => TlsCertificate.fromDer(leaf.der.subarray(0, length)))
  }
  const text = leafPem + keyPem
  for (let length = 0; length < text.length - 1; length++) {
    const isCertificateAlone = length >= leafPem.length - 1 && length < leafPem.length + 27
    if (isCertificateAlone) t.notThrows(() => TlsCertificate.fromPem(text.slice(0, length)))
    else refused(t, () => TlsCertificate.fromPem(text.slice(0, length)))
  }
})

test('certificate/huge-and-deep', (t) => {
  const huge = new Uint8Array(8 << 20)
  huge.set([0x30, 0x84, 0, 0x7f, 0xff, 0xfa])
  const deep = new Uint8Array(100_000).fill(0x30)
  const nested = new Uint8Array(100_000).fill(0x80)
  for (const der of [huge, deep, nested]) refused(t, () => TlsCertificate.fromDer(der))
})

test('pem/many-that-begin-and-never-end', (t) => {
  const text = '-----BEGIN CERTIFICATE-----\n'.repeat(200_000)
  const started = process.cpuUsage().user
  t.is(scanPem(text).length, 200_000)
  refused(t, () => TlsCertificate.fromPem(text))
  // Looking for the end of each of them by itself takes minutes.
  t.true(process.cpuUsage().user - started < 20e6)
})

test('pem/blocks', (t) => {
  const [whole, crossed, open] = scanPem(
    'x-----BEGIN A-----\r\nAQID\r\n-----END A-----y-----BEGIN B-----\nAQ==-----END C-----BEGIN D-----',
  )
  t.deepEqual(whole, {
    label: 'A',
    der: Uint8Array.of(1, 2, 3),
    text: '-----BEGIN A-----\nAQID\n-----END A-----\n',
  })
  t.is(crossed?.label, 'B')
  t.is(crossed?.der, undefined)
  t.is(open, undefined)
})

/** The message of the error, which must have this code. */
function refused(t: ExecutionContext, read: () => unknown, code = 'TLS_BAD_CERTIFICATE'): string {
  try {
    read()
  } catch (error) {
    if (!(error instanceof TlsError)) throw error
    t.is(error.code, code as TlsError['code'])
    return error.message
  }
  t.fail('Nothing was thrown.')
  return ''
}
