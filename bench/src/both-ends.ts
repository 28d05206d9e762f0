// Servers in this process, for engines that are measured at both ends.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { type TlsBackend, TlsCertificate } from '@tlsio/core'
import { listenTcp } from '@tlsio/core/node'
import { serverKeyPem, serverPem } from './certificates.js'
import type { Contender } from './comparison.js'

/** A contender that is made when it is needed first, since its server has to listen before. */
export function whenListening(amount: number, make: () => Promise<Contender>): Contender {
  let made: Promise<Contender> | undefined
  return {
    amount,
    async round(stopwatch) {
      made ??= make()
      await (await made).round(stopwatch)
    },
  }
}

/** Raw `node:tls`, which waits for the client's end and ends, too; does not keep the process alive. */
export async function serveRaw(): Promise<number> {
  const server: Server = createServer({ cert: serverPem, key: serverKeyPem }, (socket) => {
    socket.resume()
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The same by this library, until `signal` aborts. */
export async function serveTlsio(backend: TlsBackend, signal: AbortSignal): Promise<number> {
  const certificate = TlsCertificate.fromPem(serverPem + serverKeyPem)
  const { port } = await listenTcp({ port: 0, signal }, async (stream) => {
    const connection = backend.createServerConnection(stream, { certificate })
    while ((await connection.read()) !== null);
    await connection.close()
  })
  return port
}
