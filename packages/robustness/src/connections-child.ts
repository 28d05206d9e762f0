// Opens, uses and closes connections in a process of its own, which then has to end by itself. The arguments are
// the module that exports the `subject`, the transport, `strict` or `lenient` about close_notify, and by how many
// bytes resident memory may grow.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type IoStream, memoryStreamPair, type TlsBackend, type TlsConnection } from '@tlsio/core'
import { connectTcp, fromDuplex } from '@tlsio/core/node'
import { outcome, turns } from './settle.js'
import { certificate, database, type Subject, serverIdentity } from './subject.js'

/** What is measured after so many connections in all. */
export interface Sample {
  readonly total: number
  /** Bytes. */
  readonly heap: number
  readonly external: number
  readonly resident: number
  /** Connections of ours that the collector could not take. */
  readonly alive: number
}

/** What the process says on its standard output. */
export interface Report {
  readonly samples: readonly Sample[]
  /** Kinds of handles and requests that are left. */
  readonly left: readonly string[]
}

type OpenPair = () => Promise<readonly [client: IoStream, server: IoStream]>

let alive: WeakRef<TlsConnection>[] = []

async function main(
  subject: Subject,
  transport: string,
  requireCloseNotify: boolean,
  mostGrowth: number,
): Promise<void> {
  const backend = subject.createBackend()
  const { versions } = subject
  const { open, end } = transport === 'tcp' ? await overTcp() : overMemory()
  const samples: Sample[] = []
  let total = 0
  const measure = async (connections: number): Promise<number> => {
    for (let left = connections; left > 0; left--) {
      await useConnection({ backend, versions }, open, requireCloseNotify, left)
    }
    total += connections
    const taken = await sample(total)
    samples.push(taken)
    return taken.resident
  }
  const early = await measure(100)
  const late = await measure(900)
  // The allocator's pools fill once; what is left behind by connections comes again each time.
  if (late - early >= mostGrowth) await measure(900)
  await end()
  await turns(5)
  const left = process.getActiveResourcesInfo().filter((kind) => !OWN.has(kind))
  const report: Report = { samples, left }
  process.stdout.write(JSON.stringify(report))
}

/** Most end in order, some are truncated, aborted or given up in the handshake: none may stay. */
async function useConnection(
  { backend, versions }: { backend: TlsBackend; versions: Subject['versions'] },
  open: OpenPair,
  requireCloseNotify: boolean,
  turn: number,
): Promise<void> {
  const [near, far] = await open()
  const client = backend.createClientConnection(near, {
    database,
    requireCloseNotify,
    serverIdentity,
    maxVersion: versions[turn % versions.length],
  })
  const server = backend.createServerConnection(far, { certificate, requireCloseNotify })
  alive.push(new WeakRef(client), new WeakRef(server))
  if (turn % 10 === 3) {
    const signal = AbortSignal.abort()
    await outcome(client.read({ signal }))
    await Promise.all([outcome(client.close()), outcome(server.close())])
    return
  }
  await Promise.all([client.write(new Uint8Array(2000)), server.write(new Uint8Array(500))])
  await Promise.all([client.read(), server.read()])
  if (turn % 10 === 6) client.abort()
  if (turn % 10 === 9) near.abort()
  await outcome(client.close())
  await outcome(server.read())
  await outcome(server.close())
}

async function sample(total: number): Promise<Sample> {
  // What was closed a moment ago lets go within a few turns; what is collected may hold more.
  for (let round = 0; round < 6; round++) {
    await turns(20)
    globalThis.gc?.()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  alive = alive.filter((connection) => connection.deref() !== undefined)
  return { total, heap: heapUsed, external, resident: rss, alive: alive.length }
}

function overMemory() {
  return { open: async () => memoryStreamPair(), end: async () => {} }
}

async function overTcp() {
  const listener = createServer({ allowHalfOpen: true, noDelay: true })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const open: OpenPair = async () => {
    const accepted = once(listener, 'connection')
    const client = await connectTcp({ host: '127.0.0.1', port })
    const [socket] = (await accepted) as [Socket]
    return [client, fromDuplex(socket)]
  }
  const end = async () => {
    listener.close()
    await once(listener, 'close')
  }
  return { open, end }
}

/** What the standard streams are. */
const OWN = new Set(['PipeWrap', 'TTYWrap'])

const [, , module = '', transport = 'memory', strictness = 'strict', mostGrowth] = process.argv
const { subject } = (await import(module)) as { subject: Subject }
await main(subject, transport, strictness === 'strict', Number(mostGrowth))
