import { TlsError } from '@tlsio/core'
import test from 'ava'
import { certificateFromPeer } from '#src/peer-chain.js'
import { ecKeys, type Made, make, without } from './path-validation/support/certificate-maker.js'

const AUTHORITY_KEY = '2.5.29.35'

const root = make({ ca: true, name: 'root' })
const upper = make({ ca: true, name: 'upper', issuer: root })
const lower = make({ ca: true, name: 'lower', issuer: upper })
const leaf = make({ issuer: lower })
const stranger = make({ ca: true, name: 'stranger' })

test('peer-chain/in-order', (t) => {
  t.deepEqual(linked(leaf, lower, upper, root), ['leaf', 'lower', 'upper', 'root'])
  t.deepEqual(linked(leaf), ['leaf'])
})

test('peer-chain/in-any-order', (t) => {
  t.deepEqual(linked(leaf, root, upper, lower), ['leaf', 'lower', 'upper', 'root'])
  t.deepEqual(linked(leaf, upper, stranger, lower), ['leaf', 'lower', 'upper'])
})

test('peer-chain/up-to-what-is-missing', (t) => {
  t.deepEqual(linked(leaf, lower, root), ['leaf', 'lower'])
  t.deepEqual(linked(leaf, stranger), ['leaf'])
})

test('peer-chain/duplicates-do-no-harm', (t) => {
  t.deepEqual(linked(leaf, leaf, lower, lower, upper, root, root, leaf), [
    'leaf',
    'lower',
    'upper',
    'root',
  ])
})

test('peer-chain/self-issued-ends-it', (t) => {
  const renewed = make({ ca: true, name: 'root', issuer: root, keys: ecKeys() })
  const below = make({ issuer: renewed })
  t.deepEqual(linked(below, renewed, root), ['leaf', 'root'])
})

test('peer-chain/next-one-is-preferred', (t) => {
  // Cross-signed: the same name and key from two issuers.
  const twin = make({ ca: true, name: 'lower', issuer: stranger, keys: lower.keys })
  t.deepEqual(linked(leaf, twin, lower, upper, stranger), ['leaf', 'lower', 'stranger'])
  t.deepEqual(linked(leaf, lower, twin, upper, stranger), ['leaf', 'lower', 'upper'])
})

test('peer-chain/key-identifiers-tell-names-apart', (t) => {
  const impostor = make({ ca: true, name: 'lower', issuer: stranger })
  t.deepEqual(linked(leaf, impostor, stranger), ['leaf'])
  t.deepEqual(linked(leaf, impostor, stranger, lower), ['leaf', 'lower'])
  const silent = make({ issuer: lower, change: without(AUTHORITY_KEY) })
  t.deepEqual(linked(silent, impostor, stranger), ['leaf', 'lower', 'stranger'])
})

test('peer-chain/circles-are-cut', (t) => {
  const keys = { a: ecKeys(), b: ecKeys() }
  const a = make({
    ca: true,
    name: 'a',
    keys: keys.a,
    issuer: { ...root, name: 'b', keys: keys.b },
  })
  const b = make({
    ca: true,
    name: 'b',
    keys: keys.b,
    issuer: { ...root, name: 'a', keys: keys.a },
  })
  const below = make({ issuer: a })
  t.deepEqual(linked(below, a, b, a), ['leaf', 'a', 'b'])
  t.deepEqual(linked(below, b, a), ['leaf', 'a', 'b'])
})

test('peer-chain/what-cannot-be-read', (t) => {
  const garbage = Uint8Array.of(0x30, 1, 0)
  const chain = certificateFromPeer([leaf.der, garbage, lower.der.slice(1), lower.der]).chain()
  t.is(chain.length, 2)
  for (const ders of [[], [garbage], [garbage, leaf.der]]) {
    const error = t.throws<TlsError>(() => certificateFromPeer(ders), { instanceOf: TlsError })
    t.is(error?.code, 'TLS_BAD_CERTIFICATE')
  }
})

test('peer-chain/only-so-many', (t) => {
  const many = Array.from({ length: 20_000 }, () => lower.der)
  t.is(certificateFromPeer([leaf.der, ...many, upper.der]).chain().length, 2)
})

test('peer-chain/bytes-are-copied', (t) => {
  const bytes = Buffer.from(leaf.der)
  const certificate = certificateFromPeer([bytes])
  bytes.fill(0)
  t.deepEqual(Buffer.from(certificate.der), Buffer.from(leaf.der))
})

/** Names of the chain that is made of them. */
function linked(...sent: Made[]): string[] {
  return certificateFromPeer(sent.map(({ der }) => der))
    .chain()
    .map(({ subjectName }) => subjectName.slice('CN='.length))
}
