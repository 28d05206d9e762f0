import type { Baseline, Comparison, Contender } from './comparison.js'
import { CHUNK_SIZE, encodeCount } from './protocol.js'
import { closeRaw, openRaw, readRaw, sharedContext, writeRaw } from './raw-client.js'
import type { Ports } from './server.js'
import { closeTlsio, readTlsio, TlsioClient, writeTlsio } from './tlsio-client.js'

/** Bytes per round. */
const SIZE = 64 * 1024 * 1024
const CHUNKS = SIZE / CHUNK_SIZE

/** All comparisons of bulk transfer. The handshake is not on the stopwatch. */
export function bulkComparisons(ports: Pick<Ports, 'source' | 'sink'>): Comparison[] {
  return [false, true].flatMap((guarded) => {
    const suffix = guarded ? ', requireCloseNotify' : ''
    return [
      {
        name: guarded ? 'read-guarded' : 'read',
        title: `Bulk read${suffix}`,
        ...megabytes,
        tlsio: tlsioReader(ports.source, guarded),
        baselines: [baseline(rawReader(ports.source))],
      },
      {
        name: guarded ? 'write-guarded' : 'write',
        title: `Bulk write${suffix}`,
        ...megabytes,
        tlsio: tlsioWriter(ports.sink, guarded),
        baselines: [baseline(rawWriter(ports.sink))],
      },
    ]
  })
}

const megabytes = { unit: 'MB/s', amount: SIZE / 1e6 } as const

function baseline(contender: Contender): Baseline {
  return { label: 'raw', aim: 0.95, ...contender }
}

function rawReader(port: number): Contender {
  const context = sharedContext('TLSv1.3')
  return {
    async round(stopwatch) {
      const socket = await openRaw(port, context)
      await stopwatch.time(async () => {
        socket.write(encodeCount(SIZE))
        requireAll(await readRaw(socket))
      })
      socket.destroy()
    },
  }
}

function tlsioReader(port: number, requireCloseNotify: boolean): Contender {
  const client = new TlsioClient(port)
  return {
    async round(stopwatch) {
      const connection = await client.open({ requireCloseNotify })
      await stopwatch.time(async () => {
        await connection.write(encodeCount(SIZE))
        requireAll(await readTlsio(connection))
      })
      await connection.close()
    },
  }
}

function rawWriter(port: number): Contender {
  const context = sharedContext('TLSv1.3')
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    async round(stopwatch) {
      const socket = await openRaw(port, context)
      await stopwatch.time(async () => requireAll(await writeRaw(socket, chunk, CHUNKS)))
      await closeRaw(socket)
    },
  }
}

function tlsioWriter(port: number, requireCloseNotify: boolean): Contender {
  const client = new TlsioClient(port)
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    async round(stopwatch) {
      const connection = await client.open({ requireCloseNotify })
      await stopwatch.time(async () => requireAll(await writeTlsio(connection, chunk, CHUNKS)))
      await closeTlsio(connection)
    },
  }
}

function requireAll(count: number): void {
  if (count !== SIZE) throw new Error(`${count} of ${SIZE} bytes arrived.`)
}
