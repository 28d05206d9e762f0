// Creates src/fixtures/chains.ts: chains that break one rule of path validation each. TEST ONLY.
//
//   node packages/conformance/scripts/create-chains.mjs
//
// All is made anew, with new keys. Needs the openssl command, 3.0 or newer.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(new URL('../src/fixtures/chains.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tlsio-chains-'))
const always = ['20200101000000Z', '21200101000000Z']
const past = ['20200101000000Z', '20200102000000Z']
const future = ['21190101000000Z', '21200101000000Z']
const UNKNOWN_CRITICAL = '1.3.6.1.4.1.55555.1 = critical, ASN1:NULL'
let count = 0

try {
  const anchor = authority({ name: 'Chain Test CA' })
  const elsewhere = authority({ name: 'Somebody Else' })
  // Keys are RSA: an engine that knows nothing else has to pass its part of the suite, too. One key
  // is enough for all leaves.
  const leafKey = newKey()
  const link = (more = {}) => authority({ name: `Link ${++count}`, issuer: anchor, ...more })
  const leaf = (issuer, more = {}) =>
    issue({ name: 'server', key: leafKey, issuer, extensions: server(more), ...more })
  const by = (one, ...above) => pems(leaf(one), one, ...above)
  const linked = (more) => by(link(more))
  const nameless = link({ identifiers: false })

  const inner = authority({ name: 'Inner', issuer: anchor })
  const innermost = authority({ name: 'Innermost', issuer: inner })
  const shallow = link({ pathLength: 0 })
  const renamed = authority({ name: 'Both Ways', issuer: anchor })
  const renamedElsewhere = authority({ name: 'Both Ways', issuer: elsewhere, key: renamed.key })
  const leafAsIssuer = leaf(anchor, { name: 'No Authority', key: newKey() })
  const authorityLeaf = (usage) =>
    issue({
      name: 'server',
      key: leafKey,
      issuer: anchor,
      extensions: [...ca({ usage }), 'subjectAltName = DNS:a.test'],
    })
  const names = (value) => [`nameConstraints = ${value}`]

  const chains = {
    straight: [pems(leaf(anchor)), 'Signed by the anchor; nothing is wrong with it.'],
    threeLinks: [by(innermost, inner), 'Through two links; nothing is wrong with it.'],
    unordered: [pems(leaf(innermost), inner, innermost), 'As {@link threeLinks}, out of order.'],
    withStrangers: [
      pems(leaf(innermost), elsewhere, innermost, elsewhere, inner, inner),
      'As {@link threeLinks}, with strangers and duplicates.',
    ],
    crossSigned: [
      by(renamed, renamedElsewhere, elsewhere),
      'Its link was also signed by somebody who is not trusted; nothing is wrong with it.',
    ],
    withinPathLength: [by(shallow), 'Its link allows no more CAs below; nothing is wrong with it.'],
    withinNames: [
      linked({ extensions: names('critical, permitted;DNS:a.test') }),
      'Its link may issue for `a.test` only; nothing is wrong with it.',
    ],
    authorityAsServer: [
      pems(authorityLeaf('keyCertSign, digitalSignature')),
      'A CA that is a server itself; nothing is wrong with it.',
    ],
    linkForServers: [
      linked({ extensions: ['extendedKeyUsage = serverAuth'] }),
      'Its link is for servers only; nothing is wrong with it.',
    ],
    authorityNotForHandshakes: [
      pems(authorityLeaf('keyCertSign')),
      'A CA that is a server itself, with a key that is not for that (RFC 8446 §4.4.2.2).',
    ],
    pathTooLong: [
      by(authority({ name: 'Too Deep', issuer: shallow }), shallow),
      'Its link was issued by one that allows no more CAs below it (RFC 5280 §4.2.1.9).',
    ],
    leafAsIssuer: [by(leafAsIssuer), 'Issued by a certificate that is no CA (RFC 5280 §4.2.1.9).'],
    linkForNothing: [
      linked({ usage: 'digitalSignature' }),
      'Its link has a key that is not for certificates (RFC 5280 §4.2.1.3).',
    ],
    otherNamesPermitted: [
      linked({ extensions: names('critical, permitted;DNS:b.test') }),
      'Its link may issue for `b.test` only (RFC 5280 §4.2.1.10).',
    ],
    nameExcluded: [
      linked({ extensions: names('critical, excluded;DNS:a.test') }),
      'Its link may not issue for `a.test` (RFC 5280 §4.2.1.10).',
    ],
    linkForClients: [
      linked({ extensions: ['extendedKeyUsage = clientAuth'] }),
      'Its link is for clients only (RFC 5280 §4.2.1.12).',
    ],
    leafForCode: [
      pems(leaf(anchor, { purpose: 'codeSigning' })),
      'For signing code, not for servers (RFC 5280 §4.2.1.12).',
    ],
    leafUnknownExtension: [
      pems(leaf(anchor, { more: [UNKNOWN_CRITICAL] })),
      'Has a critical extension that nobody knows (RFC 5280 §4.2).',
    ],
    linkUnknownExtension: [
      linked({ extensions: [UNKNOWN_CRITICAL] }),
      'Its link has a critical extension that nobody knows (RFC 5280 §4.2).',
    ],
    linkExpired: [linked({ validity: past }), 'Its link expired on 2020-01-02T00:00:00Z.'],
    linkNotYetValid: [
      linked({ validity: future }),
      'Its link is not valid before 2119-01-01T00:00:00Z.',
    ],
    leafExpired: [pems(leaf(anchor, { validity: past })), 'Expired on 2020-01-02T00:00:00Z.'],
    linkMissing: [pems(leaf(inner)), 'Lacks the link between it and the anchor.'],
    fromElsewhere: [by(elsewhere), 'Leads to somebody who is not trusted.'],
    leafWithoutKeyIdentifier: [
      pems(leaf(anchor, { identifiers: false })),
      'Does not identify the key that signed it (RFC 5280 §4.2.1.1).',
    ],
    linkWithoutKeyIdentifiers: [
      pems(leaf(nameless, { identifiers: false }), nameless),
      'Neither it nor its link identifies a key (RFC 5280 §4.2.1.1, §4.2.1.2).',
    ],
    linkNotCritical: [
      linked({ critical: false }),
      'Its link is a CA by an extension that is not critical (RFC 5280 §4.2.1.9).',
    ],
    namesNotCritical: [
      linked({ extensions: names('permitted;DNS:a.test') }),
      'Its link constrains names by an extension that is not critical (RFC 5280 §4.2.1.10).',
    ],
    serialNumberZero: [
      pems(leaf(anchor, { serial: '00' })),
      'Has the serial number 0 (RFC 5280 §4.1.2.2).',
    ],
    policyDemanded: [
      linked({ extensions: ['policyConstraints = critical, requireExplicitPolicy:0'] }),
      'Its link demands a certificate policy, and there is none (RFC 5280 §4.2.1.11).',
    ],
  }
  writeFileSync(target, print(anchor, leafKey, chains))
} finally {
  rmSync(folder, { recursive: true })
}

function newKey() {
  const path = join(folder, `${++count}.key`)
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', path)
  return path
}

/** What makes a CA. */
function ca({ pathLength, critical = true, usage = 'keyCertSign, cRLSign' }) {
  const limit = pathLength === undefined ? '' : `, pathlen:${pathLength}`
  return [
    `basicConstraints = ${critical ? 'critical, ' : ''}CA:true${limit}`,
    `keyUsage = critical, ${usage}`,
  ]
}

function authority({ extensions = [], ...more }) {
  return issue({ key: newKey(), ...more, extensions: [...ca(more), ...extensions] })
}

function server({ purpose = 'serverAuth', more = [] }) {
  return [
    'basicConstraints = critical, CA:false',
    'keyUsage = critical, digitalSignature, keyEncipherment',
    `extendedKeyUsage = ${purpose}`,
    'subjectAltName = DNS:a.test',
    ...more,
  ]
}

/** Makes a certificate; without an issuer it signs itself. */
function issue({ name, key, issuer, extensions, validity = always, identifiers = true, serial }) {
  const file = (suffix) => join(folder, `${count}.${suffix}`)
  count++
  openssl('req', '-new', '-subj', `/CN=${name}`, '-key', key, '-out', file('csr'))
  writeFileSync(file('db'), '')
  if (serial !== undefined) writeFileSync(file('serial'), serial)
  const marks = identifiers
    ? ['subjectKeyIdentifier = hash', 'authorityKeyIdentifier = keyid']
    : ['subjectKeyIdentifier = none', 'authorityKeyIdentifier = none']
  writeFileSync(
    file('cnf'),
    [
      '[ca]\ndefault_ca = it\n[it]',
      `database = ${file('db')}\nnew_certs_dir = ${folder}`,
      serial === undefined ? 'rand_serial = yes' : `serial = ${file('serial')}`,
      'default_md = sha256\npolicy = any\nx509_extensions = extensions\nunique_subject = no',
      '[any]\ncommonName = supplied\n[extensions]',
      ...marks,
      ...extensions,
    ].join('\n'),
  )
  const signer = issuer
    ? ['-cert', issuer.path, '-keyfile', issuer.key]
    : ['-selfsign', '-keyfile', key]
  const [start, end] = validity
  openssl(
    ...['ca', '-batch', '-notext', '-config', file('cnf'), ...signer],
    ...['-startdate', start, '-enddate', end, '-in', file('csr'), '-out', file('crt')],
  )
  return { path: file('crt'), key, pem: readFileSync(file('crt'), 'utf8') }
}

function pems(...certificates) {
  return certificates.map(({ pem }) => pem).join('')
}

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function print(anchor, leafKey, chains) {
  const text = (pem) => `\`${pem.trim()}\n\``
  const parts = [
    '// TEST ONLY: this private key is public. Made by scripts/create-chains.mjs; do not edit.',
    '',
    '/** The trust anchor that all of these should lead to. */',
    `export const chainCa: string = ${text(anchor.pem)}`,
    '',
    '/** The private key of all leaves here, PKCS #8. */',
    `export const chainKey: string = ${text(readFileSync(leafKey, 'utf8'))}`,
  ]
  const all = Object.entries(chains)
  parts.push('', '/** Chains for `a.test`, leaf first, by what is to be said of them. */')
  parts.push('export interface TestChains {')
  for (const [name, [, comment]] of all) {
    parts.push(`  /** ${comment} */`, `  readonly ${name}: string`)
  }
  parts.push('}', '', '/** The chains, as PEM text. */', 'export const chains: TestChains = {')
  for (const [name, [pem]] of all) parts.push(`  ${name}: ${text(pem)},`)
  parts.push('}')
  return `${parts.join('\n')}\n`
}
