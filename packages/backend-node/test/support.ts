import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import {
  createServer as createTlsServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls'
import { forAAndB, testCa } from '@tlsio/conformance/fixtures'
import { TlsCertificate, TlsDatabase } from '@tlsio/core'
import type { ExecutionContext } from 'ava'

export const database: TlsDatabase = TlsDatabase.fromPem(testCa)
export const certificate: TlsCertificate = TlsCertificate.fromPem(
  `${forAAndB.certificate}${forAAndB.privateKey}`,
)
export const serverIdentity = { hostname: 'a.test' }

/** A raw node:tls server that counts what it resumed: a peer that is not ours. */
export async function rawTlsServer(
  t: ExecutionContext,
  serve: (socket: TLSSocket) => void,
  options: TlsOptions = {},
): Promise<{ server: Server; port: number; resumed: boolean[] }> {
  const resumed: boolean[] = []
  const server = createTlsServer(
    { cert: forAAndB.certificate, key: forAAndB.privateKey, ...options },
    (socket) => {
      resumed.push(socket.isSessionReused())
      socket.on('error', () => {})
      serve(socket)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { server, port: (server.address() as AddressInfo).port, resumed }
}

/**
 * A TCP listener; `accept` gets each socket, which is destroyed with the test: what it still does then
 * may fail.
 */
export async function tcpServer(
  t: ExecutionContext,
  accept: (socket: Socket) => unknown,
): Promise<number> {
  const sockets = new Set<Socket>()
  let isOver = false
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    Promise.resolve(accept(socket)).catch((error: unknown) => {
      if (!isOver) throw error
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    isOver = true
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
