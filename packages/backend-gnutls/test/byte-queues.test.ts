import test from 'ava'
import { giveBack, Outgoing, uninitialized } from '#src/byte-queues.js'

const SIZE = 66_048

/** What a write of so many bytes is sent from. */
function chunkOf(size: number): Uint8Array {
  const outgoing = new Outgoing()
  outgoing.expect(size)
  outgoing.reserve(size)
  return outgoing.take() as Uint8Array
}

test('byte-queues/nothing-is-sent-of-what-could-not-be-made', (t) => {
  const outgoing = new Outgoing()
  outgoing.fill(3, (room) => room.fill(1))
  const failure = new Error('no')
  const fail = () =>
    outgoing.fill(100, (room) => {
      room.fill(9)
      throw failure
    })
  t.throws(fail, { is: failure })
  outgoing.fill(2, (room) => room.fill(2))
  t.deepEqual(outgoing.take(), Uint8Array.of(1, 1, 1, 2, 2))
})

test.serial('byte-queues/memory-is-used-again-once-it-is-given-back', (t) => {
  const first = chunkOf(SIZE)
  const second = chunkOf(SIZE)
  t.not(second.buffer, first.buffer)
  giveBack(first)
  const third = chunkOf(SIZE)
  t.is(third.buffer, first.buffer)
  t.not(chunkOf(SIZE).buffer, first.buffer, 'only once')
})

test.serial('byte-queues/what-is-given-back-is-as-large-as-is-needed', (t) => {
  const large = uninitialized(4 * SIZE)
  giveBack(large)
  t.not(chunkOf(SIZE).buffer, large.buffer)
  t.not(chunkOf(5 * SIZE).buffer, large.buffer)
  t.is(chunkOf(3 * SIZE).buffer, large.buffer)
})

test.serial('byte-queues/a-few-are-kept-and-no-more', (t) => {
  const given = Array.from({ length: 20 }, () => chunkOf(SIZE))
  for (const chunk of given) giveBack(chunk)
  const buffers = new Set(given.map(({ buffer }) => buffer))
  const again = Array.from({ length: 20 }, () => chunkOf(SIZE))
  t.is(again.filter(({ buffer }) => buffers.has(buffer)).length, 8)
})
