import { createForgeBackend } from '@tlsio/backend-forge'
import { memoryStreamPair, TlsError } from '@tlsio/core'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { chooseCiphers } from '#src/ciphers/choose.js'
import { ForgeClientEngine } from '#src/client-engine.js'
import { ForgeServerEngine } from '#src/server-engine.js'
import { certificate, database, serverIdentity } from './support.js'

/** Records of a handshake that never comes to an end, and what ends it. */
const endless: Readonly<Record<string, { readonly record: Uint8Array; readonly alert: number }>> = {
  'empty-handshake-records': { record: Uint8Array.of(22, 3, 2, 0, 0), alert: 10 },
  warnings: { record: Uint8Array.of(21, 3, 2, 0, 2, 1, 90), alert: 10 },
  'hello-requests': { record: Uint8Array.of(22, 3, 2, 0, 4, 0, 0, 0, 0), alert: 10 },
}

for (const [name, { record, alert }] of Object.entries(endless)) {
  test(`limits/handshake/${name}-without-end`, async (t) => {
    const [stream, peer] = memoryStreamPair()
    const client = createForgeBackend().createClientConnection(stream, { database, serverIdentity })
    const handshake = client.handshake().catch((error: unknown) => error)
    await peer.read()
    let sent = 0
    const flood = (async () => {
      for (; sent < 1000; sent++) await peer.write(record)
    })().catch(() => {})
    t.is(((await handshake) as TlsError).code, 'TLS_MISC')
    await flood
    t.true(sent < 1000, `${sent} were taken`)
    t.is((await peer.read())?.at(-1), alert)
  })
}

test('limits/handshake/message-is-refused-by-its-length', async (t) => {
  const [stream, peer] = memoryStreamPair()
  const client = createForgeBackend().createClientConnection(stream, { database, serverIdentity })
  const handshake = client.handshake().catch((error: unknown) => error)
  await peer.read()
  // A certificate of 16 MiB is announced; nothing more is waited for, nor kept.
  await peer.write(Uint8Array.of(22, 3, 2, 0, 4, 11, 255, 255, 255))
  t.is(((await handshake) as TlsError).code, 'TLS_MISC')
  t.is((await peer.read())?.at(-1), 47)
})

test('limits/handshake/record-is-refused-by-its-length', async (t) => {
  const [stream, peer] = memoryStreamPair()
  const client = createForgeBackend().createClientConnection(stream, { database, serverIdentity })
  const handshake = client.handshake().catch((error: unknown) => error)
  await peer.read()
  await peer.write(Uint8Array.of(22, 3, 2, 0x48, 0x01))
  t.is(((await handshake) as TlsError).code, 'TLS_NOT_TLS')
  t.is((await peer.read())?.at(-1), 10)
})

test('limits/open/empty-records-without-end', (t) => {
  const { client, server } = connectedEngines()
  for (let round = 0; round < 3; round++) {
    // Some send one in front of each record (CVE-2011-3389).
    for (let count = 0; count < 30; count++) void client.write(new Uint8Array(0))
    void client.write(Uint8Array.of(1, 2, 3))
    transfer(client, server)
    t.deepEqual([...taken(server)], [1, 2, 3])
  }
  for (let count = 0; count < 33; count++) void client.write(new Uint8Array(0))
  t.throws(() => transfer(client, server), { code: 'TLS_MISC' } as object)
  t.throws(() => transfer(server, client), { message: /unexpected_message/ })
})

test('limits/open/nothing-after-the-end-is-a-new-connection', (t) => {
  const { client, server } = connectedEngines()
  void client.closeNotify()
  transfer(client, server)
  t.true(server.hasEnded)
  const other = new ForgeClientEngine(chooseCiphers('fastest'), { session() {} })
  other.start(clientParameters())
  transfer(other, server)
  t.is(server.takeCiphertext(), undefined)
  t.is(server.takePlaintext(), undefined)
})

/** Garbage in the place of each message: no loop, no exception of another kind. */
test('limits/server/garbage-messages-of-every-type', (t) => {
  for (let type = 0; type < 256; type++) {
    for (const length of [0, 1, 2, 3, 4, 37, 38, 100]) {
      const engine = new ForgeServerEngine(chooseCiphers('fastest'))
      engine.start(serverParameters())
      const message = concat(
        Uint8Array.of(22, 3, 1, 0, length + 4, type, 0, 0, length),
        new Uint8Array(length).fill(type ^ 0xa5),
      )
      const error = t.throws(() => engine.receive(message) as undefined)
      t.true(error instanceof TlsError, `${type}, ${length}: ${error}`)
    }
  }
})

function serverParameters() {
  return {
    certificate,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    advertisedProtocols: [],
    authenticationMode: 'none',
    database: null,
    sessions: { get: () => undefined, put() {} },
  } as never
}

function clientParameters() {
  return {
    serverName: 'a.test',
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    advertisedProtocols: [],
    database,
    wantSessions: false,
    requestCertificate: async () => undefined,
  } as never
}

/** Two engines that have shaken hands, without streams. */
function connectedEngines() {
  const client = new ForgeClientEngine(chooseCiphers('fastest'), { session() {} })
  const server = new ForgeServerEngine(chooseCiphers('fastest'))
  server.start(serverParameters())
  client.start(clientParameters())
  while (client.result === undefined || server.result === undefined) {
    transfer(client, server)
    transfer(server, client)
  }
  return { client, server }
}

/** Gives one engine what the other has to send. Nothing here needs to be waited for. */
function transfer(from: AnyEngine, to: AnyEngine): void {
  for (let chunk = from.takeCiphertext(); chunk !== undefined; chunk = from.takeCiphertext()) {
    void to.receive(chunk)
  }
}

function* taken(engine: AnyEngine): Generator<number> {
  for (let chunk = engine.takePlaintext(); chunk !== undefined; chunk = engine.takePlaintext()) {
    yield* chunk
  }
}

type AnyEngine = ForgeClientEngine | ForgeServerEngine
