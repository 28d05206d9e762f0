import { memoryStreamPair } from '@tlsio/core'
import test from 'ava'

const bytes = (...values: number[]) => new Uint8Array(values)

test('memory-stream/both-ways', async (t) => {
  const [a, b] = memoryStreamPair()
  await a.write(bytes(1))
  await b.write(bytes(2))
  t.deepEqual(await b.read(), bytes(1))
  t.deepEqual(await a.read(), bytes(2))
})

test('memory-stream/write-waits-for-a-slow-reader', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 2 })
  await a.write(bytes(1))
  let done = false
  const write = a.write(bytes(2, 3)).then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  t.false(done)
  await b.read()
  await b.read()
  await write
  t.true(done)
})

test('memory-stream/end-comes-after-what-was-written', async (t) => {
  const [a, b] = memoryStreamPair()
  await a.write(bytes(1))
  await a.closeWrite()
  t.deepEqual(await b.read(), bytes(1))
  t.is(await b.read(), null)
  t.is(await b.read(), null)
  await b.write(bytes(2))
  t.deepEqual(await a.read(), bytes(2))
})

test('memory-stream/abort-is-a-broken-pipe-for-the-peer', async (t) => {
  const [a, b] = memoryStreamPair()
  await a.write(bytes(1))
  a.abort()
  t.deepEqual(await b.read(), bytes(1))
  await t.throwsAsync(b.read(), { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(b.write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(a.read(), { code: 'IO_CLOSED' })
})

test('memory-stream/close-rejects-what-is-pending', async (t) => {
  const [a, b] = memoryStreamPair()
  const read = t.throwsAsync(a.read(), { code: 'IO_CLOSED' })
  await a.close()
  await a.close()
  await read
  t.is(await b.read(), null)
  await t.throwsAsync(a.write(bytes(1)), { code: 'IO_CLOSED' })
})

test('memory-stream/one-operation-per-direction', async (t) => {
  const [a, b] = memoryStreamPair()
  const read = a.read()
  await t.throwsAsync(a.read(), { code: 'IO_PENDING' })
  await b.write(bytes(1))
  t.deepEqual(await read, bytes(1))
})

test('memory-stream/aborted-read-loses-nothing', async (t) => {
  const [a, b] = memoryStreamPair()
  const controller = new AbortController()
  const read = a.read({ signal: controller.signal })
  controller.abort(new Error('later'))
  await t.throwsAsync(read, { message: 'later' })
  await b.write(bytes(7))
  t.deepEqual(await a.read(), bytes(7))
})

test('memory-stream/a-write-behind-one-that-was-given-up', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 1 })
  const givenUp = async (value: number) => {
    const patience = new AbortController()
    const write = a.write(bytes(value), { signal: patience.signal })
    patience.abort(new Error('too slow'))
    await t.throwsAsync(write, { message: 'too slow' })
  }
  await givenUp(1)
  // It waits for the first, which its signal ends too.
  await givenUp(2)
  const third = a.write(bytes(3))
  await a.closeWrite()
  await t.throwsAsync(third, { code: 'IO_CLOSED' })
  t.deepEqual(await b.read(), bytes(1))
  t.is(await b.read(), null)
})
