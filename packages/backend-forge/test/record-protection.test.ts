import test from 'ava'
import { chooseCiphers } from '#src/ciphers/choose.js'
import type { FatalAlert } from '#src/fatal-alert.js'
import { type DirectionKeys, RecordOpener, RecordSealer } from '#src/record-protection.js'
import { someBytes } from './support.js'

const DATA = 23
const keys: DirectionKeys = { macKey: someBytes(20), key: someBytes(16), iv: someBytes(16) }
const versions = { TLSv1: 1, 'TLSv1.1': 2 }

function protection(minor: number, library: 'node' | 'noble' = 'node') {
  const ciphers = chooseCiphers(library)
  const ours = minor === 1 ? keys : { ...keys, iv: undefined }
  return {
    sealer: new RecordSealer(ciphers, ours, minor),
    opener: new RecordOpener(ciphers, ours, minor),
  }
}

function sealOne(sealer: RecordSealer, fragment: Uint8Array): Uint8Array {
  return sealer.seal(DATA, [fragment])[0] as Uint8Array
}

function alertOf(run: () => unknown): number | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as FatalAlert).alert
  }
}

for (const [version, minor] of Object.entries(versions)) {
  for (const library of ['node', 'noble'] as const) {
    test(`record-protection/${version}/${library}/any-length`, (t) => {
      const { sealer, opener } = protection(minor, library)
      for (const length of [0, 1, 10, 11, 12, 27, 28, 255, 16_383, 16_384]) {
        const sealed = sealOne(sealer, someBytes(length))
        t.is(sealed.length % 16, 0)
        t.deepEqual(Uint8Array.from(opener.open(DATA, sealed)), someBytes(length))
      }
    })
  }

  test(`record-protection/${version}/several-at-once`, (t) => {
    const { sealer, opener } = protection(minor)
    const lengths = [1, 16_384, 0, 27]
    const sealed = [...sealer.seal(DATA, lengths.map(someBytes)), sealOne(sealer, someBytes(5))]
    t.deepEqual(
      sealed.map((record) => Uint8Array.from(opener.open(DATA, record))),
      [...lengths, 5].map(someBytes),
    )
  })

  test(`record-protection/${version}/any-change-is-a-bad-record`, (t) => {
    const length = sealOne(protection(minor).sealer, someBytes(40)).length
    for (let at = 0; at < length * 8; at++) {
      const { sealer, opener } = protection(minor)
      const sealed = Uint8Array.from(sealOne(sealer, someBytes(40)))
      // The random block in front is thrown away; what follows it is not.
      if (minor === 2 && at < 128) continue
      sealed[at >> 3] = (sealed[at >> 3] as number) ^ (1 << (at & 7))
      t.is(
        alertOf(() => opener.open(DATA, sealed)),
        20,
      )
    }
  })

  test(`record-protection/${version}/wrong-length-type-or-order`, (t) => {
    const sealed = (count: number) => {
      const { sealer, opener } = protection(minor)
      const records = Array.from({ length: count }, (_, at) => sealOne(sealer, someBytes(at + 1)))
      return { opener, records }
    }
    const { length } = sealed(1).records[0] as Uint8Array
    for (let cut = 0; cut < length; cut++) {
      const { opener, records } = sealed(1)
      const record = records[0] as Uint8Array
      t.is(
        alertOf(() => opener.open(DATA, record.subarray(0, cut))),
        20,
      )
    }
    const other = sealed(1)
    t.is(
      alertOf(() => other.opener.open(22, other.records[0] as Uint8Array)),
      20,
    )
    const swapped = sealed(2)
    t.is(
      alertOf(() => swapped.opener.open(DATA, swapped.records[1] as Uint8Array)),
      20,
    )
    const again = sealed(1)
    again.opener.open(DATA, again.records[0] as Uint8Array)
    t.is(
      alertOf(() => again.opener.open(DATA, again.records[0] as Uint8Array)),
      20,
      'replayed',
    )
  })

  test(`record-protection/${version}/too-much-is-an-overflow`, (t) => {
    const { sealer, opener } = protection(minor)
    t.is(
      alertOf(() => opener.open(DATA, sealOne(sealer, new Uint8Array(16_385)))),
      22,
    )
  })

  // Others pad with more than they need to (RFC 4346 §6.2.3.2): with 20 bytes of MAC, to these.
  for (const padding of [11, 27, 251]) {
    test(`record-protection/${version}/padding-of-${padding}`, (t) => {
      const content = (last: number) => {
        const prefix = minor === 1 ? 0 : 16
        const blocks = new Uint8Array(prefix + 20 + padding + 1)
        blocks.set(emptyMac(minor), prefix)
        blocks.fill(padding, prefix + 20)
        blocks[prefix + 20] = last
        return chooseCiphers('node').cbcEncryptor(keys.key, keys.iv as Uint8Array)(blocks)
      }
      t.deepEqual([...protection(minor).opener.open(DATA, content(padding))], [])
      t.is(
        alertOf(() => protection(minor).opener.open(DATA, content(padding ^ 1))),
        20,
      )
    })
  }
}

/** The MAC of a first record without data. */
function emptyMac(minor: number): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, DATA, 3, minor, 0, 0)
  return chooseCiphers('node').hmacSha1(keys.macKey)(header)
}

test('record-protection/TLSv1.1/vectors-are-random', (t) => {
  const { sealer } = protection(2)
  const [first, second] = [1, 2].map(() => sealOne(sealer, someBytes(16)).subarray(0, 16))
  t.notDeepEqual(first, second)
})
