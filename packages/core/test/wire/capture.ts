import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { forA, testCa } from '@tlsio/conformance/fixtures'

/** What a client and a server of node:tls sent each other, in chunks as they were written. */
export interface Capture {
  /** What the client wrote. */
  readonly fromClient: readonly Uint8Array[]
  /** What the server wrote. */
  readonly fromServer: readonly Uint8Array[]
  /** The last session the client got. */
  readonly session: Uint8Array | undefined
  /** Whether the server says that it resumed a session. */
  readonly resumed: boolean
}

/** Ticket keys that all captured servers share. */
export const ticketKeys: Uint8Array = new Uint8Array(48).fill(7)

/** Runs one handshake of node:tls in memory, sends a byte from the server, and closes. */
export async function capture(
  client: tls.ConnectionOptions = {},
  server: tls.TlsOptions = {},
): Promise<Capture> {
  const fromClient: Uint8Array[] = []
  const fromServer: Uint8Array[] = []
  const [near, far] = duplexPair(fromClient, fromServer)
  const serverSocket = new tls.TLSSocket(far, {
    isServer: true,
    secureContext: tls.createSecureContext({
      cert: forA.certificate,
      key: forA.privateKey,
      ticketKeys: Buffer.from(ticketKeys),
      ...server,
    }),
    ...(server.ALPNProtocols === undefined ? {} : { ALPNProtocols: server.ALPNProtocols }),
  } as tls.TLSSocketOptions)
  const clientSocket = tls.connect({ socket: near, ca: testCa, servername: 'a.test', ...client })
  let session: Uint8Array | undefined
  clientSocket.on('session', (one: Buffer) => {
    session = one
  })
  const failed = new Promise<never>((_, reject) => {
    clientSocket.on('error', reject)
    serverSocket.on('error', reject)
  })
  const secure = new Promise<void>((done) => serverSocket.once('secure', done))
  const data = new Promise<void>((done) => clientSocket.once('data', () => done()))
  await Promise.race([secure, failed])
  serverSocket.write('!')
  await Promise.race([data, failed])
  const resumed = serverSocket.isSessionReused()
  const ended = new Promise<void>((done) => serverSocket.once('end', done))
  clientSocket.end()
  serverSocket.resume()
  await Promise.race([ended, failed])
  clientSocket.destroy()
  serverSocket.destroy()
  return { fromClient, fromServer, session, resumed }
}

function duplexPair(fromA: Uint8Array[], fromB: Uint8Array[]): [Duplex, Duplex] {
  const a: Duplex = end(fromA, () => b)
  const b: Duplex = end(fromB, () => a)
  return [a, b]
}

function end(log: Uint8Array[], other: () => Duplex): Duplex {
  return new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      log.push(new Uint8Array(chunk))
      other().push(chunk)
      done()
    },
    final(done) {
      other().push(null)
      done()
    },
  })
}
