import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { connectionPair } from '../support.js'

test('worker/leaves-nothing-and-the-others-go-on', async (t) => {
  const { client, server } = connectionPair()
  await Promise.all([client.handshake(), server.handshake()])
  for (let count = 0; count < 3; count++) {
    const counts = new Int32Array(new SharedArrayBuffer(8))
    const file = new URL('./exit-child.js', import.meta.url)
    const worker = new Worker(file, { workerData: counts })
    t.deepEqual(await once(worker, 'exit'), [0])
    t.deepEqual([...counts], [2, 0], 'sessions while it ran, and handles at its end')
  }
  const read = server.read()
  await client.write(Uint8Array.of(1, 2, 3))
  t.deepEqual(await read, Uint8Array.of(1, 2, 3))
  client.abort()
  server.abort()
})

test('worker/ended-in-the-middle-and-the-others-go-on', async (t) => {
  const { client, server } = connectionPair()
  const file = new URL('./exit-child.js', import.meta.url)
  const worker = new Worker(file, { workerData: new Int32Array(new SharedArrayBuffer(8)) })
  await once(worker, 'online')
  await worker.terminate()
  await Promise.all([client.handshake(), server.handshake()])
  t.is(client.protocolVersion, 'TLSv1.3')
  client.abort()
  server.abort()
})

test('worker/ended-at-any-moment-comes-to-its-end', async (t) => {
  t.timeout(120_000)
  // Its JavaScript ends at once, also while C waits for a callback.
  for (let count = 0; count < 40; count++) {
    const worker = new Worker(new URL('./busy-child.js', import.meta.url))
    for (let messages = 0; messages <= count % 4; messages++) await once(worker, 'message')
    for (let turns = 0; turns < count; turns++) await new Promise((done) => setImmediate(done))
    t.is(await worker.terminate(), 1)
  }
  const { client, server } = connectionPair()
  await Promise.all([client.handshake(), server.handshake()])
  client.abort()
  server.abort()
})

test('worker/passes-the-suite', async (t) => {
  t.timeout(120_000)
  const worker = new Worker(new URL('./suite-child.js', import.meta.url))
  const [report] = await once(worker, 'message')
  t.like(report, { outcome: 'known-defects', failed: [] })
  t.true(report.count > 500)
  await worker.terminate()
})

test('worker/has-no-tokens', async (t) => {
  const worker = new Worker(new URL('./tokens-child.js', import.meta.url))
  const [report] = await once(worker, 'message')
  const codes = ['TLS_NOT_SUPPORTED', 'TLS_NOT_SUPPORTED']
  t.deepEqual(report, { claimed: [false, false], codes, asked: 0 })
  await worker.terminate()
})
