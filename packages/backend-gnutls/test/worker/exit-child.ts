import { workerData } from 'node:worker_threads'
import { openGnutls } from '#src/gnutls.js'
import { connectionPair } from '../support.js'

// It ends with its connections open.
const counts = workerData as Int32Array
const { ledger } = openGnutls()
const { client, server } = connectionPair()
await Promise.all([client.handshake(), server.handshake()])
counts[0] = ledger.live.session ?? 0
process.once('exit', () => {
  counts[1] = Object.keys(ledger.live).length
})
process.exit(0)
