import { parentPort } from 'node:worker_threads'
import { connectionPair } from '../support.js'

// One handshake after another, most of the time in C, until somebody ends it.
for (;;) {
  const { client, server } = connectionPair()
  await Promise.all([client.handshake(), server.handshake()])
  client.abort()
  server.abort()
  parentPort?.postMessage('once more')
}
