import test from 'ava'
import { premasterBlock } from '#src/premaster-secret.js'

const version = { major: 3, minor: 2 }

/** A block of type 2 as a good client makes it, with a secret of 48 bytes that begins with a version. */
function goodBlock(): Uint8Array {
  const block = new Uint8Array(256).fill(0x55)
  block.set([0, 2])
  block[207] = 0
  block.set([version.major, version.minor], 208)
  return block
}

function secretOf(block: Uint8Array): Uint8Array {
  return block.subarray(208)
}

/** Whether a block can be decoded, and names the version: then forge has nothing to complain of. */
function isSound(block: Uint8Array): boolean {
  const padding = block.subarray(2, 207)
  return (
    block.length === 256 &&
    block[0] === 0 &&
    block[1] === 2 &&
    padding.every((byte) => byte !== 0) &&
    block[207] === 0 &&
    block[208] === 3 &&
    block[209] === 2
  )
}

/** What attackers send, to learn from the answer what is in a block. */
const malformed: Readonly<Record<string, (block: Uint8Array) => void>> = {
  'first-byte-not-zero': (block) => block.set([1], 0),
  'type-1': (block) => block.set([1], 1),
  'type-0': (block) => block.set([0], 1),
  'zero-in-the-first-byte-of-padding': (block) => block.set([0], 2),
  'zero-in-the-last-byte-of-padding': (block) => block.set([0], 206),
  'no-zero-before-the-secret': (block) => block.set([7], 207),
  'longer-secret': (block) => block.set([0], 190),
  'shorter-secret': (block) => {
    block.set([7], 207)
    block.set([0], 220)
  },
  'another-major-version': (block) => block.set([2], 208),
  'another-minor-version': (block) => block.set([3], 209),
  'all-zeros': (block) => block.fill(0),
  'all-ones': (block) => block.fill(255),
}

test('premaster-secret/of-a-good-client', (t) => {
  const block = goodBlock()
  const result = premasterBlock(block, version)
  t.true(isSound(result))
  t.deepEqual(secretOf(result), secretOf(block))
})

for (const [name, damage] of Object.entries(malformed)) {
  test(`premaster-secret/random/${name}`, (t) => {
    const block = goodBlock()
    damage(block)
    const [first, second] = [premasterBlock(block, version), premasterBlock(block, version)]
    t.true(isSound(first))
    t.notDeepEqual(secretOf(first).subarray(2), secretOf(block).subarray(2))
    t.notDeepEqual(secretOf(first), secretOf(second), 'a new one each time')
  })
}
