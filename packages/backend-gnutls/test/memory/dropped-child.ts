// Makes connections and drops them in the middle of their handshakes; tells how much memory is left of it.
// Run with --expose-gc.
import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { memoryStreamPair } from '@tlsio/core'
import { openGnutls } from '#src/gnutls.js'
import { certificate, database, serverIdentity } from '../support.js'

const { ledger } = openGnutls()
const backend = createGnutlsBackend()
const count = Number(process.argv[2])
let mostAlive = 0
const collect = (globalThis as unknown as { gc: () => void }).gc

/** As far as they get in one turn: the client has said hello, the server has heard it, or not. */
async function drop(connections: number): Promise<void> {
  for (let made = 0; made < connections; made += 2) {
    mostAlive = Math.max(mostAlive, ledger.live.session ?? 0)
    const [near, far] = memoryStreamPair()
    const client = backend.createClientConnection(near, { database, serverIdentity })
    const server = backend.createServerConnection(far, { certificate })
    client.handshake().catch(() => {})
    server.handshake().catch(() => {})
    if (made % 100 === 0) await turn()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Bytes in use when all is collected that can be; finalizers run in turns of their own. */
async function settled(): Promise<number> {
  for (let turns = 0; turns < 200; turns++) {
    collect()
    await turn()
    if (turns > 5 && (ledger.live.session ?? 0) === 0) break
  }
  return process.memoryUsage.rss()
}

// What is kept for good is made by the first ones.
await drop(2000)
const before = await settled()
await drop(count)
const after = await settled()
console.log(JSON.stringify({ before, after, mostAlive, left: ledger.live.session ?? 0 }))
