import { IoError, memoryStreamPair } from '@tlsio/core'
import test from 'ava'
import { pattern, readExactly, readToEnd } from '#src/bytes.js'
import { faultyStream, type StreamFaults } from '#src/faulty-stream.js'

function pair(faults?: StreamFaults) {
  const [near, far] = memoryStreamPair()
  return { faulty: faultyStream(near, faults), far }
}

test('faulty-stream/without-faults', async (t) => {
  const { faulty, far } = pair()
  await faulty.write(pattern(100))
  t.deepEqual(await far.read(), pattern(100))
  await far.write(pattern(50))
  t.deepEqual(await faulty.read(), pattern(50))
})

test('faulty-stream/split-reads', async (t) => {
  const { faulty, far } = pair({ splitReads: 3 })
  await far.write(pattern(7))
  const lengths = [await faulty.read(), await faulty.read(), await faulty.read()]
  t.deepEqual(
    lengths.map((chunk) => chunk?.length),
    [3, 3, 1],
  )
})

test('faulty-stream/split-writes', async (t) => {
  const { faulty, far } = pair({ splitWrites: 2 })
  await faulty.write(pattern(5))
  t.is((await far.read())?.length, 2)
  t.is((await far.read())?.length, 2)
  t.is((await far.read())?.length, 1)
})

test('faulty-stream/delay', async (t) => {
  const { faulty, far } = pair({ delay: 5 })
  let turns = 0
  let done = false
  const write = faulty.write(pattern(1)).then(() => {
    done = true
  })
  for (; !done && turns < 100; turns++) await undefined
  await write
  t.true(turns >= 5)
  t.is((await far.read())?.length, 1)
})

test('faulty-stream/inject', async (t) => {
  const { faulty, far } = pair({ inject: Uint8Array.of(1, 2) })
  await far.write(Uint8Array.of(3))
  t.deepEqual(await readExactly(faulty, 3), Uint8Array.of(1, 2, 3))
})

test('faulty-stream/end-after', async (t) => {
  const { faulty, far } = pair({ endAfter: 4 })
  await far.write(pattern(10))
  t.deepEqual(await readToEnd(faulty), pattern(10).subarray(0, 4))
  t.is(await faulty.read(), null)
})

test('faulty-stream/reset-after', async (t) => {
  const { faulty, far } = pair({ resetAfter: 4 })
  await far.write(pattern(10))
  t.is((await faulty.read())?.length, 4)
  await t.throwsAsync(faulty.read(), { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(faulty.write(pattern(1)), { code: 'IO_BROKEN_PIPE' })
})

test('faulty-stream/end-while-reading', async (t) => {
  const { faulty } = pair()
  const read = faulty.read()
  faulty.end()
  t.is(await read, null)
  t.is(await faulty.read(), null)
})

test('faulty-stream/reset-while-reading', async (t) => {
  const { faulty } = pair()
  const read = faulty.read()
  faulty.reset()
  await t.throwsAsync(read, { code: 'IO_BROKEN_PIPE' })
})

test('faulty-stream/fail-with-an-error-of-the-test', async (t) => {
  const [one] = memoryStreamPair()
  const stream = faultyStream(one)
  const error = new IoError('IO_TIMED_OUT', 'late')
  const read = t.throwsAsync(stream.read())
  stream.fail(error)
  t.is(await read, error)
  t.is(await t.throwsAsync(stream.write(Uint8Array.of(1))), error)
})

test('faulty-stream/close-error', async (t) => {
  const [one, other] = memoryStreamPair()
  const closeError = new Error('does not close')
  t.is(await t.throwsAsync(faultyStream(one, { closeError }).close()), closeError)
  t.is(await other.read(), null)
})

test('faulty-stream/abort-of-a-read-loses-nothing', async (t) => {
  const { faulty, far } = pair({ splitReads: 10 })
  const controller = new AbortController()
  const read = faulty.read({ signal: controller.signal })
  const reason = new Error('test')
  controller.abort(reason)
  t.is(await t.throwsAsync(read), reason)
  await far.write(pattern(3))
  t.deepEqual(await faulty.read(), pattern(3))
})
