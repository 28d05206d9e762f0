import { TlsCertificate } from '@tlsio/core'
import { equal, ok, rejects, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import * as fixtures from '../fixtures/fixtures.js'
import { bytesFromBase64, certificateOf } from '../fixtures/load.js'

const source = 'GIO g_tls_certificate_new_from_pkcs12()'
const pem = 'TlsCertificate.fromEncryptedPem'
const { forA, viaIntermediate, withEcKey, withEd25519Key } = fixtures

/** Containers of the same certificate and key, each protected in another way. */
const protections: readonly (readonly [title: string, container: string])[] = [
  ['aes-256-and-sha-256', fixtures.pkcs12],
  ['aes-128-and-sha-1', fixtures.pkcs12Aes128],
  ['aes-192-and-sha-512', fixtures.pkcs12Aes192],
  ['rc2-and-3des', fixtures.pkcs12Legacy],
  ['600000-iterations', fixtures.pkcs12Slow],
  ['no-mac', fixtures.pkcs12WithoutMac],
  ['certificate-in-the-clear', fixtures.pkcs12OpenCertificate],
]

/** Reads a container of the fixtures. */
function read(base64: string, password?: string | Uint8Array): Promise<TlsCertificate> {
  return TlsCertificate.fromPkcs12(bytesFromBase64(base64), { password })
}

function isFixture(certificate: TlsCertificate, fixture: fixtures.CertificateFixture): void {
  ok(certificate.isSame(certificateOf(fixture)), 'it is the certificate')
  ok(certificate.hasPrivateKey, 'its key is there')
}

const cases: readonly ConformanceCase[] = [
  ...protections.map(([title, container]) => ({
    title: `protected-by/${title}`,
    source: `${source}: the certificate and its key`,
    async run() {
      isFixture(await read(container, 'secret'), forA)
    },
  })),
  ...(
    [
      ['ec', fixtures.pkcs12Ec, withEcKey],
      ['ed25519', fixtures.pkcs12Ed25519, withEd25519Key],
    ] as const
  ).map(([title, container, fixture]) => ({
    title: `key/${title}`,
    source: `${source}: the certificate and its key`,
    async run() {
      isFixture(await read(container, 'secret'), fixture)
    },
  })),
  {
    title: 'key/works-in-a-handshake',
    source: `${source}: the certificate and its key`,
    requires: ({ client, server }) => client.client && server.server,
    async run(context) {
      const version = context.client.supports.protocolVersions.find((one) =>
        context.server.supports.protocolVersions.includes(one),
      )
      const range = { minVersion: version, maxVersion: version }
      const certificate = await read(fixtures.pkcs12, 'secret')
      const { client } = await context.connect({ client: range, server: { ...range, certificate } })
      ok(client.peerCertificate?.isSame(certificate) === true, 'it arrives')
    },
  },
  {
    title: 'chain/issuers-are-linked',
    source: `${source}: other certificates become the issuer chain`,
    async run() {
      const certificate = await read(fixtures.pkcs12Chain, 'secret')
      isFixture(certificate, viaIntermediate)
      const issuer = certificateOf(viaIntermediate).issuer
      ok(issuer !== null && certificate.issuer?.isSame(issuer) === true, 'its issuer is linked')
      const root = TlsCertificate.fromPem(fixtures.testCa)
      ok(certificate.issuer.issuer?.isSame(root) === true, 'and the issuer of that')
    },
  },
  {
    title: 'chain/what-does-not-belong-to-it-is-left-out',
    source: `${source}: other certificates become the issuer chain`,
    async run() {
      equal((await read(fixtures.pkcs12Chain, 'secret')).chain().length, 3, 'The chain')
      equal((await read(fixtures.pkcs12, 'secret')).issuer, null, 'The issuer of one alone')
    },
  },
  {
    title: 'password/wrong',
    source: `${source}: a wrong password is bad-certificate-password`,
    async run() {
      for (const [title, container] of protections) {
        if (container === fixtures.pkcs12Slow) continue
        await rejects(read(container, 'wrong'), { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }, title)
      }
    },
  },
  {
    title: 'password/missing',
    source: `${source}: a missing password is bad-certificate-password`,
    async run() {
      for (const container of [fixtures.pkcs12, fixtures.pkcs12Legacy, fixtures.pkcs12WithoutMac]) {
        await rejects(read(container), { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }, 'Without one')
        await rejects(read(container, ''), { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }, 'With ""')
      }
    },
  },
  {
    title: 'password/empty-or-none',
    source: `${source}; RFC 7292 Appendix B.1`,
    async run() {
      isFixture(await read(fixtures.pkcs12EmptyPassword, ''), forA)
      isFixture(await read(fixtures.pkcs12EmptyPassword), forA)
    },
  },
  {
    title: 'password/not-ascii',
    source: `${source}; RFC 7292 Appendix B.1`,
    async run() {
      isFixture(await read(fixtures.pkcs12NonAscii, 'pässwörd €'), forA)
      isFixture(await read(fixtures.pkcs12NonAsciiLegacy, 'pässwörd €'), forA)
    },
  },
  {
    title: 'password/as-bytes',
    source: 'TlsCertificate.fromPkcs12',
    async run() {
      const password = bytesOf('secret')
      const reading = read(fixtures.pkcs12Legacy, password)
      // It is copied at the call, so that the caller may clear it.
      password.fill(0)
      isFixture(await reading, forA)
    },
  },
  {
    title: 'password/and-key-are-not-shown',
    source: 'TlsError: never keys or passwords',
    async run() {
      const error = await rejects(read(fixtures.pkcs12, 'not-to-be-shown'), {}, 'Reading')
      const { message, stack, cause } = error as Error
      const shown = `${message} ${stack} ${String(cause)} ${JSON.stringify(error)}`
      ok(!shown.includes('not-to-be-shown'), 'the password is not shown')
      const certificate = await read(fixtures.pkcs12, 'secret')
      ok(!/KEY/.test(`${certificate} ${JSON.stringify(certificate)}`), 'the key is not shown')
    },
  },
  {
    title: 'without-key',
    source: `${source}: both certificate and key must be there`,
    async run() {
      const reading = read(fixtures.pkcs12WithoutKey, 'secret')
      await rejects(reading, { code: 'TLS_BAD_CERTIFICATE' }, 'Reading it')
    },
  },
  {
    title: 'without-certificate',
    source: `${source}: both certificate and key must be there`,
    async run() {
      const reading = read(fixtures.pkcs12WithoutCertificate, 'secret')
      await rejects(reading, { code: 'TLS_BAD_CERTIFICATE' }, 'Reading it')
    },
  },
  {
    title: 'damaged',
    source: `${source}: other failures are bad-certificate`,
    async run() {
      const bytes = bytesFromBase64(fixtures.pkcs12)
      const inputs = [
        bytes.subarray(0, bytes.length / 2),
        new Uint8Array(0),
        bytesOf('no container'),
        bytesOf(forA.certificate),
      ]
      for (const input of inputs) {
        const reading = TlsCertificate.fromPkcs12(input, { password: 'secret' })
        await rejects(reading, { code: 'TLS_BAD_CERTIFICATE' }, 'Reading it')
      }
    },
  },
  {
    title: 'absurd-iterations',
    source: 'TlsCertificate.fromPkcs12: work is bounded',
    async run() {
      const bytes = bytesFromBase64(fixtures.pkcs12Slow)
      // INTEGER 600000 becomes 8388607.
      const at = bytes.findIndex((_, start) =>
        [2, 3, 9, 0x27, 0xc0].every((byte, next) => bytes[start + next] === byte),
      )
      ok(at > 0, 'the number is found')
      bytes.set([0x7f, 0xff, 0xff], at + 2)
      // A MAC, which would tell of the change before, is made without many iterations.
      const withoutMac = withoutMacOf(bytes)
      const reading = TlsCertificate.fromPkcs12(withoutMac, { password: 'secret' })
      await rejects(reading, { code: 'TLS_BAD_CERTIFICATE' }, 'Reading it')
    },
  },
  {
    title: 'wrong-arguments',
    source: 'TlsCertificate.fromPkcs12',
    async run() {
      const text = TlsCertificate.fromPkcs12(fixtures.pkcs12 as never)
      await rejects(text, { name: 'TypeError' }, 'Text')
      await rejects(read(fixtures.pkcs12, 5 as never), { name: 'TypeError' }, 'A number')
    },
  },
  {
    title: 'encrypted-pem/with-its-password',
    source: pem,
    async run() {
      for (const key of [fixtures.encryptedKey, fixtures.encryptedKeyLegacy]) {
        const one = await TlsCertificate.fromEncryptedPem(forA.certificate + key, {
          password: 'secret',
        })
        isFixture(one, forA)
        const bytes = bytesOf(forA.certificate + key)
        isFixture(
          await TlsCertificate.fromEncryptedPem(bytes, { password: bytesOf('secret') }),
          forA,
        )
      }
    },
  },
  {
    title: 'encrypted-pem/wrong-or-missing-password',
    source: pem,
    async run() {
      const expected = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }
      for (const key of [fixtures.encryptedKey, fixtures.encryptedKeyLegacy]) {
        const text = forA.certificate + key
        for (const password of ['wrong', '', undefined]) {
          await rejects(TlsCertificate.fromEncryptedPem(text, { password }), expected, 'Reading it')
        }
      }
    },
  },
  {
    title: 'encrypted-pem/not-encrypted-at-all',
    source: pem,
    async run() {
      const text = forA.privateKey + forA.certificate
      isFixture(await TlsCertificate.fromEncryptedPem(text), forA)
    },
  },
  {
    title: 'encrypted-pem/refused-without-asking-for-it',
    source: 'GIO g_tls_certificate_new_from_pem(): an encrypted key is bad-certificate',
    async run() {
      const expected = { code: 'TLS_BAD_CERTIFICATE' }
      for (const key of [fixtures.encryptedKey, fixtures.traditionalKey]) {
        throws(() => TlsCertificate.fromPem(forA.certificate + key), expected, 'fromPem')
      }
    },
  },
  {
    title: 'encrypted-pem/traditional-format-refused',
    source: pem,
    async run() {
      const text = forA.certificate + fixtures.traditionalKey
      const reading = TlsCertificate.fromEncryptedPem(text, { password: 'secret' })
      await rejects(reading, { code: 'TLS_BAD_CERTIFICATE' }, 'Reading it')
    },
  },
]

/** The container without its last part, the MAC. */
function withoutMacOf(bytes: Uint8Array): Uint8Array {
  const head = 4
  const version = 3
  const contents =
    (bytes[head + version + 2] as number) * 256 + (bytes[head + version + 3] as number)
  const length = version + 4 + contents
  const result = bytes.slice(0, head + length)
  result.set([length >> 8, length & 0xff], 2)
  return result
}

/** Containers of certificates and keys, and encrypted keys beside certificates. */
export const pkcs12: ConformanceArea = {
  name: 'pkcs12',
  scope: 'backend',
  applies: () => true,
  cases,
}
