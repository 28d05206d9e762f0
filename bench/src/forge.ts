import { createForgeBackend } from '@tlsio/backend-forge'
import { requireAll, tlsioReader, tlsioWriter } from './bulk.js'
import { legacyPem } from './certificates.js'
import { CHUNK_SIZE } from './chunk-size.js'
import type { Baseline, Comparison, Contender } from './comparison.js'
import { RawForgeClient } from './raw-forge-client.js'
import type { Ports } from './server.js'
import { TlsioClient } from './tlsio-client.js'

const MEBIBYTE = 1024 * 1024

/** Bytes per round of raw forge: a fraction of the others', which then take about as long. */
const RAW_SIZE = 4 * MEBIBYTE

/** Bytes per round with the ciphers of each library, and the ratio to raw forge to be reached. */
const libraries = [
  { ciphers: 'node', size: 64 * MEBIBYTE, aim: 5 },
  { ciphers: 'webcrypto', size: 32 * MEBIBYTE, aim: 1.5 },
  { ciphers: 'noble', size: 32 * MEBIBYTE, aim: 1.5 },
  { ciphers: 'forge', size: RAW_SIZE, aim: 1 },
] as const

/** Bulk transfer over TLS 1.1 against raw forge. The handshake is not on the stopwatch. */
export function forgeComparisons(
  ports: Pick<Ports, 'legacySource' | 'legacySink'>,
): readonly Comparison[] {
  return libraries.flatMap(({ ciphers, size, aim }) => {
    const client = (port: number) =>
      new TlsioClient(port, createForgeBackend({ ciphers }), legacyPem)
    const settings = { minVersion: 'TLSv1.1' } as const
    return [
      {
        name: `read-${ciphers}`,
        title: `Bulk read, ciphers ${ciphers}`,
        unit: 'MB/s',
        tlsio: tlsioReader(client(ports.legacySource), settings, size),
        baselines: [baseline(rawReader(ports.legacySource), aim)],
      },
      {
        name: `write-${ciphers}`,
        title: `Bulk write, ciphers ${ciphers}`,
        unit: 'MB/s',
        tlsio: tlsioWriter(client(ports.legacySink), settings, size),
        baselines: [baseline(rawWriter(ports.legacySink), aim)],
      },
    ]
  })
}

function baseline(contender: Contender, aim: number): Baseline {
  return { label: 'raw node-forge', aim, ...contender }
}

function rawReader(port: number): Contender {
  return {
    amount: RAW_SIZE / 1e6,
    async round(stopwatch) {
      const client = await RawForgeClient.open(port)
      await stopwatch.time(async () => requireAll(await client.read(RAW_SIZE), RAW_SIZE))
    },
  }
}

function rawWriter(port: number): Contender {
  const chunk = Buffer.alloc(CHUNK_SIZE)
  return {
    amount: RAW_SIZE / 1e6,
    async round(stopwatch) {
      const client = await RawForgeClient.open(port)
      await stopwatch.time(async () =>
        requireAll(await client.write(chunk, RAW_SIZE / CHUNK_SIZE), RAW_SIZE),
      )
    },
  }
}
