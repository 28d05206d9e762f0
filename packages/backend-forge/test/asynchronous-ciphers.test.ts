import { createForgeBackend } from '@tlsio/backend-forge'
import { type IoStream, memoryStreamPair } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { certificate, database, serverIdentity, someBytes } from './support.js'

const backend = createForgeBackend({ ciphers: 'webcrypto' })

for (const maxVersion of ['TLSv1', 'TLSv1.1'] as const) {
  test(`asynchronous-ciphers/${maxVersion}/alert-for-a-damaged-record`, async (t) => {
    const { client, server, damage } = await connectedThroughRelay(maxVersion)
    damage()
    await client.write(someBytes(100_000))
    await t.throwsAsync(readAll(server), { code: 'TLS_MISC', message: /damaged record/ } as object)
    await t.throwsAsync(client.read(), { code: 'TLS_MISC', message: /bad_record_mac/ } as object)
  })

  test(`asynchronous-ciphers/${maxVersion}/both-write-at-once`, async (t) => {
    const { client, server } = await connectedThroughRelay(maxVersion)
    const bytes = someBytes(300_000)
    const ends = [client, server]
    const received = ends.map(readAll)
    await Promise.all(
      ends.map(async (end) => {
        await end.write(bytes)
        await end.closeWrite()
      }),
    )
    for (const all of await Promise.all(received)) t.deepEqual(all, bytes)
  })
}

/** Client and server with somebody between, who can change a bit of what the client sends next. */
async function connectedThroughRelay(maxVersion: 'TLSv1' | 'TLSv1.1') {
  const [clientStream, clientWire] = memoryStreamPair()
  const [serverStream, serverWire] = memoryStreamPair()
  const client = backend.createClientConnection(clientStream, {
    database,
    serverIdentity,
    maxVersion,
  })
  const server = backend.createServerConnection(serverStream, { certificate, maxVersion })
  let damages = false
  void relay(clientWire, serverWire, (chunk) => {
    if (!damages) return chunk
    damages = false
    return chunk.map((byte, at) => (at === chunk.length - 1 ? byte ^ 1 : byte))
  })
  void relay(serverWire, clientWire, (chunk) => chunk)
  await Promise.all([client.handshake(), server.handshake()])
  return {
    client,
    server,
    damage: () => {
      damages = true
    },
  }
}

async function readAll(stream: IoStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    chunks.push(chunk)
  }
  return concat(...chunks)
}

async function relay(
  from: IoStream,
  to: IoStream,
  change: (chunk: Uint8Array) => Uint8Array,
): Promise<void> {
  try {
    for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
      await to.write(change(chunk))
    }
    await to.closeWrite()
  } catch {
    // One of the two is gone.
  }
}
