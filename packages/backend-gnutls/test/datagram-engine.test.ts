import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { client as forClient } from '@tlsio/conformance/fixtures'
import { memoryDatagramPair, systemClock, TlsCertificate, TlsDatabase } from '@tlsio/core'
import type { ClientHandshakeParameters, ServerHandshakeParameters } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { ClientRole } from '#src/client-role.js'
import { DatagramEngine, pacedTimeout } from '#src/datagram-engine.js'
import { engineContext } from '#src/engine-context.js'
import { openGnutls } from '#src/gnutls.js'
import { ServerRole } from '#src/server-role.js'
import { part, record } from './datagrams.js'
import {
  certificate,
  clientParameters,
  database,
  sentBy,
  serverIdentity,
  serverParameters,
  subject,
} from './support.js'

const own = TlsCertificate.fromPem(forClient.certificate + forClient.privateKey)
const context = engineContext(openGnutls())
const versions = { minVersion: 'DTLSv1.2', maxVersion: 'DTLSv1.2' } as const
const settings = { maxDatagramSize: 1400, retransmissionTimeout: 1000, clock: systemClock }
const asks = { database, authenticationMode: 'required', acceptCertificate: () => true } as const

test('datagram-engine/a-timeout-never-comes-out-short', (t) => {
  for (const asked of [
    1, 50, 999, 1000, 1875, 3750, 7500, 15_000, 30_000, 30_001, 60_000, 90_000,
  ]) {
    const timeout = pacedTimeout(asked)
    t.true(timeout <= asked && timeout > asked * 0.9, `${timeout} instead of ${asked}`)
    // As libgnutls doubles it.
    let next = timeout
    for (let doubled = 0; doubled < 20; doubled++) {
      next = (next * 2) % 60_000
      t.true(next >= Math.min(timeout, 1000), `${next} after ${asked}`)
    }
  }
})

test('datagram-engine/client-certificate/asked-for-at-its-moment', async (t) => {
  const backend = createGnutlsBackend()
  const [near, far] = memoryDatagramPair()
  const asked: (readonly Uint8Array[] | null)[] = []
  const client = backend.createDtlsClientConnection(near, {
    database,
    serverIdentity,
    interaction: {
      requestCertificate: async (connection) => {
        // Elsewhere, and later: nothing waits for it in C.
        await new Promise((resolve) => setImmediate(resolve))
        asked.push(connection.acceptedCas)
        connection.certificate = own
        return 'handled'
      },
    },
  })
  const server = backend.createDtlsServerConnection(far, { certificate, ...asks })
  await Promise.all([client.handshake(), server.handshake()])
  t.deepEqual(asked, [[subject]])
  t.deepEqual(client.acceptedCas, [subject])
  t.deepEqual(server.peerCertificate?.der, own.der)
  await Promise.all([client.close(), server.close()])
})

test('datagram-engine/client-certificate/a-stranger-asks-first', async (t) => {
  const { client, server } = engines({
    requestCertificate: () => Promise.resolve(own),
  })
  server.start({
    ...serverParameters,
    ...versions,
    authenticationMode: 'required',
    anchors: TlsDatabase.anchorBytesOf(database),
  } as ServerHandshakeParameters)
  for (const datagram of sentBy(client)) await server.receive(datagram)
  const [hello = new Uint8Array(0), ...rest] = sentBy(server)
  await client.receive(hello)
  const names = Uint8Array.from([2, 1, 64, 0, 2, 4, 3, 0, 4, 0, 2, 48, 0])
  // Where the server's own may stand, so that the gate takes it for that.
  await client.receive(record(part(13, names, sequenceOf(hello) + 4)))
  const whole = async () => {
    for (const datagram of rest) await client.receive(datagram)
  }
  await t.throwsAsync(whole(), { code: 'TLS_MISC', message: /out of turn/ } as object)
  client.release()
  server.release()
})

test('datagram-engine/several-messages-in-a-datagram', async (t) => {
  const { client, server } = engines()
  server.start({ ...serverParameters, ...versions } as ServerHandshakeParameters)
  for (let turns = 0; turns < 4; turns++) {
    for (const datagram of sentBy(client)) await server.receive(datagram)
    for (const datagram of sentBy(server)) await client.receive(datagram)
  }
  const messages = ['one', 'two', 'three', 'four', 'five'].map((word) => Buffer.from(word))
  for (const message of messages) client.write(message)
  const datagrams = sentBy(client)
  t.is(datagrams.length, messages.length)
  // One of them twice: it is dropped, and nothing behind it.
  const [first = new Uint8Array(0)] = datagrams
  await server.receive(concat(first, ...datagrams))
  const received: string[] = []
  for (let next = server.takePlaintext(); next; next = server.takePlaintext()) {
    received.push(Buffer.from(next).toString())
  }
  t.deepEqual(received, ['one', 'two', 'three', 'four', 'five'])
  client.release()
  server.release()
})

/** A client that has said hello, and a server that has not begun. */
function engines(parameters: Partial<ClientHandshakeParameters> = {}) {
  const client = new DatagramEngine(context, new ClientRole(context, 'datagrams'), settings)
  const server = new DatagramEngine(context, new ServerRole(context, 'datagrams'), settings)
  void client.start({
    ...clientParameters,
    ...versions,
    wantSessions: false,
    ...parameters,
  } as ClientHandshakeParameters)
  return { client, server }
}

/** Of the first handshake message in a datagram. */
function sequenceOf(datagram: Uint8Array): number {
  return new DataView(datagram.buffer, datagram.byteOffset).getUint16(13 + 4)
}
