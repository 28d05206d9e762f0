import type { IoStream } from '@tlsio/core'
import { connectTcp, type ListenTcpOptions, listenTcp, type TcpListener } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'

const text = async (stream: IoStream | undefined) =>
  Buffer.from((await stream?.read()) ?? []).toString()

async function listening(
  t: ExecutionContext,
  onConnection?: (stream: IoStream) => unknown,
  options: Partial<ListenTcpOptions> = {},
): Promise<{ listener: TcpListener; connect: () => Promise<IoStream> }> {
  const listener = await listenTcp({ port: 0, ...options }, onConnection)
  t.teardown(() => listener.close())
  const connect = async () => {
    const stream = await connectTcp({ host: '127.0.0.1', port: listener.port })
    t.teardown(() => stream.abort())
    return stream
  }
  return { listener, connect }
}

test('listen-tcp/knows-its-address', async (t) => {
  const { listener } = await listening(t)
  t.true(listener.port > 0)
  t.deepEqual(listener.address, { address: '127.0.0.1', port: listener.port })
})

test('listen-tcp/iterates-what-comes', async (t) => {
  const { listener, connect } = await listening(t)
  const clients = [await connect(), await connect()]
  for (const client of clients) await client.write(Buffer.from('hello'))
  let served = 0
  for await (const stream of listener) {
    t.is(await text(stream), 'hello')
    t.is(stream.remoteAddress?.address, '127.0.0.1')
    await stream.write(Buffer.from('welcome'))
    await stream.close()
    served += 1
    if (served === 2) break
  }
  for (const client of clients) {
    t.is(await text(client), 'welcome')
    t.is(await client.read(), null)
  }
  // Having left the loop, one may come back.
  const next = listener[Symbol.asyncIterator]().next()
  const late = await connect()
  const accepted = (await next).value as IoStream
  await late.write(Buffer.from('later'))
  t.is(await text(accepted), 'later')
  accepted.abort()
})

test('listen-tcp/half-close', async (t) => {
  const { connect } = await listening(t, async (stream) => {
    t.is(await text(stream), 'question')
    t.is(await stream.read(), null)
    await stream.write(Buffer.from('answer'))
    await stream.close()
  })
  const client = await connect()
  await client.write(Buffer.from('question'))
  await client.closeWrite()
  t.is(await text(client), 'answer')
  t.is(await client.read(), null)
})

for (const how of ['throws', 'rejects']) {
  test(`listen-tcp/handler-that-${how}-drops-its-connection-only`, async (t) => {
    const told: unknown[] = []
    const failure = new Error('no')
    const { connect } = await listening(
      t,
      (stream) => {
        if (told.length > 0) return stream.write(Buffer.from('fine'))
        if (how === 'throws') throw failure
        return Promise.reject(failure)
      },
      { onError: (error) => told.push(error) },
    )
    t.is(
      await (await connect()).read().catch((error) => error.code === 'IO_BROKEN_PIPE' && null),
      null,
    )
    t.deepEqual(told, [failure])
    t.is(await text(await connect()), 'fine')
  })
}

test('listen-tcp/close/ends-the-loop-and-leaves-connections-alone', async (t) => {
  const { listener, connect } = await listening(t)
  const client = await connect()
  const taken: IoStream[] = []
  const loop = (async () => {
    for await (const stream of listener) {
      taken.push(stream)
      await stream.write(Buffer.from('hello'))
    }
  })()
  t.is(await text(client), 'hello')
  await listener.close()
  await listener.close()
  await loop
  await t.throwsAsync(connect(), { code: 'IO_CONNECTION_REFUSED' })
  await client.write(Buffer.from('still'))
  t.is(await text(taken[0]), 'still')
  taken[0]?.abort()
})

test('listen-tcp/close/drops-those-that-nobody-took', async (t) => {
  const { listener, connect } = await listening(t)
  const iterator = listener[Symbol.asyncIterator]()
  const first = iterator.next()
  await connect()
  const second = await connect()
  // The second comes after the first, so both are here once a third one was taken.
  ;((await first).value as IoStream).abort()
  const third = await connect()
  await third.write(Buffer.from('x'))
  const taken = (await iterator.next()).value as IoStream
  await listener.close()
  taken.abort()
  for (const client of [second, third]) {
    t.is(await client.read().catch((error) => error.code === 'IO_BROKEN_PIPE' && null), null)
  }
  t.true((await iterator.next()).done)
})

test('listen-tcp/dispose', async (t) => {
  const { listener, connect } = await listening(t)
  await listener[Symbol.asyncDispose]()
  await t.throwsAsync(connect(), { code: 'IO_CONNECTION_REFUSED' })
})

test('listen-tcp/abort/before', async (t) => {
  const reason = new Error('never mind')
  const signal = AbortSignal.abort(reason)
  t.is(await t.throwsAsync(listenTcp({ port: 0, signal })), reason)
})

test('listen-tcp/abort/while-it-starts', async (t) => {
  const reason = new Error('never mind')
  const controller = new AbortController()
  const starting = listenTcp({ port: 0, signal: controller.signal })
  controller.abort(reason)
  t.is(await t.throwsAsync(starting), reason)
})

test('listen-tcp/abort/later', async (t) => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const { listener, connect } = await listening(t, undefined, { signal: controller.signal })
  const next = t.throwsAsync(listener[Symbol.asyncIterator]().next())
  controller.abort(reason)
  t.is(await next, reason)
  await t.throwsAsync(connect(), { code: 'IO_CONNECTION_REFUSED' })
})

test('listen-tcp/port-taken', async (t) => {
  const { listener } = await listening(t)
  const error = await t.throwsAsync(listenTcp({ port: listener.port }), {
    code: 'IO_FAILED',
    message: new RegExp(`127.0.0.1 port ${listener.port}`),
  })
  t.like(error?.cause, { code: 'EADDRINUSE' })
})

test('listen-tcp/no-port', async (t) => {
  await t.throwsAsync(listenTcp({ port: 65_536 }), { instanceOf: RangeError })
})
