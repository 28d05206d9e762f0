import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { tapStream } from '@tlsio/conformance'
import { memoryDatagramPair, memoryStreamPair } from '@tlsio/core'
import { RecordType } from '@tlsio/core/wire'
import test from 'ava'
import { certificate, database, serverIdentity } from './support.js'

/** More than the plaintext: a type, and what AES-GCM or ChaCha20-Poly1305 adds. */
const MOST_MORE = 32

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`record-size/${version}/both-directions`, async (t) => {
    const [near, far] = memoryStreamPair()
    const wire = tapStream(near)
    const ours = createGnutlsBackend({ maxRecordSize: 600 })
    const theirs = createGnutlsBackend()
    const versions = { minVersion: version, maxVersion: version } as const
    const client = ours.createClientConnection(wire, { database, serverIdentity, ...versions })
    const server = theirs.createServerConnection(far, { certificate })
    await Promise.all([client.handshake(), server.handshake()])
    const text = new Uint8Array(5000)
    await client.write(text)
    for (let count = 0; count < text.length; ) count += (await server.read())?.length ?? Number.NaN
    await server.write(text)
    for (let count = 0; count < text.length; ) count += (await client.read())?.length ?? Number.NaN
    // Tickets add one or two; without the limit there is one for the text.
    for (const direction of [wire.sent, wire.received]) {
      t.true((direction.records.get(RecordType.APPLICATION_DATA) ?? 0) >= 9)
      t.true((direction.lastRecord?.length ?? Infinity) <= 600 + MOST_MORE)
    }
    await Promise.all([client.close(), server.close()])
  })
}

test('record-size/datagrams', async (t) => {
  const backend = createGnutlsBackend({ maxRecordSize: 512 })
  const [near, far] = memoryDatagramPair()
  const client = backend.createDtlsClientConnection(near, { database, serverIdentity })
  const server = backend.createDtlsServerConnection(far, { certificate })
  await Promise.all([client.handshake(), server.handshake()])
  t.is(client.maxMessageSize, 512)
  await t.throwsAsync(client.send(new Uint8Array(513)), {
    code: 'IO_MESSAGE_TOO_LARGE',
  } as object)
  await client.send(new Uint8Array(512))
  t.is((await server.receive())?.length, 512)
  await Promise.all([client.close(), server.close()])
})

test('record-size/out-of-range', (t) => {
  for (const maxRecordSize of [511, 16_385, 600.5, Number.NaN]) {
    t.throws(() => createGnutlsBackend({ maxRecordSize }), { instanceOf: RangeError })
  }
  t.throws(() => createGnutlsBackend({ maxRecordSize: '600' as never }), { instanceOf: TypeError })
})
