// Handshakes of all kinds, half of which fail; then it frees what lasts as long as the thread, and ends. With
// `--forget` one session is freed by nobody.
import { createGnutlsBackend } from '@tlsio/backend-gnutls'
import { client as forClient } from '@tlsio/conformance/fixtures'
import { memoryDatagramPair, TlsCertificate } from '@tlsio/core'
import { Init } from '#src/ffi/constants.js'
import { openGnutls } from '#src/gnutls.js'
import { certificate, connectionPair, database, serverIdentity } from '../support.js'

const gnutls = openGnutls()
const count = Number(process.argv[2])
const own = TlsCertificate.fromPem(forClient.certificate + forClient.privateKey)
const word = Uint8Array.of(1, 2, 3)
const asks = { database, authenticationMode: 'required', acceptCertificate: () => true } as const
const backend = createGnutlsBackend()
let done = 0
let failed = 0

for (let number = 0; number < count; number++) {
  if (number % 10 === 9) await overDatagrams(number)
  else await overStreams(number)
}
// A ticket comes after the handshake, and is stored in a turn of its own.
await new Promise((resolve) => setImmediate(resolve))
if (process.argv.includes('--forget'))
  gnutls.handle((made) => gnutls.functions.init(made, Init.CLIENT))
const { session: left = 0 } = gnutls.ledger.live
if (left > 0) throw new Error(`${left} sessions of connections that are closed are still there.`)
gnutls.freeAll()
console.log(JSON.stringify({ done, failed }))

async function overStreams(number: number): Promise<void> {
  const version = number % 2 === 0 ? 'TLSv1.2' : 'TLSv1.3'
  const { client, server } = connectionPair({
    client: {
      minVersion: version,
      maxVersion: version,
      requestOcspStaple: number % 4 === 0,
      ...(number % 3 === 0 && { serverIdentity: { hostname: 'b.test' } }),
      ...(number % 5 === 0 && { certificate: own }),
      ...(number % 8 === 0 && { advertisedProtocols: ['x-one'], keyLog: () => {} }),
    },
    server: {
      ...(number % 5 < 2 && asks),
      ...(number % 7 === 0 && { minVersion: 'TLSv1.3' }),
      ...(number % 8 === 0 && { advertisedProtocols: ['x-one'] }),
    },
  })
  const ends = [client, server]
  const outcomes = await Promise.allSettled(
    ends.map(async (end) => {
      await end.handshake()
      await end.write(word)
      await end.read()
    }),
  )
  note(outcomes)
  if (number % 4 === 1) for (const end of ends) end.abort()
  else await Promise.allSettled(ends.map((end) => end.close()))
}

async function overDatagrams(number: number): Promise<void> {
  const [near, far] = memoryDatagramPair()
  const hostname = number % 3 === 0 ? 'b.test' : serverIdentity.hostname
  const client = backend.createDtlsClientConnection(near, {
    database,
    serverIdentity: { hostname },
    certificate: own,
  })
  const server = backend.createDtlsServerConnection(far, { certificate, ...asks })
  const ends = [client, server]
  const talk = async (end: typeof client | typeof server) => {
    await end.handshake()
    await end.send(word)
    await end.receive()
  }
  note(await Promise.allSettled(ends.map(talk)))
  await Promise.allSettled(ends.map((end) => end.close()))
}

function note(outcomes: readonly PromiseSettledResult<void>[]): void {
  if (outcomes.every(({ status }) => status === 'fulfilled')) done++
  else failed++
}
