// What people read, word by word.
import { stripVTControlCharacters } from 'node:util'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AttributeTypeAndValue,
  AttributeValue,
  Extension,
  GeneralName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import * as fixtures from '@tlsio/conformance/fixtures'
import test from 'ava'
import type { ChainReport } from '#src/cert/chain-report.js'
import { formatChain } from '#src/cert/format-chain.js'
import { altered, folderWith, marksOf, NOW, run } from './support.js'

test('cert/text/a-chain-that-verifies', async (t) => {
  const leaf = marksOf(fixtures.viaIntermediate.certificate)
  const intermediate = marksOf(fixtures.viaIntermediate.certificate.split(/(?<=END .*\n)/)[1] ?? '')
  const root = marksOf(fixtures.testCa)
  const path = await folderWith(t, {
    'chain.pem': fixtures.viaIntermediate.certificate,
    'ca.pem': fixtures.testCa,
  })
  const words = ['cert', path('chain.pem'), '--ca', path('ca.pem'), '--name', 'a.test']
  const { status, stdout, stderr } = await run(words)
  t.is(stderr, '')
  t.is(status, 0)
  t.is(
    stdout,
    `${path('chain.pem')}: 2 certificates, PEM

1  CN=server
   issuer      CN=Test Intermediate CA
   names       a.test
   valid       2020-01-01 00:00:00 UTC to 2120-01-01 00:00:00 UTC, 32705 days left
   key         RSA 2048 bits
   signature   RSA with SHA-256
   CA          no
   purposes    serverAuth
   key usage   digitalSignature, keyEncipherment
   serial      ${leaf.serial}
   SHA-256     ${leaf.sha256}

2  CN=Test Intermediate CA
   issuer      CN=Test CA
   valid       2020-01-01 00:00:00 UTC to 2120-01-01 00:00:00 UTC, 32705 days left
   key         RSA 2048 bits
   signature   RSA with SHA-256
   CA          yes
   key usage   keyCertSign, cRLSign
   serial      ${intermediate.serial}
   SHA-256     ${intermediate.sha256}

3  CN=Test CA
   note        trust anchor, not in the file
   issuer      CN=Test CA
   valid       2020-01-01 00:00:00 UTC to 2120-01-01 00:00:00 UTC, 32705 days left
   key         RSA 2048 bits
   signature   RSA with SHA-256
   CA          yes
   key usage   keyCertSign, cRLSign
   serial      ${root.serial}
   SHA-256     ${root.sha256}

Verifies
   path        CN=server -> CN=Test Intermediate CA -> CN=Test CA
   trust       ${path('ca.pem')} (--ca), 1 anchor
   name        a.test
   purpose     serverAuth
   rules       rfc5280
   at          2030-06-15 12:00:00 UTC
`,
  )
})

test('cert/text/each-flag-with-certificate-and-extension', async (t) => {
  const path = await folderWith(t, {
    'chain.pem': fixtures.expired.certificate,
    'ca.pem': fixtures.otherCa,
  })
  const words = ['cert', path('chain.pem'), '--ca', path('ca.pem'), '--name', 'b.test']
  const { status, stdout } = await run([...words, '--purpose', 'clientAuth'])
  t.is(status, 1)
  t.true(stdout.includes('to 2020-01-02 00:00:00 UTC, expired 3817 days ago\n'))
  t.is(
    stdout.slice(stdout.indexOf('Does not')),
    `Does not verify: UNKNOWN_CA, BAD_IDENTITY, EXPIRED, GENERIC_ERROR
   - EXPIRED (expired): It has expired.
     certificate 1, CN=server
   - GENERIC_ERROR (extended-key-usage): It is not for clientAuth.
     certificate 1, CN=server
     extension extKeyUsage, 2.5.29.37
   - UNKNOWN_CA (untrusted): Nobody is known who has issued it.
     certificate 1, CN=server
   - BAD_IDENTITY (identity): It is for another name.
     certificate 1, CN=server
     extension subjectAltName, 2.5.29.17
   path        CN=server
   trust       ${path('ca.pem')} (--ca), 1 anchor
   name        b.test
   purpose     clientAuth
   rules       rfc5280
   at          2030-06-15 12:00:00 UTC
`,
  )
})

test('cert/text/unordered-with-a-stranger-and-a-duplicate', async (t) => {
  const [leaf, intermediate] = fixtures.viaIntermediate.certificate.split(/(?<=END .*\n)/)
  const { otherCa, testCa } = fixtures
  const path = await folderWith(t, {
    'bundle.pem': ['text before', testCa, intermediate, otherCa, leaf, leaf].join('\n'),
    'ca.pem': testCa,
  })
  const { status, stdout } = await run(['cert', path('bundle.pem'), '--ca', path('ca.pem')])
  t.is(status, 0)
  t.deepEqual(stdout.match(/^(\d {2}.*| {3}note .*)$/gm), [
    '1  CN=server',
    '   note        number 4 in the file',
    '2  CN=Test Intermediate CA',
    '3  CN=Test CA',
    '   note        trust anchor, number 1 in the file',
    '4  CN=Other Test CA',
    '   note        number 3 in the file, not in the path',
  ])
  t.true(stdout.includes('   name        not checked\n'))
})

const keys: readonly [name: string, { certificate: string }, key: string, signature: string][] = [
  ['withEcKey', fixtures.withEcKey, 'EC P-256', 'RSA with SHA-256'],
  ['withEd25519Key', fixtures.withEd25519Key, 'Ed25519', 'RSA with SHA-256'],
  ['withPssKey', fixtures.withPssKey, 'RSA-PSS 2048 bits', 'RSA with SHA-256'],
  ['signedWithPss', fixtures.signedWithPss, 'RSA 2048 bits', 'RSA-PSS with SHA-384'],
  ['signedWithEd25519', fixtures.signedWithEd25519, 'RSA 2048 bits', 'Ed25519'],
  ['signedWithSha1', fixtures.signedWithSha1, 'RSA 2048 bits', 'RSA with SHA-1'],
]
for (const [name, { certificate }, key, signature] of keys) {
  test(`cert/text/keys-and-signatures/${name}`, async (t) => {
    const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
    const { stdout } = await run(['cert', '-', '--ca', path('ca.pem')], { stdin: certificate })
    t.true(stdout.startsWith('standard input: 1 certificate, PEM\n'))
    t.is(/^ {3}key {9}(.*)$/m.exec(stdout)?.[1], key)
    t.is(/^ {3}signature {3}(.*)$/m.exec(stdout)?.[1], signature)
  })
}

test('cert/text/at-another-time', async (t) => {
  const path = await folderWith(t, { 'ca.pem': fixtures.testCa })
  const words = ['cert', '-', '--ca', path('ca.pem'), '--time']
  const stdin = fixtures.expired.certificate
  const before = await run([...words, '2019-12-31T23:00:00+00:00'], { stdin })
  t.true(before.stdout.includes(', not yet valid, begins in 1 hour\n'))
  t.true(before.stdout.includes('Does not verify: NOT_ACTIVATED\n'))
  const during = await run([...words, '2020-01-01'], { stdin })
  t.is(during.status, 0)
  t.true(during.stdout.includes(', 1 day left\n'))
  t.true(during.stdout.includes('   at          2020-01-01 00:00:00 UTC\n'))
})

test('cert/text/der-and-all', async (t) => {
  const der = altered(fixtures.withEcKey.certificate, () => {})
  const path = await folderWith(t, { 'leaf.der': der, 'ca.pem': fixtures.testCa })
  const words = ['cert', path('leaf.der'), '--ca', path('ca.pem'), '--all']
  const { status, stdout } = await run(words)
  t.is(status, 0)
  t.true(stdout.startsWith(`${path('leaf.der')}: 1 certificate, DER\n`))
  t.is(
    /^ {3}extensions {2}(.*)$/m.exec(stdout)?.[1],
    'basicConstraints (critical), subjectKeyIdentifier, authorityKeyIdentifier, keyUsage (critical), extKeyUsage, subjectAltName',
  )
})

test('cert/text/what-a-peer-calls-itself-controls-nothing', async (t) => {
  const evil = '\u001b]0;owned\u0007\u202egro.elpmaxe\r\nVerifies'
  const der = altered(fixtures.forA.certificate, (tbs) => {
    tbs.subject = commonName(evil)
    tbs.issuer = commonName(evil)
    const names = [
      { dNSName: 'a.test\u001b[2J' },
      { rfc822Name: 'me\r\nVerifies@a.test' },
      { uniformResourceIdentifier: 'https://a.test/\u009b31m' },
      { directoryName: commonName(evil) },
      { registeredID: '1.2.3.4' },
    ].map((name) => new GeneralName(name))
    const value = new OctetString(AsnConvert.serialize(new SubjectAlternativeName(names)))
    tbs.extensions?.push(new Extension({ extnID: '1.2.3.4.5', critical: true, extnValue: value }))
    for (const extension of tbs.extensions ?? []) {
      if (extension.extnID === '2.5.29.17') extension.extnValue = value
    }
  })
  for (const columns of [undefined, 60]) {
    const { status, stdout } = await run(['cert', '-'], { stdin: der, ...(columns && { columns }) })
    t.is(status, 1)
    t.notRegex(stdout, /[^\P{C}\n]/u)
    t.notRegex(stdout, /^Verifies/m)
    t.regex(stdout, /a\.test\\1B\[2J/)
    t.regex(stdout, /extension 1\.2\.3\.4\.5\n/)
  }
})

test('cert/text/long-lists-are-cut-on-a-terminal-only', async (t) => {
  const der = altered(fixtures.forA.certificate, (tbs) => {
    const names = Array.from({ length: 40 }, (_, at) => new GeneralName({ dNSName: `n${at}.test` }))
    for (const extension of tbs.extensions ?? []) {
      if (extension.extnID !== '2.5.29.17') continue
      extension.extnValue = new OctetString(AsnConvert.serialize(new SubjectAlternativeName(names)))
    }
  })
  const terminal = await run(['cert', '-'], { stdin: der, columns: 200 })
  t.regex(terminal.stdout, / names {7}n0\.test, .*, n7\.test and 32 more \(--all\)\n/)
  t.false(terminal.stdout.includes('n8.test'))
  const all = await run(['cert', '-', '--all'], { stdin: der, columns: 200 })
  t.true(all.stdout.includes('n39.test'))
  const piped = await run(['cert', '-'], { stdin: der })
  t.regex(piped.stdout, / names {7}n0\.test, .*, n39\.test\n/)
})

for (const columns of [80, 40, 20]) {
  test(`cert/text/lines-fit-in-${columns}-columns`, async (t) => {
    const stdin = fixtures.viaIntermediate.certificate
    const { stdout } = await run(['cert', '-', '--all'], { stdin, columns })
    const wide = await run(['cert', '-', '--all'], { stdin })
    // Of the last, labels take so much that values get more room than there is.
    const most = columns === 20 ? 31 : columns
    for (const line of stdout.split('\n')) t.true(line.length <= most, line)
    const words = (text: string) => text.replace(/\s+/g, '')
    t.is(words(stdout), words(wide.stdout))
  })
}

test('cert/text/broken-lines-go-on-under-their-value', async (t) => {
  const { stdout } = await run(['cert', '-'], {
    stdin: fixtures.forLocalhost.certificate,
    columns: 47,
  })
  const { sha256 } = marksOf(fixtures.forLocalhost.certificate)
  t.true(
    stdout.includes(`
   SHA-256     ${sha256.slice(0, 32)}
               ${sha256.slice(32)}
`),
  )
})

test('cert/text/colours-only-where-there-are-some', async (t) => {
  const stdin = fixtures.expired.certificate
  const plain = await run(['cert', '-'], { stdin, columns: 100 })
  const colored = await run(['cert', '-'], { stdin, columns: 100, colors: true })
  t.false(plain.stdout.includes('\u001b'))
  t.true(colored.stdout.includes('\u001b[31mDoes not verify: UNKNOWN_CA, EXPIRED\u001b[39m\n'))
  t.is(stripVTControlCharacters(colored.stdout), plain.stdout)
})

test('cert/text/what-the-engine-alone-has-found', async (t) => {
  const { stdout } = await run(['cert', '-', '--json'], { stdin: fixtures.forA.certificate })
  const report: ChainReport = {
    ...(JSON.parse(stdout) as ChainReport),
    source: {
      kind: 'peer',
      host: '2001:db8::1',
      port: 443,
      address: null,
      protocolVersion: 'TLSv1.2',
      cipherSuite: 'TLS_RSA_WITH_AES_128_CBC_SHA',
      alpn: 'h2',
      backend: 'node',
    },
    flags: ['UNKNOWN_CA', 'REVOKED', 'GENERIC_ERROR'],
    engine: { flags: ['REVOKED'], notExplained: ['REVOKED'] },
  }
  const text = formatChain(report, { columns: undefined, colors: false, all: false })
  t.true(text.startsWith('[2001:db8::1]:443: TLSv1.2, TLS_RSA_WITH_AES_128_CBC_SHA, ALPN h2\n'))
  t.regex(text, /^ {3}- REVOKED: The engine says so; core found no such thing\.$/m)
  t.regex(text, /^ {3}- GENERIC_ERROR: There is no verdict\.$/m)
  t.regex(text, /^ {3}engine {6}node: REVOKED$/m)
  t.is(report.judged.at, new Date(NOW).toISOString())
})

function commonName(text: string): Name {
  const value = new AttributeValue({ utf8String: text })
  return new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })]),
  ])
}
