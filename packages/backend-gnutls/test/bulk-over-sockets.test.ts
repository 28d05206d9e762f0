import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { connectTcp, listenTcp } from '@tlsio/core/node'
import test from 'ava'
import { certificate, database, serverIdentity } from './support.js'

/** Bytes that differ from place to place, and from write to write. */
function part(number: number): Uint8Array {
  return Uint8Array.from({ length: 65_536 + number }, (_, at) => number * 31 + at * 7 + (at >> 8))
}

const PARTS = 40

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`bulk-over-sockets/several-at-a-time/${maxVersion}`, async (t) => {
    const backend = createGnutlsBackend()
    const listener = await listenTcp({ port: 0 }, async (stream) => {
      const connection = backend.createServerConnection(stream, { certificate, maxVersion })
      // What it reads goes back as it came, so that both ends write at once.
      for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
        await connection.write(chunk)
      }
      await connection.close()
    })
    const expected = Buffer.concat(Array.from({ length: PARTS }, (_, at) => part(at)))
    const converse = async () => {
      const stream = await connectTcp({ host: '127.0.0.1', port: listener.port })
      const connection = backend.createClientConnection(stream, { database, serverIdentity })
      const write = async () => {
        for (let at = 0; at < PARTS; at++) await connection.write(part(at))
        await connection.closeWrite()
      }
      const chunks: Uint8Array[] = []
      const read = async () => {
        for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
          chunks.push(chunk)
        }
      }
      await Promise.all([write(), read()])
      await connection.close()
      return Buffer.compare(Buffer.concat(chunks), expected) === 0
    }
    t.deepEqual(await Promise.all([converse(), converse(), converse()]), [true, true, true])
    await listener.close()
  })
}
