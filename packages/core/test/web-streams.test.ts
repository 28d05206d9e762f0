import {
  fromWebStreams,
  type IoStream,
  memoryStreamPair,
  TlsError,
  toWebStreams,
} from '@tlsio/core'
import test, { type ExecutionContext } from 'ava'
import { fullHandshake, ScriptedBackend, someStream } from './support/scripted-backend.js'

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

/** A stream, and the names of what was called on it. */
function counted(stream: IoStream) {
  const calls: string[] = []
  const view = new Proxy(stream, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...values: unknown[]) => {
        calls.push(String(name))
        return member.apply(target, values)
      }
    },
  })
  return { view, calls }
}

async function openConnection() {
  const backend = new ScriptedBackend()
  const next = backend.nextDriver()
  const connection = backend.createClientConnection(someStream(), { acceptCertificate: () => true })
  const handshake = connection.handshake()
  const driver = await next
  driver.handshakeResult.resolve(fullHandshake())
  await handshake
  return { connection, driver }
}

test('web-streams/to/both-ways', async (t) => {
  const [a, b] = memoryStreamPair()
  const { readable, writable } = toWebStreams(a)
  const writer = writable.getWriter()
  await writer.write(bytes(1, 2))
  t.deepEqual(await b.read(), bytes(1, 2))
  await b.write(bytes(3))
  await b.closeWrite()
  const got: Uint8Array[] = []
  for await (const chunk of readable as unknown as AsyncIterable<Uint8Array>) got.push(chunk)
  t.deepEqual(got, [bytes(3)])
})

test('web-streams/to/nothing-is-read-before-somebody-asks', async (t) => {
  const [a, b] = memoryStreamPair()
  await b.write(bytes(1))
  const { view, calls } = counted(a)
  const { readable } = toWebStreams(view)
  await turn()
  t.deepEqual(calls, [])
  const reader = readable.getReader()
  t.deepEqual((await reader.read()).value, bytes(1))
  await turn()
  t.deepEqual(calls, ['read'])
  reader.releaseLock()
  await b.write(bytes(2))
  t.deepEqual(await a.read(), bytes(2))
})

test('web-streams/to/writes-wait-for-the-stream', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 2 })
  const writer = toWebStreams(a).writable.getWriter()
  await writer.ready
  const write = writer.write(bytes(1, 2, 3))
  t.false(await settled(writer.ready))
  t.false(await settled(write))
  await b.read()
  await write
  await writer.ready
})

test('web-streams/to/writes-one-at-a-time', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 1 })
  const writer = toWebStreams(a).writable.getWriter()
  const all = Promise.all([1, 2, 3].map((n) => writer.write(bytes(n))))
  for (const n of [1, 2, 3]) t.deepEqual(await b.read(), bytes(n))
  await all
})

test('web-streams/to/closing-writable-closes-our-direction', async (t) => {
  const [a, b] = memoryStreamPair()
  const { view, calls } = counted(a)
  const { readable, writable } = toWebStreams(view)
  await writable.close()
  t.is(await b.read(), null)
  await b.write(bytes(1))
  const reader = readable.getReader()
  t.deepEqual((await reader.read()).value, bytes(1))
  t.false(calls.includes('close'))
  await b.close()
  t.true((await reader.read()).done)
  await turn()
  t.is(calls.at(-1), 'close')
})

test('web-streams/to/cancelling-merely-stops-reading', async (t) => {
  const [a, b] = memoryStreamPair()
  const { view, calls } = counted(a)
  const { readable, writable } = toWebStreams(view)
  const reader = readable.getReader()
  const read = reader.read()
  await reader.cancel(new Error('enough'))
  t.true((await read).done)
  const writer = writable.getWriter()
  await writer.write(bytes(1))
  t.deepEqual(await b.read(), bytes(1))
  t.false(calls.includes('close'))
  await writer.close()
  t.is(calls.at(-1), 'close')
})

test('web-streams/to/aborting-writable-aborts-the-stream', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 1 })
  const { readable, writable } = toWebStreams(a)
  const writer = writable.getWriter()
  const reason = new Error('enough')
  const read = t.throwsAsync(readable.getReader().read())
  await writer.ready
  // The peer does not read: the abort must not wait for this.
  const write = t.throwsAsync(writer.write(bytes(1, 2)))
  writer.closed.catch(() => {})
  await writer.abort(reason)
  t.is(await read, reason)
  t.truthy(await write)
  await b.read()
  await t.throwsAsync(b.read(), { code: 'IO_BROKEN_PIPE' })
})

test('web-streams/to/errors-come-through-as-they-are', async (t) => {
  const [a] = memoryStreamPair()
  const { readable, writable } = toWebStreams(a)
  const reason = new TlsError('TLS_EOF', 'cut')
  a.abort(reason)
  t.is(await t.throwsAsync(readable.getReader().read()), reason)
  t.is(await t.throwsAsync(writable.getWriter().write(bytes(1))), reason)
})

test('web-streams/to/a-chunk-that-is-no-bytes', async (t) => {
  const [a] = memoryStreamPair()
  const writer = toWebStreams(a).writable.getWriter()
  await t.throwsAsync(writer.write('text' as never), { instanceOf: TypeError })
})

test('web-streams/to/closed-when-both-sides-failed', async (t) => {
  const [a, b] = memoryStreamPair()
  const { view, calls } = counted(a)
  const { readable, writable } = toWebStreams(view)
  b.abort()
  await t.throwsAsync(readable.getReader().read(), { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(writable.getWriter().write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
  await turn()
  t.is(calls.at(-1), 'close')
})

test('web-streams/connection/made-once', async (t) => {
  const { connection } = await openConnection()
  t.is(connection.readable, connection.readable)
  t.is(connection.writable, connection.writable)
})

test('web-streams/connection/first-use-runs-the-handshake', async (t) => {
  const backend = new ScriptedBackend()
  const next = backend.nextDriver()
  const connection = backend.createClientConnection(someStream(), { acceptCertificate: () => true })
  const { readable, writable } = connection
  t.is(backend.drivers.length, 0)
  const write = writable.getWriter().write(bytes(1))
  const failure = t.throwsAsync(readable.getReader().read(), { code: 'TLS_NOT_TLS' })
  const driver = await next
  driver.handshakeResult.reject(new TlsError('TLS_NOT_TLS', 'no'))
  await failure
  await t.throwsAsync(write, { code: 'TLS_NOT_TLS' })
})

test('web-streams/connection/cancel-is-close-read', async (t) => {
  const { connection, driver } = await openConnection()
  const reader = connection.readable.getReader()
  const read = reader.read()
  await turn()
  await reader.cancel()
  t.true((await read).done)
  t.deepEqual(driver.log, ['handshake', 'read', 'closeRead'])
  await connection.writable.close()
  t.true(connection.closed)
  t.deepEqual(driver.log.slice(3), ['closeWrite', 'close'])
})

test('web-streams/to/cancelling-where-no-direction-can-be-closed-alone', async (t) => {
  const [a] = memoryStreamPair()
  const refuse = (code: 'TLS_NOT_SUPPORTED' | 'TLS_MISC') => () =>
    Promise.reject(new TlsError(code, 'no'))
  const whole = Object.assign(Object.create(a) as IoStream, {
    read: () => a.read(),
    closeRead: refuse('TLS_NOT_SUPPORTED'),
  })
  await toWebStreams(whole).readable.cancel()
  const broken = Object.assign(Object.create(a) as IoStream, { closeRead: refuse('TLS_MISC') })
  await t.throwsAsync(toWebStreams(broken).readable.cancel(), { code: 'TLS_MISC' })
})

test('web-streams/connection/cancel-during-the-handshake-leaves-it-alone', async (t) => {
  const backend = new ScriptedBackend()
  const next = backend.nextDriver()
  const connection = backend.createClientConnection(someStream(), { acceptCertificate: () => true })
  const reader = connection.readable.getReader()
  const read = reader.read()
  const driver = await next
  await reader.cancel()
  t.true((await read).done)
  const write = connection.writable.getWriter().write(bytes(1))
  driver.handshakeResult.resolve(fullHandshake())
  await turn()
  driver.writes[0]?.resolve()
  await write
  t.deepEqual(driver.log, ['handshake', 'closeRead', 'write'])
})

test('web-streams/connection/end-of-both-closes-it', async (t) => {
  const { connection, driver } = await openConnection()
  const end = connection.readable.getReader().read()
  await turn()
  driver.reads[0]?.resolve(null)
  t.true((await end).done)
  t.false(connection.closed)
  await connection.writable.close()
  t.true(connection.closed)
})

/** A stream over the web streams of one end of a pair, and the other end. */
function roundTrip(options?: { highWaterMark: number }): [IoStream, IoStream] {
  const [a, b] = memoryStreamPair(options)
  return [fromWebStreams(toWebStreams(a)), b]
}

test('web-streams/from/both-ways', async (t) => {
  const [a, b] = roundTrip()
  await a.write(bytes(1))
  t.deepEqual(await b.read(), bytes(1))
  await b.write(bytes(2))
  t.deepEqual(await a.read(), bytes(2))
  await b.closeWrite()
  t.is(await a.read(), null)
  t.is(await a.read(), null)
})

test('web-streams/from/locks-both', (t) => {
  const views = toWebStreams(memoryStreamPair()[0])
  const remoteAddress = { address: '192.0.2.1', port: 443 }
  t.deepEqual(fromWebStreams(views, { remoteAddress }).remoteAddress, remoteAddress)
  t.true(views.readable.locked && views.writable.locked)
  t.throws(() => fromWebStreams(views), { instanceOf: TypeError, message: /locked/ })
})

test('web-streams/from/one-operation-per-direction', async (t) => {
  const [a, b] = roundTrip({ highWaterMark: 1 })
  const read = a.read()
  await t.throwsAsync(a.read(), { code: 'IO_PENDING' })
  const write = a.write(bytes(1, 2))
  await t.throwsAsync(a.write(bytes(3)), { code: 'IO_PENDING' })
  t.false(await settled(write))
  await b.read()
  await write
  await b.close()
  t.is(await read, null)
})

test('web-streams/from/aborted-read-loses-nothing', async (t) => {
  const [a, b] = roundTrip()
  const reason = new Error('later')
  const controller = new AbortController()
  const read = a.read({ signal: controller.signal })
  controller.abort(reason)
  t.is(await t.throwsAsync(read), reason)
  await b.write(bytes(7))
  t.deepEqual(await a.read(), bytes(7))
})

test('web-streams/from/half-close', async (t) => {
  const [a, b] = roundTrip()
  await a.write(bytes(1))
  await a.closeWrite()
  await a.closeWrite()
  t.deepEqual(await b.read(), bytes(1))
  t.is(await b.read(), null)
  await t.throwsAsync(a.write(bytes(2)), { code: 'IO_CLOSED' })
  await b.write(bytes(3))
  t.deepEqual(await a.read(), bytes(3))
})

test('web-streams/from/close', async (t) => {
  const [a, b] = roundTrip()
  const read = t.throwsAsync(a.read(), { code: 'IO_CLOSED' })
  await a.close()
  await a.close()
  await read
  t.is(await b.read(), null)
  await t.throwsAsync(b.write(bytes(1)), { code: 'IO_BROKEN_PIPE' })
  await t.throwsAsync(a.write(bytes(1)), { code: 'IO_CLOSED' })
})

test('web-streams/from/close-reads-from-a-peer-that-sends-before-it-reads', async (t) => {
  let sent = 0
  let cancelled = false
  let peerIsDone = () => {}
  const peerReads = new Promise<void>((resolve) => {
    peerIsDone = resolve
  })
  const readable = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bytes(1))
      sent += 1
      if (sent === 10) peerIsDone()
      return sent < 10 ? undefined : new Promise(() => {})
    },
    cancel() {
      cancelled = true
    },
  })
  const stream = fromWebStreams({
    readable,
    writable: new WritableStream({ close: () => peerReads }),
  })
  await stream.close()
  t.is(sent, 10)
  t.true(cancelled)
})

test('web-streams/from/abort', async (t) => {
  const [a, b] = roundTrip()
  const reason = new Error('enough')
  const read = t.throwsAsync(a.read())
  a.abort(reason)
  t.is(await read, reason)
  t.is(await t.throwsAsync(a.write(bytes(1))), reason)
  await t.throwsAsync(b.read(), { code: 'IO_BROKEN_PIPE' })
  await a.close()
})

test('web-streams/from/errors-of-ours-stay-others-are-the-cause', async (t) => {
  const [a, b] = roundTrip()
  b.abort()
  await t.throwsAsync(a.read(), { code: 'IO_BROKEN_PIPE' })
  const cause = new TypeError('foreign')
  const failing = fromWebStreams({
    readable: new ReadableStream({ start: (controller) => controller.error(cause) }),
    writable: new WritableStream({
      write() {
        throw cause
      },
    }),
  })
  await failsBecauseOf(t, failing.read(), cause)
  await failsBecauseOf(t, failing.write(bytes(1)), cause)
  await failsBecauseOf(t, failing.closeWrite(), cause)
})

async function failsBecauseOf(t: ExecutionContext, operation: Promise<unknown>, cause: Error) {
  const error = await t.throwsAsync(operation, { code: 'IO_FAILED' })
  t.is(error?.cause, cause)
}

test('web-streams/from/chunks-of-all-kinds-of-bytes', async (t) => {
  const chunks = [bytes(), bytes(1), new DataView(bytes(1, 2).buffer, 1), bytes(3).buffer, 'text']
  const stream = fromWebStreams({
    readable: new ReadableStream({
      pull(controller) {
        controller.enqueue(chunks.shift() as never)
      },
    }),
    writable: new WritableStream(),
  })
  for (const n of [1, 2, 3]) t.deepEqual(await stream.read(), bytes(n))
  await t.throwsAsync(stream.read(), { code: 'IO_FAILED', message: /string/ })
})

for (const highWaterMark of [0, 1, 4]) {
  test(`web-streams/from/backpressure/high-water-mark-${highWaterMark}`, async (t) => {
    const taken: (() => void)[] = []
    const writable = new WritableStream<Uint8Array>(
      { write: () => new Promise<void>((resolve) => taken.push(resolve)) },
      { highWaterMark },
    )
    const stream = fromWebStreams({ readable: new ReadableStream(), writable })
    let accepted = 0
    for (; accepted < 10; accepted++) if (!(await settled(stream.write(bytes(1))))) break
    t.is(accepted, Math.max(0, highWaterMark - 1))
    await t.throwsAsync(stream.write(bytes(1)), { code: 'IO_PENDING' })
  })
}

test('web-streams/from/an-error-nobody-waited-for-is-the-next-writes', async (t) => {
  const cause = new Error('full')
  const writable = new WritableStream<Uint8Array>(
    { write: () => Promise.reject(cause) },
    { highWaterMark: 4 },
  )
  const stream = fromWebStreams({ readable: new ReadableStream(), writable })
  await stream.write(bytes(1))
  await turn()
  await failsBecauseOf(t, stream.write(bytes(2)), cause)
})

test('web-streams/pipe/a-mebibyte-through-a-slow-reader', async (t) => {
  const [a, b] = memoryStreamPair({ highWaterMark: 1000 })
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 64; i++) controller.enqueue(new Uint8Array(16_384).fill(i))
      controller.close()
    },
  })
  const piped = source.pipeTo(toWebStreams(a).writable)
  let length = 0
  const stream = fromWebStreams(toWebStreams(b))
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    t.is(chunk[0], Math.floor(length / 16_384))
    length += chunk.length
  }
  await piped
  t.is(length, 1_048_576)
})
