import { PassThrough } from 'node:stream'
import { memoryStreamPair, withUnread } from '@tlsio/core'
import { fromDuplex } from '@tlsio/core/node'
import test from 'ava'
import { isNodeBacked, takeDuplex } from '#src/node/engine-kit.js'

const bytes = (...values: number[]) => Buffer.from(values)

test('unread/memory/comes-first', async (t) => {
  const [a, b] = memoryStreamPair()
  await b.write(bytes(3))
  const stream = withUnread(withUnread(a, bytes(2)), bytes(1))
  for (const n of [1, 2, 3]) t.deepEqual(await stream.read(), bytes(n))
  await stream.write(bytes(4))
  await stream.closeWrite()
  t.deepEqual(await b.read(), bytes(4))
  t.is(await b.read(), null)
})

test('unread/nothing-changes-nothing', (t) => {
  const [stream] = memoryStreamPair()
  t.is(withUnread(stream, bytes()), stream)
})

test('unread/memory/an-aborted-read-loses-nothing', async (t) => {
  const stream = withUnread(memoryStreamPair()[0], bytes(1))
  const reason = new Error('never mind')
  t.is(await t.throwsAsync(stream.read({ signal: AbortSignal.abort(reason) })), reason)
  t.deepEqual(await stream.read(), bytes(1))
})

for (const how of ['close', 'abort'] as const) {
  test(`unread/memory/not-after-${how}`, async (t) => {
    const stream = withUnread(memoryStreamPair()[0], bytes(1))
    await stream[how]()
    await t.throwsAsync(stream.read(), { code: 'IO_CLOSED' })
  })
}

test('unread/node/the-same-stream-takes-it-back', async (t) => {
  const duplex = new PassThrough()
  const stream = fromDuplex(duplex)
  duplex.write(bytes(1, 2))
  const chunk = (await stream.read()) as Uint8Array
  t.is(withUnread(stream, chunk.subarray(1)), stream)
  t.deepEqual(await stream.read(), bytes(2))
})

for (const how of ['nobody-read', 'read-before']) {
  test(`unread/node/handed-over/${how}`, async (t) => {
    const duplex = new PassThrough()
    const stream = fromDuplex(duplex)
    if (how === 'read-before') {
      duplex.write(bytes(0))
      await stream.read()
    }
    withUnread(stream, bytes(1))
    duplex.write(bytes(2))
    if (!isNodeBacked(stream)) throw new Error('a stream of Node is below it')
    const taken = stream[takeDuplex]()
    t.is(taken, duplex)
    t.deepEqual(Buffer.concat([taken?.read(1), taken?.read(1)]), bytes(1, 2))
  })
}
