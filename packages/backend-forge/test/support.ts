import { createForgeBackend } from '@tlsio/backend-forge'
import { type TappedStream, tapStream } from '@tlsio/conformance'
import { forA, testCa } from '@tlsio/conformance/fixtures'
import {
  type ClientConnectionOptions,
  memoryStreamPair,
  type ServerConnectionOptions,
  type TlsBackend,
  TlsCertificate,
  type TlsClientConnection,
  TlsDatabase,
  type TlsServerConnection,
} from '@tlsio/core'

export const database: TlsDatabase = TlsDatabase.fromPem(testCa)
export const certificate: TlsCertificate = TlsCertificate.fromPem(
  forA.certificate + forA.privateKey,
)
export const serverIdentity = { hostname: 'a.test', port: 990 }

export interface Pair {
  readonly client: TlsClientConnection
  readonly server: TlsServerConnection
  /** What the client has on the wire. */
  readonly wire: TappedStream
}

export interface PairOptions {
  readonly client?: ClientConnectionOptions
  readonly server?: ServerConnectionOptions
  readonly clientBackend?: TlsBackend
  readonly serverBackend?: TlsBackend
}

/** A client and a server in memory; nothing is sent yet. */
export function connectionPair(options: PairOptions = {}): Pair {
  const { clientBackend = createForgeBackend(), serverBackend = createForgeBackend() } = options
  const [near, far] = memoryStreamPair()
  const wire = tapStream(near)
  return {
    wire,
    client: clientBackend.createClientConnection(wire, {
      database,
      serverIdentity,
      ...options.client,
    }),
    server: serverBackend.createServerConnection(far, { certificate, ...options.server }),
  }
}

/** Shakes hands at both ends. */
export async function handshaken({ client, server }: Pair): Promise<void> {
  await Promise.all([client.handshake(), server.handshake()])
}

/** Bytes that differ from place to place. */
export function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 7 + (at >> 8))
}
