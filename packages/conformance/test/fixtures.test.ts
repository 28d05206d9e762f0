import { createPrivateKey, X509Certificate } from 'node:crypto'
import { TlsCertificate } from '@tlsio/core'
import test from 'ava'
import type { CertificateFixture } from '#src/fixtures/fixtures.js'
import * as fixtures from '#src/fixtures/fixtures.js'
import { certificateOf } from '#src/fixtures/load.js'

const pairs = Object.entries(fixtures).filter(
  (entry): entry is [string, CertificateFixture] => typeof entry[1] === 'object',
)
const testCa = new X509Certificate(fixtures.testCa)
const otherCa = new X509Certificate(fixtures.otherCa)
const clientCa = new X509Certificate(fixtures.clientCa)
const validFor = 90 * 365 * 24 * 3600 * 1000

for (const [name, { certificate, privateKey }] of pairs) {
  test(`fixtures/${name}/key-belongs-to-certificate`, (t) => {
    t.true(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)))
  })

  test(`fixtures/${name}/core-reads-it`, (t) => {
    const loaded = certificateOf({ certificate, privateKey })
    t.true(loaded.hasPrivateKey)
    t.is(loaded.pem.trim(), certificate.slice(0, certificate.indexOf('-----END')).trim() + end)
  })
}

const end = '\n-----END CERTIFICATE-----'

const signers: readonly [string, X509Certificate, readonly string[]][] = [
  [
    'test-ca',
    testCa,
    ['forA', 'forB', 'forAAndB', 'forLocalhost', 'forWildcard', 'commonNameOnly', 'client'],
  ],
  ['other-ca', otherCa, ['fromOtherCa']],
  ['client-ca', clientCa, ['forClientsOnly']],
]

for (const [signer, authority, names] of signers) {
  test(`fixtures/signed-by/${signer}`, (t) => {
    for (const [name, { certificate }] of pairs.filter(([name]) => names.includes(name))) {
      const leaf = new X509Certificate(certificate)
      t.true(leaf.verify(authority.publicKey), name)
      t.true(Date.parse(leaf.validTo) - Date.now() > validFor, `${name} is valid for long`)
    }
  })
}

test('fixtures/what-is-wrong', (t) => {
  const of = ({ certificate }: CertificateFixture) => new X509Certificate(certificate)
  t.true(Date.parse(of(fixtures.expired).validTo) < Date.now())
  t.true(Date.parse(of(fixtures.notYetValid).validFrom) > Date.now() + validFor)
  t.is(of(fixtures.endsIn2100).validTo, 'Jan  1 00:00:00 2100 GMT')
  t.true(of(fixtures.selfSigned).verify(of(fixtures.selfSigned).publicKey))
  t.is(of(fixtures.commonNameOnly).subjectAltName, undefined)
  t.is(of(fixtures.commonNameOnly).subject, 'CN=a.test')
  t.is(of(fixtures.forAAndB).subjectAltName, 'DNS:a.test, DNS:b.test')
  t.false(of(fixtures.intermediateMissing).verify(testCa.publicKey))
})

test('fixtures/signatures', (t) => {
  const hashOf = (fixture: CertificateFixture) =>
    TlsCertificate.signatureHashOf(certificateOf(fixture))
  t.is(hashOf(fixtures.signedWithSha1), 'SHA-1')
  t.is(hashOf(fixtures.signedWithPss), 'SHA-384')
  t.is(hashOf(fixtures.signedWithEd25519), undefined)
})

test('fixtures/client-by-intermediate', (t) => {
  const chain = certificateOf(fixtures.clientByIntermediate).chain()
  t.is(chain.length, 2)
  t.true(new X509Certificate(chain[1]?.pem ?? '').verify(clientCa.publicKey))
})

test('fixtures/chain', (t) => {
  const chain = certificateOf(fixtures.viaIntermediate).chain()
  t.is(chain.length, 2)
  t.is(chain[1]?.subjectName, 'CN=Test Intermediate CA')
})
