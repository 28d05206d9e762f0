import { TlsError } from '@tlsio/core'
import test from 'ava'
import fc from 'fast-check'
import { DerError } from '#src/path-validation/der.js'
import { PathValidator } from '#src/path-validation/index.js'
import { PathCertificate } from '#src/path-validation/path-certificate.js'
import { play } from '../support/play.js'
import { make, NOW, nameOf } from './support/certificate-maker.js'
import { readWithLibrary } from './support/library-reader.js'

const root = make({ ca: true, name: 'root' })
const ca = make({
  ca: true,
  name: 'ca',
  issuer: root,
  pathLength: 0,
  constraints: {
    permitted: [{ dNSName: 'test' }, { rfc822Name: '.test' }, { directoryName: nameOf('leaf') }],
    excluded: [{ uniformResourceIdentifier: 'b.test' }],
  },
})
const leaf = make({
  issuer: ca,
  names: [
    { dNSName: 'a.test' },
    { dNSName: '*.b.test' },
    { iPAddress: '192.0.2.1' },
    { iPAddress: '2001:db8::1' },
    { rfc822Name: 'me@a.test' },
    { uniformResourceIdentifier: 'https://a.test/' },
    { directoryName: nameOf('leaf', 'more') },
    { registeredID: '1.2.3' },
  ],
})
const chain = { leaf: leaf.der, ca: ca.der }
type Part = keyof typeof chain

const validator = new PathValidator([root.der])

test('path-validation/fuzz/cut-at-every-byte', async (t) => {
  let inputs = 0
  for (const part of ['leaf', 'ca'] as const) {
    for (let length = 0; length < chain[part].length; length++) {
      await expectRefusal(part, chain[part].subarray(0, length))
      inputs++
    }
  }
  t.log(`${inputs} inputs`)
  t.pass()
})

test('path-validation/fuzz/every-bit-flipped', async (t) => {
  let inputs = 0
  for (const part of ['leaf', 'ca'] as const) {
    for (let bit = 0; bit < chain[part].length * 8; bit++) {
      const bytes = chain[part].slice()
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      await expectRefusal(part, bytes)
      inputs++
    }
  }
  t.log(`${inputs} inputs`)
  t.pass()
})

interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: readonly number[]
}

/** Bytes that are lengths, tags and numbers more often than others. */
const byte = fc.oneof(
  fc.nat(255),
  fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa3, 0xff),
)
/** Half of them keep the length: others rarely get past the first length that is wrong. */
const edit = fc
  .record({
    at: fc.nat(2000),
    remove: fc.nat(4),
    insert: fc.array(byte, { maxLength: 4 }),
    isInPlace: fc.boolean(),
  })
  .map(
    ({ at, remove, insert, isInPlace }): Edit => ({
      at,
      remove: isInPlace ? insert.length : remove,
      insert,
    }),
  )
const edits = fc
  .boolean()
  .chain((isShort) => fc.array(edit, { minLength: 1, maxLength: isShort ? 1 : 4 }))

test('path-validation/fuzz/edited', async (t) => {
  const property = fc.asyncProperty(
    fc.constantFrom<Part>('leaf', 'ca'),
    edits,
    async (part, changes) => {
      const bytes = edited(chain[part], changes)
      if (Buffer.compare(bytes, chain[part]) !== 0) await expectRefusal(part, bytes)
    },
  )
  await play(t, property, 20_000)
})

test('path-validation/fuzz/edited-anchors-and-lists', async (t) => {
  const property = fc.asyncProperty(edits, async (changes) => {
    const bytes = edited(root.der, changes)
    const other = new PathValidator([bytes])
    const verdict = await other.validate(leaf.der, {
      others: [ca.der],
      time: NOW,
      revocationLists: [bytes, edited(leaf.der, changes)],
    })
    // Nothing vouches for an anchor: it counts as it is. It must only be a verdict.
    if (!Number.isInteger(verdict.flags)) throw new Error(`The verdict is ${verdict.flags}.`)
  })
  await play(t, property, 4000)
})

test('path-validation/fuzz/read-as-the-library-reads', async (t) => {
  let both = 0
  const property = fc.asyncProperty(edits, async (changes) => {
    const bytes = edited(leaf.der, changes)
    let ours: PathCertificate
    let theirs: ReturnType<typeof readWithLibrary>
    try {
      ours = new PathCertificate(bytes)
    } catch (error) {
      if (!(error instanceof DerError)) throw error
      return
    }
    try {
      theirs = readWithLibrary(bytes)
    } catch {
      return
    }
    both++
    const { faults, subjectAltName } = ours.extensions
    const names = subjectAltName?.flatMap((name) => (name.kind === 'dns' ? [name.text] : [])) ?? []
    const isSame =
      ours.notBefore === theirs.notBefore &&
      ours.notAfter === theirs.notAfter &&
      (faults.length > 0 || names.join() === theirs.dnsNames.join())
    if (!isSame) throw new Error('The two read different things.')
  })
  await play(t, property, 4000)
  t.log(`${both} that both can read`)
})

/** What has been changed below the anchor is no certificate, or not signed by whom it says. */
async function expectRefusal(part: Part, bytes: Uint8Array): Promise<void> {
  const parts = { ...chain, [part]: bytes }
  try {
    const { flags } = await validator.validate(parts.leaf, { others: [parts.ca], time: NOW })
    if (flags === 0)
      throw new Error(`The ${part} was accepted: ${Buffer.from(bytes).toString('hex')}`)
  } catch (error) {
    const isRefusal = error instanceof TlsError && error.code === 'TLS_BAD_CERTIFICATE'
    if (part !== 'leaf' || !isRefusal) throw error
  }
}

function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  const result = [...bytes]
  for (const { at, remove, insert } of changes) {
    result.splice(at % (result.length + 1), remove, ...insert)
  }
  return Uint8Array.from(result)
}
