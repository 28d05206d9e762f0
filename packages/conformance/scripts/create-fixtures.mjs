// Creates src/fixtures/fixtures.ts: the test PKI, with new keys each time. TEST ONLY.
//
//   node packages/conformance/scripts/create-fixtures.mjs
//
// Needs the openssl command, 1.1.1 or newer.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(new URL('../src/fixtures/fixtures.ts', import.meta.url))
const always = ['20200101000000Z', '21200101000000Z']
const folder = mkdtempSync(join(tmpdir(), 'tlsio-fixtures-'))
// Keys are RSA: an engine that knows nothing else has to pass its part of the suite, too.
const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']

try {
  const testCa = issue({ name: 'Test CA', ca: true })
  const otherCa = issue({ name: 'Other Test CA', ca: true })
  const intermediate = issue({ name: 'Test Intermediate CA', issuer: testCa, ca: true })
  const crossSigned = issue({
    name: 'Test CA',
    issuer: otherCa,
    keyOf: testCa,
    ca: true,
    validity: ['20200101000000Z', '20200102000000Z'],
  })
  const impostor = issue({ name: 'Test CA', ca: true })
  const forged = (chain) =>
    issue({
      name: 'server',
      issuer: impostor,
      san: 'DNS:a.test',
      validity: ['20200101000000Z', '20200102000000Z'],
      keyIdentifiers: false,
      chain,
    })
  const server = (san, more = {}) => issue({ name: 'server', issuer: testCa, san, ...more })

  const authorities = {
    testCa: [testCa, 'The trust anchor that signed every good certificate here.'],
    otherCa: [otherCa, 'A trust anchor that has nothing to do with {@link testCa}.'],
  }
  const pairs = {
    forA: [server('DNS:a.test'), 'For `a.test`; nothing is wrong with it.'],
    withEcKey: [
      server('DNS:a.test', { key: EC }),
      'For `a.test`, with a key on P-256; nothing is wrong with it.',
    ],
    forB: [server('DNS:b.test'), 'For `b.test`; nothing is wrong with it.'],
    forAAndB: [
      server('DNS:a.test,DNS:b.test'),
      'For both `a.test` and `b.test`; nothing is wrong with it.',
    ],
    forLocalhost: [
      server('DNS:localhost,IP:127.0.0.1,IP:::1'),
      'For `localhost`, `127.0.0.1` and `::1`; nothing is wrong with it.',
    ],
    forWildcard: [server('DNS:*.wild.test'), 'For `*.wild.test`; nothing is wrong with it.'],
    viaIntermediate: [
      issue({ name: 'server', issuer: intermediate, san: 'DNS:a.test', chain: [intermediate] }),
      'For `a.test`, signed by an intermediate authority that its chain includes.',
    ],
    withExpiredLink: [
      server('DNS:a.test', { chain: [crossSigned] }),
      'For `a.test`; its chain includes an expired copy of {@link testCa}, cross-signed, that no path needs.',
    ],
    forgedExpired: [
      forged([]),
      'For `a.test`, expired, and signed by somebody who only calls himself {@link testCa}.',
    ],
    forgedExpiredWithRealCa: [
      forged([testCa]),
      'As {@link forgedExpired}; its chain includes the real {@link testCa}.',
    ],
    intermediateMissing: [
      issue({ name: 'server', issuer: intermediate, san: 'DNS:a.test' }),
      'For `a.test`, signed by an intermediate authority that its chain lacks.',
    ],
    endsIn2100: [
      server('DNS:a.test', { validity: ['20200101000000Z', '21000101000000Z'] }),
      'For `a.test`, valid only until 2100-01-01T00:00:00Z, 20 years less than the others.',
    ],
    expired: [
      server('DNS:a.test', { validity: ['20200101000000Z', '20200102000000Z'] }),
      'For `a.test`, expired on 2020-01-02T00:00:00Z.',
    ],
    notYetValid: [
      server('DNS:a.test', { validity: ['21190101000000Z', '21200101000000Z'] }),
      'For `a.test`, not valid before 2119-01-01T00:00:00Z.',
    ],
    selfSigned: [
      issue({ name: 'a.test', san: 'DNS:a.test' }),
      'For `a.test`, signed by nobody but itself.',
    ],
    fromOtherCa: [
      issue({ name: 'server', issuer: otherCa, san: 'DNS:a.test' }),
      'For `a.test`, signed by {@link otherCa}.',
    ],
    commonNameOnly: [
      issue({ name: 'a.test', issuer: testCa }),
      'Has `a.test` as its common name and no subject alternative name (RFC 9525 §2).',
    ],
    client: [
      issue({ name: 'client', issuer: testCa, usage: 'clientAuth' }),
      'A client certificate; nothing is wrong with it.',
    ],
    otherClient: [
      issue({ name: 'other client', issuer: testCa, usage: 'clientAuth' }),
      'Another client certificate; nothing is wrong with it.',
    ],
  }
  writeFileSync(target, print(authorities, pairs))
} finally {
  rmSync(folder, { recursive: true })
}

/** Makes a key and a certificate for it; without an issuer it signs itself. */
function issue({ name, key = RSA, issuer, ca = false, san, usage = 'serverAuth', ...more }) {
  const id = `${Math.random().toString(36).slice(2)}`
  const file = (suffix) => join(folder, `${id}.${suffix}`)
  const [start, end] = more.validity ?? always
  if (more.keyOf) copyFileSync(more.keyOf.file('key'), file('key'))
  else openssl('genpkey', ...key, '-out', file('key'))
  openssl('req', '-new', '-subj', `/CN=${name}`, '-key', file('key'), '-out', file('csr'))
  writeFileSync(file('db'), '')
  writeFileSync(
    file('cnf'),
    [
      '[ca]\ndefault_ca = it\n[it]',
      `database = ${file('db')}\nnew_certs_dir = ${folder}\nrand_serial = yes`,
      'default_md = sha256\npolicy = any\nx509_extensions = extensions\nunique_subject = no',
      '[any]\ncommonName = supplied\n[extensions]',
      `basicConstraints = critical, CA:${ca}`,
      more.keyIdentifiers === false
        ? ''
        : 'subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid',
      ca
        ? 'keyUsage = critical, keyCertSign, cRLSign'
        : `keyUsage = critical, digitalSignature${key === RSA ? ', keyEncipherment' : ''}`,
      ca ? '' : `extendedKeyUsage = ${usage}`,
      san === undefined ? '' : `subjectAltName = ${san}`,
    ].join('\n'),
  )
  const signer = issuer
    ? ['-cert', issuer.file('crt'), '-keyfile', issuer.file('key')]
    : ['-selfsign', '-keyfile', file('key')]
  openssl(
    ...['ca', '-batch', '-notext', '-config', file('cnf'), ...signer],
    ...['-startdate', start, '-enddate', end, '-in', file('csr'), '-out', file('crt')],
  )
  const certificate = readFileSync(file('crt'), 'utf8')
  const chain = (more.chain ?? []).map((authority) => authority.certificate)
  return {
    file,
    certificate: [certificate, ...chain].join(''),
    privateKey: readFileSync(file('key'), 'utf8'),
  }
}

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function print(authorities, pairs) {
  const text = (pem) => `\`${pem.trim()}\n\``
  const parts = [
    '// TEST ONLY: these private keys are public. Made by scripts/create-fixtures.mjs; do not edit.',
    '',
    '/** A certificate and its key, both as PEM text. */',
    'export interface CertificateFixture {',
    '  /** The leaf, then what else it sends, each the issuer of the one before. */',
    '  readonly certificate: string',
    '  /** The private key of the leaf, PKCS #8. */',
    '  readonly privateKey: string',
    '}',
  ]
  for (const [name, [authority, comment]] of Object.entries(authorities)) {
    parts.push('', `/** ${comment} */`)
    parts.push(`export const ${name}: string = ${text(authority.certificate)}`)
  }
  for (const [name, [pair, comment]] of Object.entries(pairs)) {
    parts.push('', `/** ${comment} */`, `export const ${name}: CertificateFixture = {`)
    parts.push(`  certificate: ${text(pair.certificate)},`)
    parts.push(`  privateKey: ${text(pair.privateKey)},`, '}')
  }
  return `${parts.join('\n')}\n`
}
