import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { connectionPair } from './support.js'

test('worker/leaves-nothing-and-the-others-go-on', async (t) => {
  const { client, server } = connectionPair()
  await Promise.all([client.handshake(), server.handshake()])
  for (let count = 0; count < 3; count++) {
    const counts = new Int32Array(new SharedArrayBuffer(8))
    const file = new URL('./worker-child.js', import.meta.url)
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
  const file = new URL('./worker-child.js', import.meta.url)
  const worker = new Worker(file, { workerData: new Int32Array(new SharedArrayBuffer(8)) })
  await once(worker, 'online')
  await worker.terminate()
  await Promise.all([client.handshake(), server.handshake()])
  t.is(client.protocolVersion, 'TLSv1.3')
  client.abort()
  server.abort()
})
