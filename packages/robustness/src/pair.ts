import type {
  IoStream,
  TlsBackend,
  TlsClientConnection,
  TlsProtocolVersion,
  TlsServerConnection,
  TlsSession,
} from '@tlsio/core'
import { outcome } from './settle.js'
import { certificate, database, serverIdentity } from './subject.js'
import { type Transform, type WireEnd, wirePair } from './wire.js'

/** Where bytes go. */
export const directions = ['to-client', 'to-server'] as const
export type Direction = (typeof directions)[number]

export interface PairOptions {
  readonly backend: TlsBackend
  readonly version: TlsProtocolVersion
  readonly requireCloseNotify?: boolean
  /** Offered by the client; without one, none is: handshakes are full ones. */
  readonly session?: TlsSession | undefined
  /** What changes the bytes on their way. */
  readonly toClient?: Transform | undefined
  readonly toServer?: Transform | undefined
  /** Put between the wire and the ends. */
  readonly wrapClient?: (wire: WireEnd) => IoStream
  readonly wrapServer?: (wire: WireEnd) => IoStream
}

export interface Pair {
  readonly client: TlsClientConnection
  readonly server: TlsServerConnection
  readonly clientWire: WireEnd
  readonly serverWire: WireEnd
}

/** A client and a server over memory; nothing is sent yet. */
export function connectionPair(options: PairOptions): Pair {
  const wires = wirePair(options.toClient, options.toServer)
  const { wrapClient = asItIs, wrapServer = asItIs } = options
  const { backend, version, requireCloseNotify = true, session } = options
  const common = { requireCloseNotify, minVersion: version, maxVersion: version }
  const client = backend.createClientConnection(wrapClient(wires.client), {
    ...common,
    database,
    serverIdentity,
    sessionResumption: session === undefined ? 'off' : 'automatic',
  })
  if (session !== undefined) client.setSession(session)
  const server = backend.createServerConnection(wrapServer(wires.server), {
    ...common,
    certificate,
  })
  return { client, server, clientWire: wires.client, serverWire: wires.server }
}

/** The session of a connection that was opened for it. */
export async function sessionFor(
  backend: TlsBackend,
  version: TlsProtocolVersion,
): Promise<TlsSession> {
  const wires = wirePair()
  const versions = { minVersion: version, maxVersion: version }
  const client = backend.createClientConnection(wires.client, {
    ...versions,
    database,
    serverIdentity,
  })
  const server = backend.createServerConnection(wires.server, { ...versions, certificate })
  await Promise.all([client.handshake(), server.handshake()])
  await server.write(Uint8Array.of(1))
  await client.read()
  const session = await client.getSession()
  await Promise.all([outcome(client.close()), outcome(server.close())])
  return session
}

function asItIs(wire: WireEnd): IoStream {
  return wire
}
