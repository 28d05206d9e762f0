import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { tapStream } from '@tlsio/conformance'
import { forB } from '@tlsio/conformance/fixtures'
import { memoryStreamPair, TlsCertificate, TlsDatabase } from '@tlsio/core'
import type { ServerHandshakeParameters } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { readAcceptedCas } from '#src/certificate-request.js'
import { ClientRole } from '#src/client-role.js'
import { engineContext } from '#src/engine-context.js'
import { openGnutls } from '#src/gnutls.js'
import { ServerRole } from '#src/server-role.js'
import { StreamEngine } from '#src/stream-engine.js'
import {
  certificate,
  clientParameters,
  database,
  sentBy,
  serverIdentity,
  serverParameters,
  subject,
} from './support.js'

const gnutls = openGnutls()
const own = TlsCertificate.fromPem(forB.certificate + forB.privateKey)
const suites = ['AES-128-GCM', 'AES-256-GCM', 'CHACHA20-POLY1305', 'AES-128-CCM']
const names = [Uint8Array.of(48, 1, 2), Uint8Array.of(48, 0)]
const list = [0, 9, 0, 3, 48, 1, 2, 0, 2, 48, 0]

const bodies = {
  'TLSv1.2': Uint8Array.from([2, 1, 64, 0, 2, 4, 3, ...list]),
  // Signature algorithms, and then the names.
  'TLSv1.3': Uint8Array.from([0, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3, 0, 47, 0, 11, ...list]),
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const body = bodies[version]

  test(`certificate-request/${version}/names`, (t) => {
    t.deepEqual(readAcceptedCas(body, version), names)
  })

  test(`certificate-request/${version}/cut-anywhere`, (t) => {
    for (let length = 0; length < body.length; length++) {
      t.is(readAcceptedCas(body.subarray(0, length), version), undefined, `${length} bytes`)
    }
    t.is(readAcceptedCas(concat(body, Uint8Array.of(0)), version), undefined)
  })

  const ciphers = version === 'TLSv1.2' ? ['AES-128-GCM'] : suites
  for (const cipher of ciphers) {
    test(`certificate-request/${version}/${cipher}/answered-at-its-moment`, async (t) => {
      const priority = `NORMAL:-CIPHER-ALL:+${cipher}`
      const context = engineContext(gnutls, { priority })
      const versions = { minVersion: version, maxVersion: version }
      const requests: (readonly Uint8Array[])[] = []
      let answer: () => void = () => {}
      const client = new StreamEngine(context, new ClientRole(context, 'stream'))
      const server = new StreamEngine(context, new ServerRole(context, 'stream'))
      await client.start({
        ...clientParameters,
        ...versions,
        requestCertificate: (accepted) => {
          requests.push(accepted)
          return new Promise((resolve) => {
            answer = () => resolve(own)
          })
        },
      })
      await server.start({
        ...serverParameters,
        ...versions,
        authenticationMode: 'required',
        anchors: TlsDatabase.anchorBytesOf(database),
      } as ServerHandshakeParameters)
      for (const chunk of sentBy(client)) await server.receive(chunk)
      let early: Uint8Array[] = []
      // Byte by byte: a record may be cut anywhere.
      for (const byte of concat(...sentBy(server))) {
        const waiting = client.receive(Uint8Array.of(byte))
        if (waiting === undefined) continue
        // What goes out before the answer is no more than the ChangeCipherSpec of TLS 1.3.
        early = sentBy(client)
        t.true(concat(...early).length <= 6)
        answer()
        await waiting
      }
      t.deepEqual(requests, [[subject]])
      for (const chunk of [...early, ...sentBy(client)]) await server.receive(chunk)
      for (const chunk of sentBy(server)) await client.receive(chunk)
      t.deepEqual(client.result?.acceptedCas, [subject])
      t.deepEqual(server.result?.peerChain, [own.der])
      client.release()
      server.release()
    })
  }
}

test('certificate-request/TLSv1.3/behind-a-retry', async (t) => {
  const [near, far] = memoryStreamPair()
  const wire = tapStream(near)
  const asked: (readonly Uint8Array[] | null)[] = []
  const client = createGnutlsBackend().createClientConnection(wire, {
    database,
    serverIdentity,
    interaction: {
      requestCertificate: async (connection) => {
        asked.push(connection.acceptedCas)
        connection.certificate = own
        return 'handled'
      },
    },
  })
  // A group that no share is sent of: the server asks for one, and may say ChangeCipherSpec then.
  const priority = 'NORMAL:-GROUP-ALL:+GROUP-SECP384R1'
  const server = createGnutlsBackend({ priority }).createServerConnection(far, {
    certificate,
    database,
    authenticationMode: 'required',
    acceptCertificate: () => true,
  })
  await Promise.all([client.handshake(), server.handshake()])
  t.is(wire.sent.clientHellos.length, 2)
  t.deepEqual(asked, [[subject]])
  t.deepEqual(server.peerCertificate?.der, own.der)
  await Promise.all([client.close(), server.close()])
})
