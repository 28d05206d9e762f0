import { ManualClock } from '@tlsio/conformance'
import { fromWebSocket, type IoStream } from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { FakeWebSocket } from './support/fake-web-socket.js'

const bytes = (...values: number[]) => new Uint8Array(values)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Whether `promise` has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let is = false
  const note = () => {
    is = true
  }
  promise.then(note, note)
  await turn()
  return is
}

/** A stream over an open socket that takes ten bytes, and twelve the other way. */
function makeStream(socket = new FakeWebSocket()) {
  const clock = new ManualClock()
  const stream = fromWebSocket(socket, { clock, highWaterMark: 10, maxBuffered: 12 })
  return { socket, clock, stream }
}

/** Expects that reads and writes fail with `code`, and only then. */
async function bothFail(t: ExecutionContext, stream: IoStream, code: string, message?: RegExp) {
  const expected = message === undefined ? { code } : { code, message }
  await t.throwsAsync(stream.read(), expected)
  await t.throwsAsync(stream.write(bytes(1)), expected)
}

test('web-socket-stream/options', (t) => {
  const remoteAddress = { address: '192.0.2.1', port: 443 }
  const socket = new FakeWebSocket()
  t.deepEqual(fromWebSocket(socket, { remoteAddress }).remoteAddress, remoteAddress)
  t.is(socket.binaryType, 'arraybuffer')
  for (const name of ['highWaterMark', 'maxBuffered']) {
    for (const value of [0, -1, Number.NaN]) {
      const error = { instanceOf: RangeError, message: new RegExp(name) }
      t.throws(() => fromWebSocket(new FakeWebSocket(), { [name]: value }), error)
    }
  }
})

test('web-socket-stream/read/messages-in-order', async (t) => {
  const { socket, stream } = makeStream()
  const first = stream.read()
  socket.receive(bytes(1).buffer)
  socket.receive(bytes(2))
  t.deepEqual(await first, bytes(1))
  socket.receive(new DataView(bytes(0, 3).buffer, 1))
  socket.receive(bytes().buffer)
  socket.receive(bytes(4).buffer)
  for (const n of [2, 3, 4]) t.deepEqual(await stream.read(), bytes(n))
  socket.end()
  t.is(await stream.read(), null)
  t.is(await stream.read(), null)
})

test('web-socket-stream/read/aborted-loses-nothing', async (t) => {
  const { socket, stream } = makeStream()
  const reason = new Error('later')
  const controller = new AbortController()
  const read = stream.read({ signal: controller.signal })
  controller.abort(reason)
  t.is(await t.throwsAsync(read), reason)
  t.is(await t.throwsAsync(stream.read({ signal: controller.signal })), reason)
  socket.receive(bytes(7))
  socket.receive(bytes(8))
  t.deepEqual(await stream.read(), bytes(7))
  t.deepEqual(await stream.read(), bytes(8))
})

test('web-socket-stream/read/one-at-a-time', async (t) => {
  const { socket, stream } = makeStream()
  const read = stream.read()
  await t.throwsAsync(stream.read(), { code: 'IO_PENDING' })
  socket.receive(bytes(1))
  t.deepEqual(await read, bytes(1))
})

test('web-socket-stream/read/text-is-no-bytes', async (t) => {
  const { socket, stream } = makeStream()
  socket.receive(bytes(1))
  socket.receive('text')
  socket.receive(bytes(2))
  t.deepEqual(socket.closeCodes, [4000])
  t.deepEqual(await stream.read(), bytes(1))
  await bothFail(t, stream, 'IO_FAILED', /text message/)
})

test('web-socket-stream/read/a-blob-is-refused', async (t) => {
  const { socket, stream } = makeStream()
  const read = t.throwsAsync(stream.read(), { code: 'IO_FAILED', message: /Blob.*binaryType/ })
  socket.receive(new Blob([bytes(1)]))
  await read
  t.deepEqual(socket.closeCodes, [4000])
})

test('web-socket-stream/read/more-than-is-kept', async (t) => {
  const { socket, stream } = makeStream()
  socket.receive(new Uint8Array(8))
  t.is((await stream.read())?.length, 8)
  socket.receive(new Uint8Array(8))
  socket.receive(new Uint8Array(4))
  t.deepEqual(socket.closeCodes, [])
  socket.receive(bytes(1))
  t.deepEqual(socket.closeCodes, [4000])
  t.is((await stream.read())?.length, 8)
  t.is((await stream.read())?.length, 4)
  await bothFail(t, stream, 'IO_FAILED', /12 bytes \(maxBuffered\)/)
})

test('web-socket-stream/write/one-message-each', async (t) => {
  const { socket, clock, stream } = makeStream()
  await stream.write(bytes(1, 2))
  await stream.write(bytes())
  await stream.write(bytes(3))
  t.deepEqual(socket.sent, [bytes(1, 2), bytes(3)])
  t.is(clock.pending, 0)
})

test('web-socket-stream/write/sent-in-the-same-tick', async (t) => {
  const { socket, stream } = makeStream()
  const write = stream.write(bytes(1))
  t.deepEqual(socket.sent, [bytes(1)])
  await write
})

test('web-socket-stream/write/shared-memory-is-copied', async (t) => {
  const { socket, stream } = makeStream()
  const shared = new Uint8Array(new SharedArrayBuffer(2), 1)
  shared[0] = 5
  await stream.write(shared)
  t.deepEqual(socket.sent, [bytes(5)])
  t.true(socket.sent[0]?.buffer instanceof ArrayBuffer)
})

test('web-socket-stream/write/waits-above-the-mark', async (t) => {
  const { socket, clock, stream } = makeStream()
  socket.bufferedAmount = 9
  await stream.write(bytes(1))
  socket.bufferedAmount = 10
  const write = stream.write(bytes(2))
  await t.throwsAsync(stream.write(bytes(3)), { code: 'IO_PENDING' })
  clock.advance(5)
  t.false(await settled(write))
  t.is(socket.sent.length, 1)
  socket.bufferedAmount = 9
  t.is(clock.pending, 1)
  clock.advance(5)
  await write
  t.deepEqual(socket.sent, [bytes(1), bytes(2)])
  t.is(clock.pending, 0)
})

test('web-socket-stream/write/resolves-when-the-socket-has-room-again', async (t) => {
  const { socket, clock, stream } = makeStream()
  const write = stream.write(bytes(1))
  socket.bufferedAmount = 10
  t.false(await settled(write))
  t.deepEqual(socket.sent, [bytes(1)])
  socket.bufferedAmount = 0
  clock.advance(5)
  await write
  t.is(clock.pending, 0)
})

test('web-socket-stream/write/where-nothing-tells-what-waits', async (t) => {
  const { socket, clock, stream } = makeStream()
  Object.assign(socket, { bufferedAmount: undefined })
  await stream.write(new Uint8Array(100))
  t.is(socket.sent.length, 1)
  t.is(clock.pending, 0)
})

test('web-socket-stream/write/given-up-before-it-was-sent', async (t) => {
  const { socket, clock, stream } = makeStream()
  const reason = new Error('enough')
  const controller = new AbortController()
  socket.bufferedAmount = 10
  const write = stream.write(bytes(1), { signal: controller.signal })
  await turn()
  controller.abort(reason)
  t.is(await t.throwsAsync(write), reason)
  t.is(await t.throwsAsync(stream.write(bytes(1), { signal: controller.signal })), reason)
  t.is(clock.pending, 0)
  socket.bufferedAmount = 0
  await stream.write(bytes(2))
  t.deepEqual(socket.sent, [bytes(2)])
})

test('web-socket-stream/write/given-up-after-it-was-sent', async (t) => {
  const { socket, clock, stream } = makeStream()
  const reason = new Error('enough')
  const controller = new AbortController()
  const write = stream.write(bytes(1), { signal: controller.signal })
  socket.bufferedAmount = 10
  await turn()
  t.is(clock.pending, 1)
  controller.abort(reason)
  t.is(await t.throwsAsync(write), reason)
  t.is(clock.pending, 0)
  t.deepEqual(socket.sent, [bytes(1)])
})

test('web-socket-stream/write/what-send-throws', async (t) => {
  const { socket, stream } = makeStream()
  socket.sendError = new TypeError('not now')
  const error = await t.throwsAsync(stream.write(bytes(1)), { code: 'IO_FAILED' })
  t.is(error?.cause, socket.sendError)
})

test('web-socket-stream/state/connecting', async (t) => {
  const { socket, clock, stream } = makeStream(new FakeWebSocket(0))
  const read = stream.read()
  const write = stream.write(bytes(1))
  t.false(await settled(write))
  t.is(clock.pending, 0)
  socket.open()
  await write
  t.deepEqual(socket.sent, [bytes(1)])
  socket.receive(bytes(2))
  t.deepEqual(await read, bytes(2))
})

test('web-socket-stream/state/connecting-fails', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  const failures = bothFail(t, stream, 'IO_FAILED', /could not be opened.*does not say why/)
  socket.fail()
  socket.end({ wasClean: false, code: 1006 })
  await failures
  t.is(socket.listeners, 0)
})

test('web-socket-stream/state/connecting-fails-with-a-reason', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  const cause = new Error('ECONNREFUSED')
  const read = t.throwsAsync(stream.read(), { code: 'IO_FAILED', message: /ECONNREFUSED/ })
  socket.fail({ message: cause.message, error: cause })
  t.is((await read)?.cause, cause)
})

test('web-socket-stream/state/connecting-ends-without-an-error-event', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  socket.end({ wasClean: false, code: 1006 })
  await bothFail(t, stream, 'IO_FAILED', /could not be opened: code 1006/)
})

test('web-socket-stream/state/closing', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(2))
  await t.throwsAsync(stream.write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
  const read = stream.read()
  socket.end({ code: 1005 })
  t.is(await read, null)
  t.deepEqual(socket.sent, [])
})

test('web-socket-stream/state/closed', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(3))
  await bothFail(t, stream, 'IO_BROKEN_PIPE', /before it was made a stream/)
  await stream.close()
  t.is(socket.listeners, 0)
})

for (const code of [1000, 1001, 1005]) {
  test(`web-socket-stream/end/proper/${code}`, async (t) => {
    const { socket, stream } = makeStream()
    socket.receive(bytes(1))
    socket.end({ code })
    t.deepEqual(await stream.read(), bytes(1))
    t.is(await stream.read(), null)
    await t.throwsAsync(stream.write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
    t.is(socket.listeners, 0)
  })
}

for (const details of [
  { code: 1011, reason: 'no such host' },
  { code: 4000, reason: '' },
  { code: 1006, wasClean: false },
  { code: 1000, wasClean: false },
]) {
  test(`web-socket-stream/end/failure/${Object.values(details).join('-')}`, async (t) => {
    const { socket, stream } = makeStream()
    socket.receive(bytes(1))
    socket.end(details)
    t.deepEqual(await stream.read(), bytes(1))
    const why = new RegExp(`code ${details.code}.*${details.reason ?? ''}`)
    await bothFail(t, stream, 'IO_BROKEN_PIPE', why)
    await bothFail(t, stream, 'IO_BROKEN_PIPE', why)
  })
}

test('web-socket-stream/end/error-event', async (t) => {
  const { socket, stream } = makeStream()
  const read = t.throwsAsync(stream.read(), { code: 'IO_BROKEN_PIPE', message: /ECONNRESET/ })
  const cause = new Error('ECONNRESET')
  socket.fail({ message: cause.message, error: cause })
  t.is((await read)?.cause, cause)
  socket.end({ wasClean: false, code: 1006 })
  await bothFail(t, stream, 'IO_BROKEN_PIPE', /ECONNRESET/)
})

test('web-socket-stream/end/ends-a-waiting-write', async (t) => {
  for (const end of ['end', 'fail'] as const) {
    const { socket, clock, stream } = makeStream()
    const write = t.throwsAsync(stream.write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
    socket.bufferedAmount = 10
    await turn()
    t.is(clock.pending, 1)
    socket[end]()
    t.is(clock.pending, 0)
    await write
  }
})

test('web-socket-stream/close-write/reading-goes-on', async (t) => {
  const { socket, stream } = makeStream()
  await stream.closeWrite()
  await stream.closeWrite()
  t.deepEqual(socket.closeCodes, [])
  await t.throwsAsync(stream.write(bytes(1)), { code: 'IO_CLOSED' })
  socket.receive(bytes(1))
  t.deepEqual(await stream.read(), bytes(1))
  await stream.close()
  t.deepEqual(socket.closeCodes, [1000])
})

test('web-socket-stream/close-write/after-what-was-written', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  const write = stream.write(bytes(1))
  const end = stream.closeWrite()
  t.false(await settled(end))
  socket.open()
  await end
  await write
  t.deepEqual(socket.sent, [bytes(1)])
})

test('web-socket-stream/close/once-and-without-the-peer', async (t) => {
  const { socket, stream } = makeStream()
  socket.receive(bytes(1))
  const close = stream.close()
  t.is(stream.close(), close)
  await close
  t.deepEqual(socket.closeCodes, [1000])
  await bothFail(t, stream, 'IO_CLOSED')
  socket.receive('whatever')
  socket.receive(new Uint8Array(100))
  t.deepEqual(socket.closeCodes, [1000])
  socket.end()
  stream.abort()
  await bothFail(t, stream, 'IO_CLOSED')
  t.is(socket.listeners, 0)
})

test('web-socket-stream/close/rejects-a-read', async (t) => {
  const { stream } = makeStream()
  const read = t.throwsAsync(stream.read(), { code: 'IO_CLOSED' })
  await stream.close()
  await read
})

test('web-socket-stream/close/after-a-write-that-was-not-sent', async (t) => {
  const { socket, clock, stream } = makeStream()
  socket.bufferedAmount = 10
  const write = stream.write(bytes(1))
  const close = stream.close()
  t.false(await settled(close))
  t.deepEqual(socket.closeCodes, [])
  socket.bufferedAmount = 0
  clock.advance(5)
  await close
  await write
  t.deepEqual(socket.sent, [bytes(1)])
  t.deepEqual(socket.closeCodes, [1000])
  t.is(clock.pending, 0)
})

test('web-socket-stream/close/ends-the-wait-of-a-write-that-was-sent', async (t) => {
  const { socket, clock, stream } = makeStream()
  const write = stream.write(bytes(1))
  socket.bufferedAmount = 10
  await turn()
  await stream.close()
  await write
  t.is(clock.pending, 0)
})

test('web-socket-stream/close/while-connecting', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  await stream.close()
  t.deepEqual(socket.closeCodes, [1000])
  socket.fail()
  socket.end({ wasClean: false, code: 1006 })
  await bothFail(t, stream, 'IO_CLOSED')
  t.is(socket.listeners, 0)
})

test('web-socket-stream/close/after-a-write-whose-socket-never-opened', async (t) => {
  const { socket, stream } = makeStream(new FakeWebSocket(0))
  const write = t.throwsAsync(stream.write(bytes(1)), { code: 'IO_FAILED' })
  const close = stream.close()
  socket.fail()
  await write
  await close
})

test('web-socket-stream/abort/with-a-reason', async (t) => {
  const { socket, clock, stream } = makeStream()
  const reason = new Error('enough')
  const read = t.throwsAsync(stream.read())
  socket.bufferedAmount = 10
  const write = t.throwsAsync(stream.write(bytes(1)))
  await turn()
  stream.abort(reason)
  t.deepEqual(socket.closeCodes, [4000])
  t.is(await read, reason)
  t.is(await write, reason)
  t.is(await t.throwsAsync(stream.read()), reason)
  t.is(await t.throwsAsync(stream.write(bytes(1))), reason)
  t.is(clock.pending, 0)
  await stream.close()
  t.deepEqual(socket.sent, [])
  socket.end({ wasClean: false, code: 1006 })
  t.is(socket.listeners, 0)
})

test('web-socket-stream/abort/without-a-reason', async (t) => {
  const { socket, stream } = makeStream()
  socket.receive(bytes(1))
  stream.abort()
  await bothFail(t, stream, 'IO_CLOSED')
})

test('web-socket-stream/abort/ends-a-close-that-waits', async (t) => {
  const { socket, clock, stream } = makeStream()
  const reason = new Error('enough')
  socket.bufferedAmount = 10
  const write = t.throwsAsync(stream.write(bytes(1)))
  const close = stream.close()
  stream.abort(reason)
  t.is(await write, reason)
  await close
  t.is(clock.pending, 0)
  t.is(socket.closeCodes[0], 4000)
})

test('web-socket-stream/abort/in-the-tick-in-which-a-write-may-go-on', async (t) => {
  const { socket, clock, stream } = makeStream()
  const reason = new Error('enough')
  socket.bufferedAmount = 10
  const write = t.throwsAsync(stream.write(bytes(1)))
  await turn()
  socket.bufferedAmount = 0
  clock.advance(5)
  stream.abort(reason)
  t.is(await write, reason)
  t.deepEqual(socket.sent, [])
})
