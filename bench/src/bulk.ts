import { CHUNK_SIZE } from './chunk-size.js'
import type { Baseline, Comparison, Contender } from './comparison.js'
import { encodeCount } from './protocol.js'
import { closeRaw, openRaw, readRaw, sharedContext, writeRaw, writeRawAhead } from './raw-client.js'
import type { Ports } from './server.js'
import {
  closeTlsio,
  readTlsio,
  type Settings,
  TlsioClient,
  writeTlsio,
  writeTlsioAhead,
} from './tlsio-client.js'

/** Bytes per round. */
export const SIZE = 64 * 1024 * 1024

/** All comparisons of bulk transfer. The handshake is not on the stopwatch. */
export function bulkComparisons(ports: Pick<Ports, 'source' | 'sink'>): Comparison[] {
  return [false, true].flatMap((guarded) => {
    const suffix = guarded ? ', requireCloseNotify' : ''
    return [
      {
        name: guarded ? 'read-guarded' : 'read',
        title: `Bulk read${suffix}`,
        unit: 'MB/s',
        tlsio: tlsioReader(new TlsioClient(ports.source), { requireCloseNotify: guarded }, SIZE),
        baselines: [baseline(rawReader(ports.source))],
      },
      {
        name: guarded ? 'write-guarded' : 'write',
        title: `Bulk write${suffix}`,
        unit: 'MB/s',
        tlsio: tlsioWriter(new TlsioClient(ports.sink), { requireCloseNotify: guarded }, SIZE),
        baselines: [baseline(rawWriter(ports.sink))],
      },
    ]
  })
}

function baseline(contender: Contender): Baseline {
  return { label: 'raw', aim: 0.95, ...contender }
}

/** Raw `node:tls` reading from a `source`. */
export function rawReader(port: number): Contender {
  const context = sharedContext('TLSv1.3')
  return {
    amount: SIZE / 1e6,
    async round(stopwatch) {
      const socket = await openRaw(port, context)
      await stopwatch.time(async () => {
        socket.write(encodeCount(SIZE))
        requireAll(await readRaw(socket), SIZE)
      })
      socket.destroy()
    },
  }
}

/** Raw `node:tls` writing to a `sink`. */
export function rawWriter(port: number): Contender {
  const context = sharedContext('TLSv1.3')
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    amount: SIZE / 1e6,
    async round(stopwatch) {
      const socket = await openRaw(port, context)
      await stopwatch.time(async () =>
        requireAll(await writeRaw(socket, chunk, SIZE / CHUNK_SIZE), SIZE),
      )
      await closeRaw(socket)
    },
  }
}

/** Raw `node:tls` writing to an `acknowledgingSink`. */
export function rawWriterAhead(port: number): Contender {
  const context = sharedContext('TLSv1.3')
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    amount: SIZE / 1e6,
    async round(stopwatch) {
      const socket = await openRaw(port, context)
      await stopwatch.time(() => writeRawAhead(socket, chunk, SIZE / CHUNK_SIZE))
      await closeRaw(socket)
    },
  }
}

/** This library reading so many bytes of a `source`. */
export function tlsioReader(client: TlsioClient, settings: Settings, size: number): Contender {
  return {
    amount: size / 1e6,
    async round(stopwatch) {
      const connection = await client.open(settings)
      await stopwatch.time(async () => {
        await connection.write(encodeCount(size))
        requireAll(await readTlsio(connection), size)
      })
      await connection.close()
    },
  }
}

/** This library writing so many bytes to a `sink`. */
export function tlsioWriter(client: TlsioClient, settings: Settings, size: number): Contender {
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    amount: size / 1e6,
    async round(stopwatch) {
      const connection = await client.open(settings)
      await stopwatch.time(async () =>
        requireAll(await writeTlsio(connection, chunk, size / CHUNK_SIZE), size),
      )
      await closeTlsio(connection)
    },
  }
}

/** This library writing so many bytes to an `acknowledgingSink`. */
export function tlsioWriterAhead(client: TlsioClient, settings: Settings, size: number): Contender {
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    amount: size / 1e6,
    async round(stopwatch) {
      const connection = await client.open(settings)
      await stopwatch.time(() => writeTlsioAhead(connection, chunk, size / CHUNK_SIZE))
      await closeTlsio(connection)
    },
  }
}

/** @throws if not all that was sent has arrived. */
export function requireAll(count: number, size: number): void {
  if (count !== size) throw new Error(`${count} of ${size} bytes arrived.`)
}
