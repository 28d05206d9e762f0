import { ExtendedKeyUsage, KeyUsage, Version } from '@peculiar/asn1-x509'
import { TlsCertificateFlags } from '@tlsio/core'
import test from 'ava'
import {
  CLIENT_AUTH,
  critical,
  extension,
  type Made,
  make,
  NOW,
  type Recipe,
  SERVER_AUTH,
  withExtension,
  without,
  withValue,
} from './support/certificate-maker.js'
import { ask, expectFindings, type Question } from './support/expect.js'

const root = make({ ca: true, name: 'root' })
const ca = make({ ca: true, name: 'intermediate', issuer: root })

/** A path of three with something about the leaf, the CA in the middle, or the anchor. */
function withLeaf(recipe: Recipe): Question {
  return { leaf: make({ issuer: ca, ...recipe }), others: [ca], anchors: [root] }
}

function withCa(recipe: Recipe, leaf: Recipe = {}): Question {
  const changed = make({ ca: true, name: 'changed', issuer: root, ...recipe })
  return { leaf: make({ issuer: changed, ...leaf }), others: [changed], anchors: [root] }
}

function withAnchor(recipe: Recipe): Question {
  const changed = make({ ca: true, name: 'changed root', ...recipe })
  return { leaf: make({ issuer: changed }), anchors: [changed] }
}

const rejected = (title: string, question: () => Question, ...findings: string[]) =>
  test(`path-validation/rejects/${title}`, async (t) => {
    await expectFindings(t, question(), ...findings)
  })

const accepted = (title: string, question: () => Question) =>
  test(`path-validation/accepts/${title}`, async (t) => {
    await expectFindings(t, question())
  })

test('path-validation/the-path-that-was-found', async (t) => {
  const leaf = make({ issuer: ca })
  const { flags, path } = await expectFindings(t, { leaf, others: [ca], anchors: [root] })
  t.is(flags, 0)
  t.deepEqual(path, [leaf.der, ca.der, root.der])
})

test('path-validation/all-flags-that-apply', async (t) => {
  const old = make({ ca: true, name: 'old', issuer: root, notAfter: '2021-01-01T00:00:00Z' })
  const leaf = make({ issuer: old, notBefore: '2030-01-01T00:00:00Z', purposes: [CLIENT_AUTH] })
  const question = { leaf, others: [old], anchors: [root] }
  const { flags } = await expectFindings(
    t,
    question,
    'not-activated 0',
    'expired 1',
    'extended-key-usage 0 2.5.29.37',
  )
  const { NOT_ACTIVATED, EXPIRED, GENERIC_ERROR, UNKNOWN_CA } = TlsCertificateFlags
  t.is(flags, NOT_ACTIVATED | EXPIRED | GENERIC_ERROR)
  const untrusted = await ask({ ...question, anchors: [] })
  t.is(untrusted.flags, NOT_ACTIVATED | EXPIRED | GENERIC_ERROR | UNKNOWN_CA)
})

test('path-validation/no-certificate-at-all', async (t) => {
  const leaf = { ...root, der: Uint8Array.of(0x30, 0x80) }
  await t.throwsAsync(ask({ leaf, anchors: [root] }), { code: 'TLS_BAD_CERTIFICATE' })
})

// Validity, RFC 5280 §6.1.3 (a) (2).
rejected('expired-leaf', () => withLeaf({ notAfter: '2025-12-31T23:59:59Z' }), 'expired 0')
rejected('expired-ca', () => withCa({ notAfter: '2025-12-31T23:59:59Z' }), 'expired 1')
rejected('expired-anchor', () => withAnchor({ notAfter: '2025-12-31T23:59:59Z' }), 'expired 1')
rejected('future-ca', () => withCa({ notBefore: '2026-01-01T00:00:01Z' }), 'not-activated 1')
accepted('first-and-last-instant', () =>
  withLeaf({ notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' }),
)

// Signatures and names, §6.1.3 (a) (1), (4).
rejected('nobody-known', () => ({ leaf: make({ issuer: ca }), anchors: [root] }), 'untrusted 0')
rejected('self-signed', () => ({ leaf: make(), anchors: [root] }), 'untrusted 0')
rejected(
  'namesake-of-the-anchor',
  () => ({ leaf: make({ issuer: make({ ca: true, name: 'root' }) }), anchors: [root] }),
  'bad-signature 0',
)
rejected(
  'signature-of-somebody-else',
  () => {
    const leaf = make({ issuer: ca })
    const der = leaf.der.slice()
    der[der.length - 1] = (der.at(-1) as number) ^ 1
    return { leaf: { ...leaf, der }, others: [ca], anchors: [root] }
  },
  'bad-signature 0',
)
accepted('leaf-that-is-trusted-itself', () => {
  const leaf = make()
  return { leaf, anchors: [leaf] }
})
accepted('leaf-trusted-itself-without-its-issuer', () => {
  const leaf = make({ issuer: ca })
  return { leaf, anchors: [leaf] }
})
rejected(
  'trusted-leaf-as-authority',
  () => {
    const trusted = make({ name: 'trusted' })
    return { leaf: make({ issuer: trusted }), anchors: [trusted] }
  },
  'not-an-authority 1 2.5.29.19',
  'key-usage 1 2.5.29.15',
)
accepted('names-that-differ-in-case-and-space', () => {
  const spelt = make({ ca: true, name: '  INTERmediate ', issuer: root, keys: ca.keys })
  return { leaf: make({ issuer: spelt }), others: [ca], anchors: [root] }
})
accepted('intermediate-as-anchor', () => ({ leaf: make({ issuer: ca }), anchors: [ca] }))

// Basic constraints and path length, §6.1.4 (k) to (m).
rejected(
  'authority-without-basic-constraints',
  () => withCa({ change: without('2.5.29.19') }),
  'not-an-authority 1 2.5.29.19',
)
rejected(
  'leaf-as-authority',
  () => withCa({ ca: false }),
  'not-an-authority 1 2.5.29.19',
  'key-usage 1 2.5.29.15',
)
rejected(
  'basic-constraints-that-are-not-critical',
  () => withCa({ change: critical('2.5.29.19', false) }),
  'profile 1 2.5.29.19',
)
accepted('path-length-0', () => withCa({ pathLength: 0 }))
rejected(
  'path-length-exceeded',
  () => {
    const first = make({ ca: true, name: 'first', issuer: root, pathLength: 0 })
    const second = make({ ca: true, name: 'second', issuer: first })
    return { leaf: make({ issuer: second }), others: [first, second], anchors: [root] }
  },
  'path-length 2 2.5.29.19',
)
rejected(
  'path-length-of-the-anchor-exceeded',
  () => {
    const anchor = make({ ca: true, name: 'anchor', pathLength: 0 })
    const second = make({ ca: true, name: 'second', issuer: anchor })
    return { leaf: make({ issuer: second }), others: [second], anchors: [anchor] }
  },
  'path-length 2 2.5.29.19',
)
accepted('path-length-does-not-count-self-issued', () => {
  const first = make({ ca: true, name: 'same', issuer: root, pathLength: 0 })
  const second = make({ ca: true, name: 'same', issuer: first })
  return { leaf: make({ issuer: second }), others: [first, second], anchors: [root] }
})
rejected(
  'more-intermediates-than-allowed',
  () => ({ ...withLeaf({}), maxIntermediates: 0 }),
  'path-length 2',
)

// Key usage, §4.2.1.3, and extended key usage, §4.2.1.12.
rejected(
  'key-not-for-certificates',
  () => withCa({ change: withValue('2.5.29.15', new KeyUsage(64)) }),
  'key-usage 1 2.5.29.15',
)
accepted('authority-without-key-usage', () => withCa({ change: without('2.5.29.15') }))
accepted('leaf-without-key-usage', () => withLeaf({ change: without('2.5.29.15') }))
rejected(
  'leaf-for-certificates',
  () => withLeaf({ change: withValue('2.5.29.15', new KeyUsage(33)) }),
  'key-usage 0 2.5.29.15',
)
rejected(
  'leaf-for-no-handshake',
  () => withLeaf({ change: withValue('2.5.29.15', new KeyUsage(2)) }),
  'key-usage 0 2.5.29.15',
)
accepted('leaf-for-key-encipherment', () =>
  withLeaf({ change: withValue('2.5.29.15', new KeyUsage(4)) }),
)
rejected(
  'other-purpose',
  () => withLeaf({ purposes: [CLIENT_AUTH] }),
  'extended-key-usage 0 2.5.29.37',
)
accepted('client-for-a-server', () => ({
  ...withLeaf({ purposes: [CLIENT_AUTH] }),
  purpose: 'clientAuth',
}))
rejected(
  'server-for-a-server',
  () => ({ ...withLeaf({ purposes: [SERVER_AUTH] }), purpose: 'clientAuth' }),
  'extended-key-usage 0 2.5.29.37',
)
accepted('several-purposes', () => withLeaf({ purposes: [CLIENT_AUTH, SERVER_AUTH] }))
accepted('any-purpose', () => withLeaf({ purposes: ['2.5.29.37.0'] }))
accepted('no-purpose-said', () => withLeaf({ purposes: [] }))
rejected(
  'authority-of-another-purpose',
  () => withCa({ purposes: [CLIENT_AUTH] }),
  'extended-key-usage 1 2.5.29.37',
)
accepted('authority-of-this-purpose', () => withCa({ purposes: [SERVER_AUTH] }))
accepted('authority-of-any-purpose', () => withCa({ purposes: ['2.5.29.37.0'] }))
rejected(
  'anchor-of-another-purpose',
  () => withAnchor({ purposes: [CLIENT_AUTH] }),
  'extended-key-usage 1 2.5.29.37',
)

// The public web, where it is stricter.
const webpki = (question: Question): Question => ({ ...question, profile: 'webpki' })
accepted('webpki', () => webpki(withLeaf({})))
const onPurpose = 'extended-key-usage 0 2.5.29.37'
rejected('webpki/no-purpose-said', () => webpki(withLeaf({ purposes: [] })), onPurpose)
rejected(
  'webpki/any-purpose',
  () => webpki(withLeaf({ purposes: [SERVER_AUTH, '2.5.29.37.0'] })),
  onPurpose,
)
rejected(
  'webpki/critical-purpose',
  () => webpki(withLeaf({ change: critical('2.5.29.37', true) })),
  onPurpose,
)
rejected(
  'webpki/anchor-with-purpose',
  () => webpki(withAnchor({ purposes: [SERVER_AUTH] })),
  'extended-key-usage 1 2.5.29.37',
)
rejected(
  'webpki/critical-names',
  () => webpki(withLeaf({ change: critical('2.5.29.17', true) })),
  'profile 0 2.5.29.17',
)
rejected(
  'webpki/anchor-names-another-key',
  () => webpki(withAnchor({ change: withValue('2.5.29.14', Uint8Array.of(4, 1, 1)) })),
  'profile 1 2.5.29.35',
)

// Extensions, §4.2.
const UNKNOWN = '1.3.6.1.4.1.99999.1'
for (const isCritical of [true, false]) {
  const change = withExtension(extension(UNKNOWN, Uint8Array.of(5, 0), isCritical))
  const title = `unknown-extension-${isCritical ? 'critical' : 'not-critical'}`
  for (const [position, question] of [withLeaf, withCa, withAnchor].entries()) {
    const where = ['leaf', 'ca', 'anchor'][position]
    const at = position === 0 ? 0 : 1
    if (isCritical) {
      const finding = `unknown-critical-extension ${at} ${UNKNOWN}`
      rejected(`${title}/${where}`, () => question({ change }), finding)
    } else accepted(`${title}/${where}`, () => question({ change }))
  }
}
rejected(
  'critical-key-identifier',
  () => withLeaf({ change: critical('2.5.29.35', true) }),
  'unknown-critical-extension 0 2.5.29.35',
)
rejected(
  'extension-twice',
  () =>
    withLeaf({
      change: withExtension(extension('2.5.29.37', new ExtendedKeyUsage([SERVER_AUTH]))),
    }),
  'duplicate-extension 0 2.5.29.37',
)
const malformed: readonly (readonly [id: string, der: readonly number[], why: string])[] = [
  ['2.5.29.19', [0x30, 0x03, 0x02, 0x01, 0x00], 'path-length-of-no-authority'],
  ['2.5.29.19', [0x30, 0x03, 0x01, 0x01, 0x01], 'boolean-that-is-not-der'],
  ['2.5.29.15', [0x03, 0x02, 0x07, 0x00], 'no-bit-set'],
  ['2.5.29.15', [0x03, 0x02, 0x07, 0xc0], 'unused-bit-set'],
  ['2.5.29.37', [0x30, 0x00], 'no-purpose'],
  ['2.5.29.17', [0x30, 0x00], 'no-name'],
  ['2.5.29.17', [0x30, 0x05, 0x87, 0x03, 1, 2, 3], 'address-of-three-bytes'],
  ['2.5.29.17', [0x30, 0x03, 0x82, 0x01, 0xe9], 'host-name-not-ascii'],
  ['2.5.29.35', [0x30, 0x03, 0x82, 0x01, 0x01], 'issuer-without-name'],
  ['2.5.29.14', [0x30, 0x00], 'no-octet-string'],
  ['2.5.29.14', [0x04, 0x01, 0x00, 0x00], 'something-behind'],
]
for (const [id, der, why] of malformed) {
  const change = withValue(id, Uint8Array.from(der))
  const more = id === '2.5.29.35' ? [`profile 0 ${id}`] : []
  rejected(`malformed/${why}`, () => withLeaf({ change }), `malformed-extension 0 ${id}`, ...more)
}
rejected(
  'malformed/information-access',
  () => withLeaf({ change: withExtension(extension('1.3.6.1.5.5.7.1.1', Uint8Array.of(0x30, 0))) }),
  'malformed-extension 0 1.3.6.1.5.5.7.1.1',
)
rejected(
  'policy-demanded',
  () =>
    withCa({
      change: withExtension(extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0), true)),
    }),
  'policy 1 2.5.29.36',
)
accepted('policy-not-demanded', () =>
  withCa({
    change: withExtension(extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x81, 1, 0), true)),
  }),
)

// Fields, §4.1.
rejected(
  'version-1',
  () =>
    withLeaf({
      change: (tbs) => {
        tbs.version = Version.v1
        delete tbs.extensions
      },
    }),
  'profile 0',
  'profile 0 2.5.29.35',
)
rejected(
  'two-signature-algorithms',
  () =>
    withLeaf({
      change: (tbs) => {
        tbs.signature = Object.assign(Object.create(Object.getPrototypeOf(tbs.signature)), {
          ...tbs.signature,
          algorithm: '1.2.840.10045.4.3.3',
        })
      },
    }),
  'unsupported-signature 0',
)
rejected('serial-number-0', () => withLeaf({ serial: [0] }), 'profile 0')
rejected('serial-number-negative', () => withLeaf({ serial: [0x80] }), 'profile 0')
rejected('serial-number-of-21-bytes', () => withLeaf({ serial: Array(21).fill(1) }), 'profile 0')
accepted('serial-number-of-20-bytes', () => withLeaf({ serial: Array(20).fill(1) }))
accepted('serial-number-0-of-an-anchor', () => withAnchor({ serial: [0] }))
rejected('authority-without-name', () => withCa({ name: '' }), 'profile 0', 'profile 1')
rejected(
  'names-not-critical-without-subject',
  () => withLeaf({ name: '', change: critical('2.5.29.17', false) }),
  'profile 0 2.5.29.17',
)
accepted('no-subject', () => withLeaf({ name: '' }))
rejected(
  'leaf-does-not-identify-its-issuer',
  () => withLeaf({ change: without('2.5.29.35') }),
  'profile 0 2.5.29.35',
)
accepted('root-does-not-identify-its-issuer', () => withAnchor({ change: without('2.5.29.35') }))
rejected(
  'authority-without-key-identifier',
  () => withCa({ change: without('2.5.29.14') }),
  'profile 1 2.5.29.14',
)
rejected(
  'leaf-constrains-names',
  () => withLeaf({ constraints: { permitted: [{ dNSName: 'test' }] } }),
  'profile 0 2.5.29.30',
)

// A verdict depends on what it is asked, not on what was asked before.
test('path-validation/time-counts-anew-when-signatures-are-remembered', async (t) => {
  const { PathValidator } = await import('#src/path-validation/index.js')
  const validator = new PathValidator([root.der])
  const leaf: Made = make({ issuer: ca })
  const others = [ca.der]
  t.is((await validator.validate(leaf.der, { others, time: NOW })).flags, 0)
  const later = { others, time: Date.parse('2041-01-01T00:00:00Z') }
  t.is((await validator.validate(leaf.der, later)).flags, TlsCertificateFlags.EXPIRED)
  t.is((await validator.validate(leaf.der, { time: NOW })).flags, TlsCertificateFlags.UNKNOWN_CA)
})

test('path-validation/bytes-that-change-afterwards-do-no-harm', async (t) => {
  const { PathValidator } = await import('#src/path-validation/index.js')
  const validator = new PathValidator([ca.der])
  const bytes = make({ issuer: ca }).der
  t.is((await validator.validate(bytes, { time: NOW })).flags, 0)
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
  t.is((await validator.validate(bytes, { time: NOW })).flags, TlsCertificateFlags.UNKNOWN_CA)
})

test('path-validation/no-time-and-no-limit-fail', async (t) => {
  const question = withLeaf({})
  const { NOT_ACTIVATED, EXPIRED } = TlsCertificateFlags
  t.is((await ask({ ...question, time: Number.NaN })).flags, NOT_ACTIVATED | EXPIRED)
  const { findings } = await ask({ ...question, maxIntermediates: Number.NaN })
  t.deepEqual(new Set(findings.map(({ rule }) => rule)), new Set(['path-length']))
})
