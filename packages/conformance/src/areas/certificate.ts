import { TlsCertificate, TlsCertificateFlags, type TlsInteraction } from '@tlsio/core'
import { equal, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import {
  commonNameOnly,
  expired,
  forA,
  forB,
  forgedExpiredWithRealCa,
  forLocalhost,
  forWildcard,
  type KeyFixture,
  manyNames,
  notYetValid,
  otherCa,
  p256Key,
  p384Key,
  p521Key,
  rsaKey,
  selfSigned,
  testCa,
  upToItsRoot,
  viaIntermediate,
  withEcKey,
  withEd25519Key,
  withPssKey,
} from '../fixtures/fixtures.js'

const fromPem = 'GIO g_tls_certificate_new_from_pem()'
const chains = `${fromPem}: chain building`
const list = 'GIO g_tls_certificate_list_new_from_file()'
const verifying = 'GIO g_tls_certificate_verify()'
const bad = { code: 'TLS_BAD_CERTIFICATE' }

/** The leaf, the intermediate and the root of {@link upToItsRoot}, each as a PEM block. */
const [leafPem, linkPem, rootPem] = upToItsRoot.certificate.split(
  /(?<=-----END CERTIFICATE-----\n)/,
)
const [leafText, linkText, rootText] = [leafPem ?? '', linkPem ?? '', rootPem ?? '']

const properties: readonly ConformanceCase[] = [
  {
    title: 'der/of-this-certificate-only',
    source: 'GIO GTlsCertificate:certificate',
    async run() {
      const [leaf, link] = TlsCertificate.fromPem(upToItsRoot.certificate).chain()
      const alone = TlsCertificate.fromPem(leafText)
      sameList(leaf?.der ?? [], alone.der, 'Its DER')
      ok(!leaf?.isSame(link as TlsCertificate), 'its issuer has other DER')
      ok(TlsCertificate.fromDer(alone.der).isSame(alone), 'the DER is the whole certificate')
    },
  },
  {
    title: 'der/cannot-be-changed',
    source: 'GIO GTlsCertificate: immutable',
    async run() {
      const given = TlsCertificate.fromPem(forA.certificate).der
      const certificate = TlsCertificate.fromDer(given)
      const before = Array.from(given)
      given.fill(0)
      certificate.der.fill(0)
      sameList(certificate.der, before, 'The DER')
      ok(Object.isFrozen(certificate), 'it is frozen')
      ok(Object.isFrozen(certificate.dnsNames), 'its names are frozen')
      certificate.notAfter.setTime(0)
      ok(certificate.notAfter.getTime() > 0, 'its validity is as it was')
    },
  },
  {
    title: 'pem/same-as-read',
    source: 'GIO GTlsCertificate:certificate-pem',
    async run() {
      equal(TlsCertificate.fromPem(forA.certificate).pem, forA.certificate, 'The PEM')
    },
  },
  ...privateKeyCases(),
  {
    title: 'private-key/none',
    source: 'GIO GTlsCertificate:private-key',
    async run() {
      const certificate = TlsCertificate.fromPem(forA.certificate)
      ok(!certificate.hasPrivateKey, 'it has no private key')
      equal(certificate.privateKeyDer, undefined, 'privateKeyDer')
      equal(certificate.privateKeyPem, undefined, 'privateKeyPem')
    },
  },
  {
    title: 'private-key/is-shown-by-nothing-else',
    source: 'TlsCertificate: the key is secret',
    async run() {
      const certificate = TlsCertificate.fromPem(p256Key.certificate + p256Key.privateKey)
      const [, secret = ''] = p256Key.privateKey.split('\n')
      const shown = [
        String(certificate),
        JSON.stringify(certificate),
        JSON.stringify({ ...certificate }),
        Object.getOwnPropertyNames(certificate).join(),
      ]
      ok(secret.length === 64 && !shown.some((text) => text.includes(secret)), 'no text has it')
    },
  },
  {
    title: 'issuer/none-of-a-certificate-alone',
    source: 'GIO GTlsCertificate:issuer',
    async run() {
      equal(TlsCertificate.fromPem(forA.certificate).issuer, null, 'The issuer')
      equal(TlsCertificate.fromPem(selfSigned.certificate).issuer, null, 'The issuer of its own')
    },
  },
  {
    title: 'issuer/linked',
    source: 'GIO g_tls_certificate_get_issuer()',
    async run() {
      const leaf = TlsCertificate.fromPem(upToItsRoot.certificate)
      equal(leaf.issuer?.subjectName, 'CN=Chain Intermediate CA', 'The issuer')
      equal(leaf.issuer?.issuer?.subjectName, 'CN=Chain Root CA', 'The issuer of the issuer')
      equal(leaf.issuer?.issuer?.issuer, null, 'The issuer of the last')
    },
  },
  {
    title: 'validity/up-to-2049-and-beyond',
    source: 'GIO GTlsCertificate:not-valid-before, not-valid-after; RFC 5280 §4.1.2.5',
    async run() {
      const { notBefore, notAfter } = TlsCertificate.fromPem(manyNames.certificate)
      equal(notBefore.toISOString(), '2049-06-01T00:00:00.000Z', 'notBefore')
      equal(notAfter.toISOString(), '2051-06-01T00:00:00.000Z', 'notAfter')
    },
  },
  {
    title: 'names/in-encoded-order',
    source: 'GIO GTlsCertificate:subject-name, issuer-name',
    async run() {
      const { subjectName, issuerName } = TlsCertificate.fromPem(manyNames.certificate)
      const expected =
        'DC=test,DC=example,O=Example\\, Inc.,OU=One+OU=Two,CN=a.test,emailAddress=me@a.test'
      equal(subjectName, expected, 'subjectName')
      equal(issuerName, 'CN=Chain Intermediate CA', 'issuerName')
    },
  },
  {
    title: 'names/dns',
    source: 'GIO GTlsCertificate:dns-names',
    async run() {
      const { dnsNames } = TlsCertificate.fromPem(manyNames.certificate)
      sameList(dnsNames, ['a.test', '*.a.test', 'b.a.test'], 'dnsNames')
      const none = TlsCertificate.fromPem(commonNameOnly.certificate)
      sameList(none.dnsNames, [], 'dnsNames of one without')
    },
  },
  {
    title: 'names/addresses-of-4-or-16-bytes',
    source: 'GIO GTlsCertificate:ip-addresses',
    async run() {
      const { ipAddresses } = TlsCertificate.fromPem(manyNames.certificate)
      sameList(ipAddresses, ['192.0.2.1', '2001:db8::1'], 'ipAddresses')
      const none = TlsCertificate.fromPem(commonNameOnly.certificate)
      sameList(none.ipAddresses, [], 'ipAddresses of one without')
    },
  },
  {
    title: 'pkcs11/no-uris',
    source: 'GIO GTlsCertificate:pkcs11-uri, private-key-pkcs11-uri',
    async run() {
      const certificate = TlsCertificate.fromPem(forA.certificate + forA.privateKey)
      equal(certificate.pkcs11Uri, null, 'pkcs11Uri')
      equal(certificate.privateKeyPkcs11Uri, null, 'privateKeyPkcs11Uri')
    },
  },
]

function privateKeyCases(): ConformanceCase[] {
  const source = 'GIO GTlsCertificate:private-key, private-key-pem: read back as PKCS #8'
  const both: readonly [name: string, fixture: KeyFixture][] = [
    ['rsa/pkcs1', rsaKey],
    ['p256/sec1', p256Key],
    ['p384/sec1', p384Key],
    ['p521/sec1', p521Key],
  ]
  const pkcs8 = { rsa: rsaKey, p256: p256Key, ed25519: withEd25519Key, 'rsa-pss': withPssKey }
  return [
    ...both.map(([name, { certificate, privateKey, traditionalKey }]) => ({
      title: `private-key/${name}`,
      source,
      async run() {
        const read = TlsCertificate.fromPem(certificate + traditionalKey)
        ok(read.hasPrivateKey, 'it has a private key')
        ok(read.privateKeyPem === privateKey, 'the key comes back as PKCS #8')
      },
    })),
    ...Object.entries(pkcs8).map(([name, { certificate, privateKey }]) => ({
      title: `private-key/${name}/pkcs8`,
      source,
      async run() {
        const read = TlsCertificate.fromPem(certificate + privateKey)
        ok(read.privateKeyPem === privateKey, 'the key comes back as it was')
        const [first, ...rest] = read.privateKeyDer ?? []
        ok(first === 0x30 && rest.length > 40, 'it is there in DER, too')
        read.privateKeyDer?.fill(0)
        ok(read.privateKeyPem === privateKey, 'a copy was handed out')
      },
    })),
  ]
}

const reading: readonly ConformanceCase[] = [
  {
    title: 'from-pem/first-certificate-wins',
    source: fromPem,
    async run() {
      const certificate = TlsCertificate.fromPem(forA.certificate + forB.certificate)
      sameList(certificate.dnsNames, ['a.test'], 'dnsNames')
    },
  },
  {
    title: 'from-pem/key-anywhere',
    source: fromPem,
    async run() {
      const { certificate, privateKey } = upToItsRoot
      const between = [leafText, privateKey, linkText, rootText].join('')
      for (const text of [privateKey + certificate, between, certificate + privateKey]) {
        const [leaf, ...issuers] = TlsCertificate.fromPem(text).chain()
        ok(leaf?.privateKeyPem === privateKey, 'the first has the key')
        sameList(
          issuers.map(({ hasPrivateKey }) => hasPrivateKey),
          [false, false],
          'Who else has it',
        )
      }
    },
  },
  {
    title: 'from-pem/line-ends',
    source: fromPem,
    async run() {
      const text = upToItsRoot.certificate + upToItsRoot.privateKey
      for (const end of ['\n', '\r\n', '\r']) {
        const certificate = TlsCertificate.fromPem(text.replaceAll('\n', end))
        equal(certificate.chain().length, 3, 'The length of the chain')
        equal(certificate.pem, leafText, 'The PEM')
        ok(certificate.privateKeyPem === upToItsRoot.privateKey, 'the key is read')
      }
    },
  },
  {
    title: 'from-pem/text-between-the-blocks',
    source: fromPem,
    async run() {
      const text = `Leaf: Größe\n${leafText}\nIssuer\n${linkText}# ${rootText}the end`
      equal(TlsCertificate.fromPem(text).chain().length, 3, 'The length of the chain')
    },
  },
  {
    title: 'from-pem/bytes-of-exact-length',
    source: `${fromPem}: the length counts, there is no zero at the end`,
    async run() {
      const all = bytesOf(`${forA.certificate}${forB.certificate}`)
      const first = all.subarray(0, forA.certificate.length)
      ok(
        TlsCertificate.fromPem(first).isSame(TlsCertificate.fromPem(forA.certificate)),
        'it is read',
      )
      const short = all.subarray(0, forA.certificate.length - 2)
      throws(() => TlsCertificate.fromPem(short), bad, 'One byte too few')
      equal(TlsCertificate.listFromPem(all).length, 2, 'Certificates in the list')
    },
  },
  ...Object.entries({
    'no-certificate': 'nothing here',
    'empty-text': '',
    'certificate-cut-off': forA.certificate.slice(0, 400),
    'certificate-damaged': forA.certificate.replace('MII', '!II'),
    'certificate-that-is-none': '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    'key-alone': forA.privateKey,
    'key-cut-off': forA.certificate + forA.privateKey.slice(0, 400),
    'key-encrypted':
      forA.certificate + forA.privateKey.replaceAll(' PRIVATE', ' ENCRYPTED PRIVATE'),
    'key-encrypted-the-old-way':
      rsaKey.certificate +
      rsaKey.traditionalKey.replace(
        '-----\n',
        '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n',
      ),
    'key-damaged': forA.certificate + forA.privateKey.replace('MII', '!II'),
    'key-that-is-none': `${forA.certificate}-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n`,
    'key-of-another-certificate': forA.certificate + forB.privateKey,
    'key-of-another-kind': forA.certificate + p256Key.privateKey,
    'key-on-another-point': p256Key.certificate + withEcKey.privateKey,
    'key-on-another-curve': p256Key.certificate + p384Key.traditionalKey,
  }).map(([name, text]) => ({
    title: `from-pem/refused/${name}`,
    source: fromPem,
    async run() {
      const error = throws(() => TlsCertificate.fromPem(text), bad, 'Reading it')
      const { message, cause } = error as Error
      const said = `${message} ${String(cause)}`
      const lines = text.split('\n').filter((line) => line.length === 64)
      ok(!lines.some((line) => said.includes(line)), 'the error does not show what is in the text')
    },
  })),
  {
    title: 'chain/all-of-it',
    source: chains,
    async run() {
      sameList(
        TlsCertificate.fromPem(upToItsRoot.certificate).chain().map(String),
        ['server', 'Chain Intermediate CA', 'Chain Root CA'].map(
          (name) => `TlsCertificate(CN=${name})`,
        ),
        'The chain',
      )
      const some = TlsCertificate.fromPem(viaIntermediate.certificate)
      equal(some.chain().length, 2, 'The length of one without root')
    },
  },
  ...Object.entries({
    'out-of-order': leafText + rootText + linkText,
    'link-missing': leafText + rootText,
    'stranger-at-the-end': leafText + linkText + rootText + otherCa,
    'stranger-in-the-middle': leafText + otherCa + linkText + rootText,
    'later-one-cut-off': leafText + linkText + rootText.slice(0, 400),
    'later-one-damaged': leafText + linkText + rootText.replace('MII', '!II'),
    'later-one-that-is-none': `${leafText}${linkText}-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n`,
  }).map(([name, text]) => ({
    title: `chain/none-of-it/${name}`,
    source: `${chains} is all or nothing`,
    async run() {
      const certificate = TlsCertificate.fromPem(text)
      equal(certificate.issuer, null, 'The issuer')
      ok(text.startsWith(certificate.pem), 'it is the first certificate')
    },
  })),
  {
    title: 'list/not-linked-without-keys',
    source: list,
    async run() {
      const certificates = TlsCertificate.listFromPem(
        upToItsRoot.privateKey + upToItsRoot.certificate,
      )
      equal(certificates.length, 3, 'Certificates in the list')
      ok(
        certificates.every(({ issuer, hasPrivateKey }) => issuer === null && !hasPrivateKey),
        'each stands alone, without a key',
      )
    },
  },
  {
    title: 'list/empty',
    source: `${list}: none is no error`,
    async run() {
      equal(TlsCertificate.listFromPem('nothing here').length, 0, 'Certificates in the list')
    },
  },
  {
    title: 'list/one-bad-block',
    source: `${list}: an error and nothing returned`,
    async run() {
      const texts = [linkText.slice(0, 400), linkText.replace('MII', '!II')]
      for (const text of texts) {
        throws(() => TlsCertificate.listFromPem(leafText + text), bad, 'Reading the list')
      }
    },
  },
  {
    title: 'from-der/refused',
    source: 'GIO GTlsCertificate:certificate',
    async run() {
      const { der } = TlsCertificate.fromPem(forA.certificate)
      const longer = new Uint8Array([...der, 0])
      for (const bytes of [new Uint8Array(0), der.subarray(0, -1), longer, bytesOf('text')]) {
        throws(() => TlsCertificate.fromDer(bytes), bad, `${bytes.length} bytes`)
      }
    },
  },
  {
    title: 'from-der/chain-and-key',
    source: 'GIO GTlsCertificate:certificate, issuer, private-key',
    async run() {
      const whole = TlsCertificate.fromPem(upToItsRoot.certificate + upToItsRoot.privateKey)
      const { privateKeyDer: privateKey } = whole
      const ders = whole.chain().map(({ der }) => der)
      const made = TlsCertificate.fromDerChain(ders, { privateKey })
      equal(made.chain().length, 3, 'The length of the chain')
      ok(made.privateKeyPem === upToItsRoot.privateKey, 'it has the key')
      const other = TlsCertificate.fromPem(forB.certificate + forB.privateKey).privateKeyDer
      throws(() => TlsCertificate.fromDerChain(ders, { privateKey: other }), bad, "Another's key")
      throws(() => TlsCertificate.fromDerChain([]), bad, 'An empty chain')
    },
  },
  {
    title: 'pkcs11/refused',
    source: 'GIO g_tls_certificate_new_from_pkcs11_uris()',
    expects: 'refusal',
    requires: ({ client }) => !client.pkcs11,
    async run(context) {
      const uri = 'pkcs11:token=mine;object=a?pin-value=1234'
      const refused = { code: 'TLS_NOT_SUPPORTED' }
      const loading = context.client.loadPkcs11Certificate(uri, { privateKeyPkcs11Uri: uri })
      const error = await rejects(loading, refused, 'A token')
      ok(!String(error).includes('1234'), 'the error does not show the PIN')
    },
  },
  {
    title: 'pkcs11/missing',
    source: 'GIO g_tls_certificate_new_from_pkcs11_uris(): G_TLS_ERROR_BAD_CERTIFICATE',
    requires: ({ client }) => client.pkcs11,
    async run(context) {
      const uri = 'pkcs11:token=nowhere;serial=0;object=a?pin-value=1234'
      let asked = 0
      const interaction: TlsInteraction = {
        async askPassword() {
          asked++
          return 'unhandled'
        },
      }
      const loading = context.client.loadPkcs11Certificate(uri, { interaction })
      const error = await rejects(loading, bad, 'A token that is not there')
      ok(!String(error).includes('1234'), 'the error does not show the PIN')
      equal(asked, 0, 'How often somebody was asked')
    },
  },
]

const judging: readonly ConformanceCase[] = [
  {
    title: 'verify/nothing-asked',
    source: `${verifying}: without a CA neither chain nor dates are checked`,
    async run() {
      for (const { certificate } of [forA, expired, notYetValid, selfSigned]) {
        equal(await TlsCertificate.fromPem(certificate).verify(), 0, 'The flags')
      }
    },
  },
  {
    title: 'verify/identity',
    source: `${verifying}: identity`,
    async run() {
      const flagsOf = (pem: string, hostname: string) =>
        TlsCertificate.fromPem(pem).verify({ identity: { hostname } })
      const { BAD_IDENTITY } = TlsCertificateFlags
      equal(await flagsOf(forA.certificate, 'A.test'), 0, 'Its own name')
      equal(await flagsOf(forA.certificate, 'b.test'), BAD_IDENTITY, 'Another name')
      equal(await flagsOf(forWildcard.certificate, 'a.wild.test'), 0, 'A wildcard')
      equal(await flagsOf(forLocalhost.certificate, '127.0.0.1'), 0, 'An address')
      equal(await flagsOf(forLocalhost.certificate, '127.0.0.2'), BAD_IDENTITY, 'Another address')
      equal(await flagsOf(commonNameOnly.certificate, 'a.test'), BAD_IDENTITY, 'A common name')
    },
  },
  {
    title: 'verify/by-the-issuer',
    source: `${verifying}: leaf or something in its issuer chain leads to the CA`,
    async run() {
      const leaf = TlsCertificate.fromPem(upToItsRoot.certificate)
      const [, link, root] = leaf.chain()
      equal(await leaf.verify({ trustedCa: root }), 0, 'By the root')
      equal(await leaf.verify({ trustedCa: link }), 0, 'By the intermediate')
      equal(await link?.verify({ trustedCa: root }), 0, 'The intermediate by the root')
      const alone = TlsCertificate.fromPem(leafText)
      const flags = await alone.verify({ trustedCa: root })
      equal(flags, TlsCertificateFlags.UNKNOWN_CA, 'By the root, without the intermediate')
    },
  },
  {
    title: 'verify/by-a-stranger',
    source: verifying,
    async run() {
      const trustedCa = TlsCertificate.fromPem(otherCa)
      for (const { certificate } of [forA, upToItsRoot]) {
        const flags = await TlsCertificate.fromPem(certificate).verify({ trustedCa })
        equal(flags, TlsCertificateFlags.UNKNOWN_CA, 'The flags')
      }
    },
  },
  {
    title: 'verify/signatures',
    source: `${verifying}: the issuer link is no trust`,
    async run() {
      const forged = TlsCertificate.fromPem(forgedExpiredWithRealCa.certificate)
      equal(forged.issuer?.subjectName, 'CN=Test CA', 'The issuer by its name')
      const time = forged.notBefore.getTime()
      const flags = await forged.verify({ trustedCa: TlsCertificate.fromPem(testCa), time })
      ok((flags & TlsCertificateFlags.UNKNOWN_CA) !== 0, `${flags} says that nobody vouches for it`)
    },
  },
  {
    title: 'verify/dates-with-a-ca',
    source: verifying,
    async run() {
      const trustedCa = TlsCertificate.fromPem(testCa)
      const { EXPIRED, NOT_ACTIVATED, BAD_IDENTITY } = TlsCertificateFlags
      const old = TlsCertificate.fromPem(expired.certificate)
      const late = TlsCertificate.fromPem(notYetValid.certificate)
      equal(await old.verify({ trustedCa }), EXPIRED, 'An expired one')
      equal(await late.verify({ trustedCa }), NOT_ACTIVATED, 'One that is not valid yet')
      const time = old.notBefore.getTime()
      equal(await old.verify({ trustedCa, time }), 0, 'The expired one in its time')
      const identity = { hostname: 'b.test' }
      equal(await old.verify({ trustedCa, identity }), EXPIRED | BAD_IDENTITY, 'All that is wrong')
    },
  },
  {
    title: 'verify/options/senseless-ones',
    source: 'TlsCertificate.verify',
    async run() {
      const certificate = TlsCertificate.fromPem(forA.certificate)
      const wrong = { name: 'TypeError' }
      const verify = (options: object) => certificate.verify(options)
      await rejects(verify({ trustedCa: null }), wrong, 'A CA that is null')
      await rejects(verify({ identity: null }), wrong, 'An identity that is null')
      await rejects(verify({ time: Number.NaN }), wrong, 'A time that is none')
    },
  },
  {
    title: 'is-same/der-only',
    source: 'GIO g_tls_certificate_is_same()',
    async run() {
      const whole = TlsCertificate.fromPem(upToItsRoot.certificate + upToItsRoot.privateKey)
      const alone = TlsCertificate.fromPem(leafText)
      ok(whole.isSame(alone) && alone.isSame(whole), 'key and issuer do not matter')
      ok(!whole.isSame(TlsCertificate.fromPem(forA.certificate)), 'another one differs')
    },
  },
]

/** What a certificate is, whatever the engine. */
export const certificate: ConformanceArea = {
  name: 'certificate',
  scope: 'backend',
  applies: () => true,
  cases: [...properties, ...reading, ...judging],
}
