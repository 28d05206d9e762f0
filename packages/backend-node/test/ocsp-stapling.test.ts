import { randomBytes } from 'node:crypto'
import { createNodeBackend } from '@tlsio/backend-node'
import type { ClientConnectionOptions } from '@tlsio/core'
import { connectTcp } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { database, rawTlsServer, serverIdentity } from './support.js'

/** Nobody looks into it, on the way or here. Longer than one record, if that can be. */
const staple = randomBytes(16_000)

/** A server of node:tls that staples what `answer` says, and counts how often it was asked. */
async function staplingServer(t: ExecutionContext, answer: (() => Buffer | null) | undefined) {
  const { server, port, resumed } = await rawTlsServer(t, (socket) => {
    socket.write('hello')
    socket.once('data', () => socket.end())
  })
  let asked = 0
  if (answer !== undefined) {
    server.on('OCSPRequest', (_certificate, _issuer, callback) => {
      asked++
      callback(null, answer() as Buffer)
    })
  }
  return { port, resumed, asked: () => asked }
}

async function staplesOf(
  port: number,
  connections: readonly ClientConnectionOptions[],
): Promise<(Uint8Array | null)[]> {
  const backend = createNodeBackend()
  const staples: (Uint8Array | null)[] = []
  for (const options of connections) {
    const stream = await connectTcp({ host: '127.0.0.1', port })
    const connection = backend.createClientConnection(stream, {
      database,
      serverIdentity,
      ...options,
    })
    await connection.read()
    staples.push(connection.ocspStaple)
    await connection.write(Buffer.from('bye'))
    await connection.read()
    await connection.close()
  }
  return staples
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  const asking = { requestOcspStaple: true, minVersion: version, maxVersion: version }

  for (const requireCloseNotify of [true, false]) {
    test(`ocsp-stapling/${version}/as-the-server-sent-it/${requireCloseNotify}`, async (t) => {
      const { port, asked } = await staplingServer(t, () => staple)
      const [received] = await staplesOf(port, [{ ...asking, requireCloseNotify }])
      t.deepEqual(received, new Uint8Array(staple))
      t.is(asked(), 1)
    })
  }

  test(`ocsp-stapling/${version}/none-on-a-resumed-connection`, async (t) => {
    const { port, resumed, asked } = await staplingServer(t, () => staple)
    const [first, second, off] = await staplesOf(port, [
      asking,
      asking,
      { ...asking, sessionResumption: 'off' },
    ])
    t.deepEqual(resumed, [false, true, false])
    t.deepEqual(first, new Uint8Array(staple))
    t.is(second, null)
    t.deepEqual(off, new Uint8Array(staple))
    t.is(asked(), 2)
  })

  test(`ocsp-stapling/${version}/nobody-is-asked-by-default`, async (t) => {
    const { port, asked } = await staplingServer(t, () => staple)
    const options = { ...asking, requestOcspStaple: false }
    t.deepEqual(await staplesOf(port, [options]), [null])
    t.is(asked(), 0)
  })

  test(`ocsp-stapling/${version}/server-without-one`, async (t) => {
    const { port, asked } = await staplingServer(t, () => null)
    t.deepEqual(await staplesOf(port, [asking]), [null])
    t.is(asked(), 1)
    const never = await staplingServer(t, undefined)
    t.deepEqual(await staplesOf(never.port, [asking]), [null])
  })
}
