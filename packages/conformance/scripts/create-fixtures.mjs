// Creates src/fixtures/fixtures.ts, the test PKI, or adds to it what is new here. TEST ONLY.
//
//   node packages/conformance/scripts/create-fixtures.mjs
//
// What the file has stays as it is. Without the file all is made anew, with new keys.
// Needs the openssl command, 3.0 or newer.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(new URL('../src/fixtures/fixtures.ts', import.meta.url))
const always = ['20200101000000Z', '21200101000000Z']
const folder = mkdtempSync(join(tmpdir(), 'tlsio-fixtures-'))
// Keys are RSA: an engine that knows nothing else has to pass its part of the suite, too.
const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']
const BOTH_ENDS = 'serverAuth, clientAuth'
const PSS_KEY = ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']
const ED25519 = ['-algorithm', 'ED25519']
const PSS = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']
const MANY_NAMES = [
  ...['DNS:xn--bcher-kva.test', 'DNS:a_b.test', 'DNS:*.wild.test', 'DNS:x*.part.test'],
  ...['DNS:x.*.middle.test', 'DNS:*.*.twice.test', 'DNS:*.test', 'DNS:*', 'DNS:192.0.2.7'],
  ...['DNS:*.0.2.7', 'IP:192.0.2.1', 'IP:2001:db8:0:1:1:1:1:1', 'IP:::ffff:192.0.2.9'],
  ...['email:me@mail.test', 'URI:https://uri.test/'],
]
const MALFORMED_NAMES = [
  ...['nul.test\0.evil.test', 'nul-last.test\0', ' space.test', 'space-last.test '],
  ...['empty..test', '.dot.test', 'dot-last.test.', '*.wild.test.', 'port.test:443'],
  ...[`${'a'.repeat(64)}.test`, 'bücher.test'],
]
const kept = existsSync(target) ? declarations(readFileSync(target, 'utf8')) : new Map()

try {
  const testCa = authority('testCa', { name: 'Test CA', ca: true })
  const otherCa = authority('otherCa', { name: 'Other Test CA', ca: true })
  const clientCa = authority('clientCa', { name: 'Test Client CA', ca: true })
  const intermediateOf = (issuer) => once({ name: 'Test Intermediate CA', issuer, ca: true })
  const intermediate = intermediateOf(testCa)
  const clientIntermediate = intermediateOf(clientCa)
  const crossSigned = once({
    name: 'Test CA',
    issuer: otherCa,
    keyOf: testCa,
    ca: true,
    validity: ['20200101000000Z', '20200102000000Z'],
  })
  const namesCa = authority('namesCa', { name: 'Test CA of Many Names', ca: true })
  const impostor = once({ name: 'Test CA', ca: true })
  const chainRoot = once({ name: 'Chain Root CA', ca: true })
  const chainLink = once({ name: 'Chain Intermediate CA', issuer: chainRoot, ca: true })
  const ed25519Ca = once({ name: 'Ed25519 Test CA', key: ED25519, ca: true })
  const forged = (chain) => () =>
    issue({
      name: 'server',
      issuer: impostor,
      san: 'DNS:a.test',
      validity: ['20200101000000Z', '20200102000000Z'],
      keyIdentifiers: false,
      chain,
    })
  const leaf = (options) => () => issue(options)
  const server = (san, more = {}) => leaf({ name: 'server', issuer: testCa, san, ...more })

  const onCurve = (curve) =>
    leaf({
      name: curve,
      key: ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`],
      san: 'DNS:a.test',
    })

  const authorities = {
    testCa: [testCa, 'The trust anchor that signed every good certificate here.'],
    otherCa: [otherCa, 'A trust anchor that has nothing to do with {@link testCa}.'],
    clientCa: [clientCa, 'A trust anchor that signed certificates of clients.'],
    namesCa: [namesCa, 'A trust anchor that signed certificates with names of all kinds.'],
  }
  const pairs = {
    forA: [server('DNS:a.test'), 'For `a.test`; nothing is wrong with it.'],
    withEcKey: [
      server('DNS:a.test', { key: EC, usage: BOTH_ENDS }),
      'For `a.test`, with a key on P-256; nothing is wrong with it.',
    ],
    withEd25519Key: [
      server('DNS:a.test', { key: ED25519, usage: BOTH_ENDS }),
      'For `a.test`, with an Ed25519 key; nothing is wrong with it.',
    ],
    withPssKey: [
      server('DNS:a.test', { key: PSS_KEY, usage: BOTH_ENDS }),
      'For `a.test`, with a key for RSASSA-PSS only; nothing is wrong with it.',
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
    forManyNames: [
      leaf({ name: 'common.test', issuer: namesCa, san: MANY_NAMES.join(',') }),
      'For names of all kinds, some of them odd; `common.test` is its common name.',
    ],
    withMalformedNames: [
      leaf({ name: 'server', issuer: namesCa, san: rawNames(MALFORMED_NAMES) }),
      'Its names are no DNS names (RFC 5280 §4.2.1.6), though they look much like some.',
    ],
    viaIntermediate: [
      leaf({ name: 'server', issuer: intermediate, san: 'DNS:a.test', chain: [intermediate] }),
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
      forged([alone('testCa', testCa)]),
      'As {@link forgedExpired}; its chain includes the real {@link testCa}.',
    ],
    intermediateMissing: [
      leaf({ name: 'server', issuer: intermediate, san: 'DNS:a.test' }),
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
      leaf({ name: 'a.test', san: 'DNS:a.test' }),
      'For `a.test`, signed by nobody but itself.',
    ],
    fromOtherCa: [
      leaf({ name: 'server', issuer: otherCa, san: 'DNS:a.test' }),
      'For `a.test`, signed by {@link otherCa}.',
    ],
    commonNameOnly: [
      leaf({ name: 'a.test', issuer: testCa }),
      'Has `a.test` as its common name and no subject alternative name (RFC 9525 §2).',
    ],
    client: [
      leaf({ name: 'client', issuer: testCa, usage: 'clientAuth' }),
      'A client certificate; nothing is wrong with it.',
    ],
    otherClient: [
      leaf({ name: 'other client', issuer: testCa, usage: 'clientAuth' }),
      'Another client certificate; nothing is wrong with it.',
    ],
    clientByIntermediate: [
      leaf({
        name: 'client',
        issuer: clientIntermediate,
        usage: 'clientAuth',
        chain: [clientIntermediate],
      }),
      'A client certificate that {@link clientCa} vouches for by an intermediate in its chain.',
    ],
    forClientsOnly: [
      leaf({ name: 'server', issuer: clientCa, san: 'DNS:a.test', usage: 'clientAuth' }),
      'For `a.test`, signed by {@link clientCa}, but not for servers (RFC 5280 §4.2.1.12).',
    ],
    signedWithSha1: [
      leaf({ name: 'a.test', san: 'DNS:a.test', hash: 'sha1' }),
      'For `a.test`, signed by itself, with RSA and SHA-1.',
    ],
    signedWithPss: [
      leaf({ name: 'a.test', san: 'DNS:a.test', hash: 'sha384', signature: PSS }),
      'For `a.test`, signed by itself, with RSASSA-PSS and SHA-384 (RFC 4055 §3.1).',
    ],
    signedWithEd25519: [
      leaf({ name: 'server', issuer: ed25519Ca, san: 'DNS:a.test' }),
      'For `a.test`, with an RSA key, signed with Ed25519, which has no hash of its own.',
    ],
    upToItsRoot: [
      leaf({
        name: 'server',
        issuer: chainLink,
        san: 'DNS:a.test',
        chain: [chainLink, chainRoot],
      }),
      'For `a.test`; its chain includes an intermediate and the root.',
    ],
    manyNames: [
      leaf({
        name: 'a.test',
        subject:
          '/DC=test/DC=example/O=Example, Inc./OU=One+OU=Two/CN=a.test/emailAddress=me@a.test',
        issuer: chainLink,
        // dNSName a.test, *.a.test; iPAddress 192.0.2.1, 2001:db8::1, five bytes, eight bytes; a URI;
        // dNSName b.a.test.
        san: [
          'DER:30:56:82:06:61:2E:74:65:73:74:82:08:2A:2E:61:2E:74:65:73:74:87:04:C0:00:',
          '02:01:87:10:20:01:0D:B8:00:00:00:00:00:00:00:00:00:00:00:01:87:05:C0:00:',
          '02:01:00:87:08:C0:00:02:00:FF:FF:FF:00:86:0F:68:74:74:70:73:3A:2F:2F:61:',
          '2E:74:65:73:74:2F:82:08:62:2E:61:2E:74:65:73:74',
        ].join(''),
        validity: ['20490601000000Z', '20510601000000Z'],
      }),
      'With a long subject, names of many kinds, and valid from 2049-06-01 to 2051-06-01.',
    ],
  }
  const keys = {
    rsaKey: [leaf({ name: 'RSA', san: 'DNS:a.test' }), 'An RSA key; PKCS #1 is its older form.'],
    p256Key: [onCurve('P-256'), 'A key on P-256; SEC 1 is its older form.'],
    p384Key: [onCurve('P-384'), 'A key on P-384; SEC 1 is its older form.'],
    p521Key: [onCurve('P-521'), 'A key on P-521; SEC 1 is its older form.'],
  }
  writeFileSync(target, print(authorities, pairs, keys))
  const secret = ['-passout', 'pass:secret']
  const legacy = ['-legacy', ...secret]
  const pbes = (name) => ['-certpbe', name, '-keypbe', name, ...secret]
  const of = (name, ...options) => [name, options]
  const containers = {
    pkcs12: [of('forA', ...secret), '{@link forA}; AES-256, PBKDF2 and a MAC with SHA-256.'],
    pkcs12Aes128: [
      of('forA', ...pbes('AES-128-CBC'), '-macalg', 'sha1'),
      'The same; AES-128, SHA-1.',
    ],
    pkcs12Aes192: [
      of('forA', ...pbes('AES-192-CBC'), '-macalg', 'sha512'),
      'The same; AES-192, a MAC with SHA-512.',
    ],
    pkcs12Legacy: [
      of('forA', ...legacy),
      'The same, as old programs write it: RC2 with 40 bits, 3DES and SHA-1.',
    ],
    pkcs12Slow: [
      of('forA', ...secret, '-iter', '600000', '-nomaciter'),
      'The same; its encryption has 600,000 iterations.',
    ],
    pkcs12WithoutMac: [of('forA', ...secret, '-nomac'), 'The same; nothing but encryption.'],
    pkcs12OpenCertificate: [
      of('forA', ...secret, '-certpbe', 'NONE'),
      'The same; only the key is encrypted.',
    ],
    pkcs12EmptyPassword: [
      of('forA', '-legacy', '-passout', 'pass:'),
      'The same; its password is the empty text, as old programs take it.',
    ],
    pkcs12NonAscii: [of('forA', '-passout', 'pass:pässwörd €'), 'The same, password `pässwörd €`.'],
    pkcs12NonAsciiLegacy: [
      of('forA', '-legacy', '-passout', 'pass:pässwörd €'),
      'The same, as old programs write it.',
    ],
    pkcs12Ec: [of('withEcKey', ...secret), '{@link withEcKey}.'],
    pkcs12Ed25519: [of('withEd25519Key', ...secret), '{@link withEd25519Key}.'],
    pkcs12Chain: [
      of('viaIntermediate', ...secret, '-certfile', 'otherCa,testCa,forB'),
      '{@link viaIntermediate} with {@link testCa}, and two that do not belong to it.',
    ],
    pkcs12WithoutKey: [of('forA', ...secret, '-nokeys'), '{@link forA} without its key.'],
    pkcs12WithoutCertificate: [of('forA', ...secret, '-nocerts'), 'The key of {@link forA} alone.'],
  }
  const encryptedKeys = {
    encryptedKey: [['-v2', 'aes-256-cbc', ...secret], 'Key of {@link forA}, encrypted by PBES2.'],
    encryptedKeyLegacy: [
      ['-v1', 'PBE-SHA1-3DES', ...secret],
      'Key of {@link forA}, encrypted as in old PKCS #12.',
    ],
    traditionalKey: [
      ['-traditional', '-aes128', ...secret],
      'Key of {@link forA}, encrypted in the traditional format.',
    ],
  }
  appendFileSync(target, printContainers(containers, encryptedKeys))
} finally {
  rmSync(folder, { recursive: true })
}

/** What the file declares, by name. */
function declarations(text) {
  const found = text.matchAll(/^export const (\w+):.*?(?=\n\n\/\*\*|\n+(?![\s\S]))/gms)
  return new Map([...found].map(([declaration, name]) => [name, declaration]))
}

/** Makes it when it is first needed. */
function once(options) {
  let made
  return () => {
    made ??= issue(options)
    return made
  }
}

/** Keys of authorities are not kept, so one that is in the file already can sign nothing more. */
function authority(name, options) {
  const make = once(options)
  return () => {
    if (kept.has(name)) throw new Error(`The key of ${name} is gone: make all fixtures anew.`)
    return make()
  }
}

/** The certificate of an authority for a chain, which needs no key. */
function alone(name, make) {
  return () => {
    const pem = /-----BEGIN.*-----END CERTIFICATE-----\n/s.exec(kept.get(name) ?? '')
    return pem === null ? make() : { certificate: pem[0] }
  }
}

/** A subject alternative name with just these dNSName entries, whatever is in them (UTF-8). */
function rawNames(names) {
  const entries = names.map((name) => tagged(0x82, Buffer.from(name)))
  return `DER:${tagged(0x30, Buffer.concat(entries)).toString('hex')}`
}

/** An element of DER of up to 65,535 bytes (X.690 §8.1). */
function tagged(tag, content) {
  const { length } = content
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** Makes a key and a certificate for it; without an issuer it signs itself. */
function issue({ name, key = RSA, issuer, ca = false, san, usage = 'serverAuth', ...more }) {
  const id = `${Math.random().toString(36).slice(2)}`
  const file = (suffix) => join(folder, `${id}.${suffix}`)
  const [start, end] = more.validity ?? always
  if (more.keyOf) copyFileSync(more.keyOf().file('key'), file('key'))
  else openssl('genpkey', ...key, '-out', file('key'))
  openssl(
    'req',
    '-new',
    '-utf8',
    '-subj',
    more.subject ?? `/CN=${name}`,
    '-key',
    file('key'),
    '-out',
    file('csr'),
  )
  writeFileSync(file('db'), '')
  writeFileSync(
    file('cnf'),
    [
      '[ca]\ndefault_ca = it\n[it]',
      `database = ${file('db')}\nnew_certs_dir = ${folder}\nrand_serial = yes`,
      `default_md = ${more.hash ?? 'sha256'}`,
      'policy = any\nx509_extensions = extensions\nunique_subject = no',
      '[any]\ncommonName = supplied\n[extensions]',
      `basicConstraints = critical, CA:${ca}`,
      // Left out, they would be there all the same.
      more.keyIdentifiers === false
        ? 'subjectKeyIdentifier = none\nauthorityKeyIdentifier = none'
        : 'subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid',
      ca
        ? 'keyUsage = critical, keyCertSign, cRLSign'
        : `keyUsage = critical, digitalSignature${key === RSA ? ', keyEncipherment' : ''}`,
      ca ? '' : `extendedKeyUsage = ${usage}`,
      san === undefined ? '' : `subjectAltName = ${san}`,
    ].join('\n'),
  )
  const signer = issuer
    ? ['-cert', issuer().file('crt'), '-keyfile', issuer().file('key')]
    : ['-selfsign', '-keyfile', file('key')]
  openssl(
    ...['ca', '-batch', '-notext', '-config', file('cnf'), ...signer],
    ...(more.signature ?? []),
    ...(more.subject ? ['-preserveDN'] : []),
    ...['-startdate', start, '-enddate', end, '-in', file('csr'), '-out', file('crt')],
  )
  const certificate = readFileSync(file('crt'), 'utf8')
  const chain = (more.chain ?? []).map((link) => link().certificate)
  return {
    file,
    certificate: [certificate, ...chain].join(''),
    privateKey: readFileSync(file('key'), 'utf8'),
    traditionalKey: () => {
      openssl('pkey', '-traditional', '-in', file('key'), '-out', file('traditional'))
      return readFileSync(file('traditional'), 'utf8')
    },
  }
}

/** Containers and encrypted keys hold what the file has by now. */
function printContainers(containers, keys) {
  const made = declarations(readFileSync(target, 'utf8'))
  const pem = (name) => {
    const file = join(folder, `${name}.pem`)
    const blocks = made.get(name).match(/-----BEGIN [\s\S]*?-----END [A-Z ]+-----\n/g)
    writeFileSync(file, blocks.join(''))
    return file
  }
  const parts = []
  for (const [name, [[pair, options], comment]] of Object.entries(containers)) {
    parts.push(
      '',
      `/** PKCS #12 in base64; password \`secret\` unless it says another: ${comment} */`,
    )
    parts.push(kept.get(name) ?? `export const ${name}: string = \`${container(pair, options)}\``)
  }
  for (const [name, [options, comment]] of Object.entries(keys)) {
    parts.push('', `/** PEM; password \`secret\`: ${comment} */`)
    parts.push(kept.get(name) ?? `export const ${name}: string = \`${encryptedKey(options)}\``)
  }
  return `${parts.join('\n')}\n`

  function container(pair, options) {
    const files = options.map((option, at) =>
      options[at - 1] === '-certfile' ? joined(option) : option,
    )
    const out = join(folder, 'container.p12')
    openssl('pkcs12', '-export', '-in', pem(pair), ...files, '-out', out)
    return readFileSync(out)
      .toString('base64')
      .replace(/.{1,64}/g, '$&\n')
  }

  function joined(names) {
    const file = join(folder, 'others.pem')
    const certificates = names.split(',').map((name) => {
      const text = readFileSync(pem(name), 'utf8')
      return `${text.slice(0, text.indexOf('-----END CERTIFICATE-----'))}-----END CERTIFICATE-----\n`
    })
    writeFileSync(file, certificates.join(''))
    return file
  }

  function encryptedKey(options) {
    const [kind] = options
    const isTraditional = kind === '-traditional'
    const out = join(folder, 'encrypted.pem')
    const command = isTraditional ? ['rsa'] : ['pkcs8', '-topk8']
    openssl(...command, '-in', pem('forA'), ...options, '-out', out)
    return readFileSync(out, 'utf8')
  }
}

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function print(authorities, pairs, keys) {
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
    '',
    '/** The same with the key in two forms. */',
    'export interface KeyFixture extends CertificateFixture {',
    '  /** The private key in the form that is named for its algorithm. */',
    '  readonly traditionalKey: string',
    '}',
  ]
  for (const [name, [make, comment]] of Object.entries(authorities)) {
    parts.push('', `/** ${comment} */`)
    parts.push(kept.get(name) ?? `export const ${name}: string = ${text(make().certificate)}`)
  }
  for (const [name, [make, comment]] of Object.entries(pairs)) {
    parts.push('', `/** ${comment} */`, kept.get(name) ?? declare(name, make()))
  }
  for (const [name, [make, comment]] of Object.entries(keys)) {
    parts.push('', `/** ${comment} */`, kept.get(name) ?? declareKey(name, make()))
  }
  return `${parts.join('\n')}\n`

  function declare(name, { certificate, privateKey }) {
    return [
      `export const ${name}: CertificateFixture = {`,
      `  certificate: ${text(certificate)},`,
      `  privateKey: ${text(privateKey)},`,
      '}',
    ].join('\n')
  }
  function declareKey(name, { certificate, privateKey, traditionalKey }) {
    return [
      `export const ${name}: KeyFixture = {`,
      `  certificate: ${text(certificate)},`,
      `  privateKey: ${text(privateKey)},`,
      `  traditionalKey: ${text(traditionalKey())},`,
      '}',
    ].join('\n')
  }
}
