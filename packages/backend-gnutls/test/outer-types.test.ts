import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { OuterTypes } from '#src/outer-types.js'

function record(type: number, length: number): Uint8Array {
  const body = new Uint8Array(length).fill(22)
  return concat(Uint8Array.of(type, 3, 3, length >> 8, length & 255), body)
}

test('outer-types/whatever-the-pieces', (t) => {
  const good = concat(record(23, 300), record(23, 0), record(21, 2), record(23, 22))
  const all = concat(good, record(22, 40), record(23, 5))
  for (const size of [1, 2, 3, 5, 7, 64, all.length]) {
    const types = new OuterTypes()
    let seen = 0
    for (let at = 0; at < all.length; at += size) {
      const piece = all.subarray(at, at + size)
      const end = types.endOfGood(piece)
      seen += end
      if (end < piece.length) break
    }
    t.is(seen, good.length, `pieces of ${size}`)
  }
})
