import { generateKeyPairSync } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate,
  CertificateList,
  RevokedCertificate,
  SubjectPublicKeyInfo,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509'
import { forA, testCa } from '@tlsio/conformance/fixtures'
import test from 'ava'
import { altered, ecdsaWithSha256, folderWith, run, signatureOn } from './support.js'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const info = publicKey.export({ type: 'spki', format: 'der' })
const authority = altered(
  testCa,
  (tbs) => {
    tbs.subjectPublicKeyInfo = AsnConvert.parse(info, SubjectPublicKeyInfo)
  },
  privateKey,
)
const leaf = altered(forA.certificate, () => {}, privateKey)

test('cert/revocation/listed-in-der-or-pem', async (t) => {
  const list = listOf(leaf)
  const path = await folderWith(t, {
    'leaf.der': leaf,
    'ca.pem': pem('CERTIFICATE', authority),
    'none.crl': listOf(authority),
    'list.crl': list,
    'list.pem': `some text\n${pem('X509 CRL', list)}`,
  })
  const words = ['cert', path('leaf.der'), '--ca', path('ca.pem'), '--crl', path('none.crl')]
  const good = await run(words)
  t.is(good.status, 0, good.stdout)
  t.true(good.stdout.includes(`${path('ca.pem')} (--ca), 1 anchor, 1 revocation list\n`))
  for (const name of ['list.crl', 'list.pem']) {
    const { status, stdout } = await run([...words, '--crl', path(name)])
    t.is(status, 1)
    t.true(stdout.includes('\nDoes not verify: REVOKED\n   - REVOKED (revoked): '), stdout)
    t.true(stdout.includes('1 anchor, 2 revocation lists\n'))
  }
})

/** A list of the authority with one certificate on it. */
function listOf(revoked: Uint8Array): Uint8Array {
  const { serialNumber } = AsnConvert.parse(revoked, Certificate).tbsCertificate
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: ecdsaWithSha256(),
    issuer: AsnConvert.parse(authority, Certificate).tbsCertificate.subject,
    thisUpdate: new Time(new Date('2030-06-01T00:00:00Z')),
    nextUpdate: new Time(new Date('2030-07-01T00:00:00Z')),
    revokedCertificates: [
      new RevokedCertificate({
        userCertificate: serialNumber,
        revocationDate: new Time(new Date('2030-05-01T00:00:00Z')),
      }),
    ],
  })
  const list = new CertificateList({
    tbsCertList,
    signatureAlgorithm: ecdsaWithSha256(),
    signature: signatureOn(AsnConvert.serialize(tbsCertList), privateKey),
  })
  return new Uint8Array(AsnConvert.serialize(list))
}

function pem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der).toString('base64')
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}
