// What gives no verdict: status 2, one line on standard error, nothing on standard output.
import * as fixtures from '@tlsio/conformance/fixtures'
import test from 'ava'
import { folderWith, run } from './support.js'

test('cert/trouble/files', async (t) => {
  const { certificate, privateKey } = fixtures.forA
  const path = await folderWith(t, {
    'empty.pem': '',
    'text.pem': 'no certificate at all',
    'key.pem': privateKey,
    'cut.pem': certificate.slice(0, 600),
    'damaged.pem': `${fixtures.testCa}${certificate.replace('MII', 'AII')}`,
    'cut.der': Buffer.from(certificate.split('\n').slice(1, 5).join(''), 'base64'),
    'ca.pem': fixtures.testCa,
    'crl.pem': '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n',
  })
  const said = async (words: readonly string[]) => {
    const { status, stdout, stderr } = await run(['cert', ...words])
    t.is(status, 2, words.join(' '))
    t.is(stdout, '')
    t.regex(stderr, /^tlsio: .*\n$/)
    return stderr.slice('tlsio: '.length, -1).replaceAll(`${path('')}/`, '')
  }
  t.is(await said([path('empty.pem')]), 'empty.pem cannot be used: it is neither PEM nor DER.')
  t.is(await said([path('text.pem')]), 'text.pem cannot be used: it is neither PEM nor DER.')
  t.is(await said([path('key.pem')]), 'key.pem cannot be used: there is no certificate in it.')
  t.is(await said([path('cut.pem')]), 'cut.pem cannot be used: there is no certificate in it.')
  t.is(
    await said([path('damaged.pem')]),
    'damaged.pem cannot be used: certificate 2 of 2 in it is damaged.',
  )
  t.is(
    await said([path('cut.der')]),
    'cut.der cannot be used: it is neither PEM nor one certificate in DER.',
  )
  t.is(await said([path('none.pem')]), 'none.pem cannot be read: there is no such file.')
  t.is(await said([path('')]), `${path('')} cannot be read: it is a folder.`)
  t.is(await said([path('ca.pem'), '--crl', path('ca.pem')]), 'ca.pem holds no revocation list.')
  t.is(
    await said([path('ca.pem'), '--crl', path('crl.pem')]),
    'crl.pem holds a revocation list that cannot be read.',
  )
  t.regex(
    await said([path('ca.pem'), '--ca', path('none.pem')]),
    /^The trust anchors of none\.pem cannot be used: /,
  )
})

test('cert/trouble/a-key-beside-the-certificate-is-not-read', async (t) => {
  const encrypted =
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n'
  const path = await folderWith(t, {
    'both.pem': encrypted + fixtures.forA.certificate,
    'ca.pem': fixtures.testCa,
  })
  const { status, stdout } = await run(['cert', path('both.pem'), '--ca', path('ca.pem')])
  t.is(status, 0)
  t.regex(stdout, /^1 {2}CN=server$/m)
})

test('cert/trouble/endless-input', async (t) => {
  const stdin = new Uint8Array(16_777_217)
  const { status, stderr } = await run(['cert', '-'], { stdin })
  t.is(status, 2)
  t.is(stderr, 'tlsio: Standard input cannot be read: it is longer than 16777216 bytes.\n')
})

const wrong: readonly (readonly string[])[] = [
  [],
  ['cert'],
  ['cert', 'a.test', 'b.test'],
  ['cert', 'a.test:0'],
  ['cert', 'a.test', '--file', '--connect'],
  ['cert', 'a.test', '--purpose', 'codeSigning'],
  ['cert', 'a.test', '--profile', 'none'],
  ['cert', 'a.test', '--time', 'tomorrow'],
  ['cert', 'a.test', '--time', '2030-02-30T99:00:00Z'],
  ['cert', 'a.test', '--timeout', '0'],
  ['cert', 'a.test', '--timeout', '1e9'],
  ['cert', 'a.test', '--alpn', 'h2,,http/1.1'],
  ['cert', 'a.test', '--colour'],
  ['certificate', 'a.test'],
]
for (const words of wrong) {
  test(`cert/trouble/usage/${words.join(' ') || 'nothing'}`, async (t) => {
    const { status, stdout, stderr } = await run(words)
    t.is(status, 2)
    t.is(stdout, '')
    t.not(stderr, '')
  })
}

test('cert/trouble/a-name-that-is-none', async (t) => {
  const { status, stderr } = await run(['cert', '-', '--name', 'a b'], {
    stdin: fixtures.forA.certificate,
  })
  t.is(status, 2)
  t.is(stderr, 'tlsio: "a b" is not a host name.\n')
})

test('cert/help/is-no-failure', async (t) => {
  for (const words of [['--help'], ['cert', '--help'], ['help', 'cert']]) {
    const { status, stdout, stderr } = await run(words)
    t.is(status, 0)
    t.is(stderr, '')
    t.regex(stdout, /^Usage: tlsio /)
  }
})
