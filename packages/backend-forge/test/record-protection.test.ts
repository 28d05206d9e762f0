import test from 'ava'
import type { Awaitable } from '#src/awaitable.js'
import { chooseCiphers } from '#src/ciphers/choose.js'
import type { FatalAlert } from '#src/fatal-alert.js'
import { type DirectionKeys, RecordOpener, RecordSealer } from '#src/record-protection.js'
import { someBytes } from './support.js'

const DATA = 23
const keys: DirectionKeys = { macKey: someBytes(20), key: someBytes(16), iv: someBytes(16) }
const versions = { TLSv1: 1, 'TLSv1.1': 2 }

const libraries = ['node', 'webcrypto', 'noble'] as const

function protection(minor: number, library: (typeof libraries)[number] = 'node') {
  const ciphers = chooseCiphers(library)
  const ours = minor === 1 ? keys : { ...keys, iv: undefined }
  return {
    sealer: new RecordSealer(ciphers, ours, minor),
    opener: new RecordOpener(ciphers, ours, minor),
  }
}

async function sealOne(sealer: RecordSealer, fragment: Uint8Array): Promise<Uint8Array> {
  return (await sealer.seal(DATA, [fragment]))[0] as Uint8Array
}

async function alertOf(run: () => Awaitable<unknown>): Promise<number | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return (error as FatalAlert).alert
  }
}

for (const [version, minor] of Object.entries(versions)) {
  for (const library of libraries) {
    const title = `record-protection/${version}/${library}`
    const fresh = () => protection(minor, library)

    test(`${title}/any-length`, async (t) => {
      const { sealer, opener } = fresh()
      for (const length of [0, 1, 10, 11, 12, 27, 28, 255, 16_383, 16_384]) {
        const sealed = await sealOne(sealer, someBytes(length))
        t.is(sealed.length % 16, 0)
        t.deepEqual(Uint8Array.from(await opener.open(DATA, sealed)), someBytes(length))
      }
    })

    test(`${title}/understood-by-another-library`, async (t) => {
      const other = protection(minor, library === 'node' ? 'noble' : 'node')
      const { sealer, opener } = fresh()
      for (const length of [0, 16_383, 5]) {
        const sealed = await sealOne(sealer, someBytes(length))
        t.deepEqual(Uint8Array.from(await other.opener.open(DATA, sealed)), someBytes(length))
        const answer = someBytes(length + 1)
        const opened = await opener.open(DATA, await sealOne(other.sealer, answer))
        t.deepEqual(Uint8Array.from(opened), answer)
      }
    })

    test(`${title}/several-at-once`, async (t) => {
      const { sealer, opener } = fresh()
      const lengths = [1, 16_384, 0, 27]
      const first = await sealer.seal(DATA, lengths.map(someBytes))
      const sealed = [...first, await sealOne(sealer, someBytes(5))]
      // All are under way at once, the long ones for longer.
      const opened = await Promise.all(sealed.map((record) => opener.open(DATA, record)))
      t.deepEqual(
        opened.map((fragment) => Uint8Array.from(fragment)),
        [...lengths, 5].map(someBytes),
      )
    })

    test(`${title}/any-change-is-a-bad-record`, async (t) => {
      const { length } = await sealOne(fresh().sealer, someBytes(40))
      // The random block in front is thrown away; what follows it is not.
      for (let at = minor === 2 ? 128 : 0; at < length * 8; at++) {
        const { sealer, opener } = fresh()
        const sealed = Uint8Array.from(await sealOne(sealer, someBytes(40)))
        sealed[at >> 3] = (sealed[at >> 3] as number) ^ (1 << (at & 7))
        t.is(await alertOf(() => opener.open(DATA, sealed)), 20)
      }
    })

    test(`${title}/wrong-length-type-or-order`, async (t) => {
      const sealed = async () => {
        const { sealer, opener } = fresh()
        const [first, second] = [
          await sealOne(sealer, someBytes(1)),
          await sealOne(sealer, keys.key),
        ]
        return { opener, first, second }
      }
      const { length } = (await sealed()).first
      for (let cut = 0; cut < length; cut++) {
        const { opener, first } = await sealed()
        t.is(await alertOf(() => opener.open(DATA, first.subarray(0, cut))), 20)
      }
      const other = await sealed()
      t.is(await alertOf(() => other.opener.open(22, other.first)), 20)
      const swapped = await sealed()
      t.is(await alertOf(() => swapped.opener.open(DATA, swapped.second)), 20)
      const again = await sealed()
      await again.opener.open(DATA, again.first)
      t.is(await alertOf(() => again.opener.open(DATA, again.first)), 20, 'replayed')
    })

    test(`${title}/too-much-is-an-overflow`, async (t) => {
      const { sealer, opener } = fresh()
      const sealed = await sealOne(sealer, new Uint8Array(16_385))
      t.is(await alertOf(() => opener.open(DATA, sealed)), 22)
    })

    // Others pad with more than they need to (RFC 4346 §6.2.3.2): with 20 bytes of MAC, to these.
    for (const padding of [11, 27, 251]) {
      test(`${title}/padding-of-${padding}`, async (t) => {
        const content = async (changed?: number) => {
          const prefix = minor === 1 ? 0 : 16
          const blocks = new Uint8Array(prefix + 20 + padding + 1)
          blocks.set(await emptyMac(minor), prefix)
          blocks.fill(padding, prefix + 20)
          if (changed !== undefined) blocks[prefix + 20 + changed] = padding ^ 1
          return chooseCiphers('node').cbcEncryptor(keys.key, keys.iv as Uint8Array)(blocks)
        }
        const sealed = await content()
        t.deepEqual([...(await fresh().opener.open(DATA, sealed))], [])
        for (let changed = 0; changed <= padding; changed++) {
          const damaged = await content(changed)
          t.is(await alertOf(() => fresh().opener.open(DATA, damaged)), 20)
        }
      })
    }
  }
}

/** The MAC of a first record without data. */
function emptyMac(minor: number): Awaitable<Uint8Array> {
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, DATA, 3, minor, 0, 0)
  return chooseCiphers('node').hmacSha1(keys.macKey)(header)
}

test('record-protection/TLSv1.1/vectors-are-random', async (t) => {
  const { sealer } = protection(2)
  const first = await sealOne(sealer, someBytes(16))
  const second = await sealOne(sealer, someBytes(16))
  t.notDeepEqual(first.subarray(0, 16), second.subarray(0, 16))
})

test('record-protection/nothing-waits-that-need-not', (t) => {
  const { sealer, opener } = protection(2, 'noble')
  const [sealed] = sealer.seal(DATA, [someBytes(3)]) as readonly Uint8Array[]
  t.deepEqual([...(opener.open(DATA, sealed as Uint8Array) as Uint8Array)], [...someBytes(3)])
})
