import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { client as forClient } from '@tlsio/conformance/fixtures'
import { memoryStreamPair, TlsCertificate } from '@tlsio/core'
import test from 'ava'
import { openGnutls } from '#src/gnutls.js'
import { certificate, connectionPair, database, serverIdentity } from './support.js'

const { ledger } = openGnutls()
const own = TlsCertificate.fromPem(forClient.certificate + forClient.privateKey)

test.serial('handles/closed-connections-leave-nothing', async (t) => {
  const { client, server } = connectionPair({
    client: { certificate: own },
    server: { database, authenticationMode: 'required', acceptCertificate: () => true },
  })
  await Promise.all([client.handshake(), server.handshake()])
  t.is(ledger.live.session, 2)
  await Promise.all([client.close(), server.close()])
  t.is(ledger.live.session, undefined)
  t.is(ledger.live.cipher, undefined)
})

test.serial('handles/failed-handshakes-leave-nothing', async (t) => {
  for (let count = 0; count < 20; count++) {
    const { client, server } = connectionPair({
      server: { authenticationMode: 'required', database },
    })
    await Promise.allSettled([client.handshake(), server.handshake().then(() => server.read())])
    client.abort()
    server.abort()
  }
  t.is(ledger.live.session, undefined)
  t.is(ledger.live.cipher, undefined)
})

test.serial('handles/dropped-connections-are-collected', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const backend = createGnutlsBackend()
  await (async () => {
    for (let count = 0; count < 50; count++) {
      const [near, far] = memoryStreamPair()
      const client = backend.createClientConnection(near, { database, serverIdentity })
      const server = backend.createServerConnection(far, { certificate })
      await Promise.all([client.handshake(), server.handshake()])
    }
  })()
  t.true((ledger.live.session ?? 0) > 0)
  // Finalizers run in a turn of their own.
  for (let turn = 0; turn < 100 && (ledger.live.session ?? 0) > 0; turn++) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.is(ledger.live.session, undefined)
})
