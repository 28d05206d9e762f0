import { createGnutlsBackend, type GnutlsBackendOptions } from '@tlsio/backend-gnutls'
import { forA, testCa } from '@tlsio/conformance/fixtures'
import {
  type ClientConnectionOptions,
  memoryStreamPair,
  type ServerConnectionOptions,
  TicketKeys,
  TlsCertificate,
  type TlsClientConnection,
  TlsDatabase,
  type TlsServerConnection,
} from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  ServerHandshakeParameters,
  TlsEngine,
} from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import { ClientRole } from '#src/client-role.js'
import { engineContext } from '#src/engine-context.js'
import { openGnutls } from '#src/gnutls.js'
import { ServerRole } from '#src/server-role.js'
import { StreamEngine } from '#src/stream-engine.js'

export const database: TlsDatabase = TlsDatabase.fromPem(testCa)
export const certificate: TlsCertificate = TlsCertificate.fromPem(
  forA.certificate + forA.privateKey,
)
/** Name of the authority behind {@link certificate}, `CN=Test CA`, as DER. */
export const subject: Uint8Array = Uint8Array.from([
  48, 18, 49, 16, 48, 14, 6, 3, 85, 4, 3, 12, 7, 84, 101, 115, 116, 32, 67, 65,
])

export const serverIdentity = { hostname: 'a.test', port: 990 }

export interface PairOptions {
  readonly backend?: GnutlsBackendOptions
  readonly client?: ClientConnectionOptions
  readonly server?: ServerConnectionOptions
}

/** A client and a server in memory; nothing is sent yet. */
export function connectionPair({ backend, client, server }: PairOptions = {}): {
  readonly client: TlsClientConnection
  readonly server: TlsServerConnection
} {
  const [near, far] = memoryStreamPair()
  const ends = createGnutlsBackend(backend)
  return {
    client: ends.createClientConnection(near, { database, serverIdentity, ...client }),
    server: ends.createServerConnection(far, { certificate, ...server }),
  }
}

const common = {
  advertisedProtocols: [],
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  detectTruncation: true,
  openToken: () => Promise.reject(new Error('There is no token.')),
  keyLog: undefined,
  settingsKey: '',
  anchors: [],
} as const

/** What core tells the engine of a client that wants nothing in particular. */
export const clientParameters: ClientHandshakeParameters = {
  ...common,
  certificate: undefined,
  serverName: 'a.test',
  requestOcspStaple: false,
  session: undefined,
  wantSessions: true,
  requestCertificate: () => Promise.resolve(undefined),
}

/** The same of a server. */
export const serverParameters: Omit<ServerHandshakeParameters, 'sessions'> = {
  ...common,
  certificate,
  ticketKeys: TicketKeys.generate(),
  authenticationMode: 'none',
}

/** All that an engine has to send. */
export function sentBy(engine: TlsEngine<never>): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let chunk = engine.takeCiphertext(); chunk; chunk = engine.takeCiphertext()) {
    chunks.push(chunk)
  }
  return chunks
}

/** Two engines that have shaken hands; whatever one has to send is in the other. */
export interface EnginePair {
  readonly client: StreamEngine<ClientHandshakeParameters>
  readonly server: StreamEngine<ServerHandshakeParameters>
}

/** Makes them; the caller releases them. */
export async function openEngines(options: GnutlsBackendOptions = {}): Promise<EnginePair> {
  const context = engineContext(openGnutls(), options)
  const client = new StreamEngine(context, new ClientRole(context, 'stream'))
  const server = new StreamEngine(context, new ServerRole(context, 'stream'))
  await server.start({ ...serverParameters, sessions: undefined as never })
  await client.start(clientParameters)
  while (client.result === undefined || server.result === undefined) {
    for (const bytes of sentBy(client)) await server.receive(bytes)
    for (const bytes of sentBy(server)) await client.receive(bytes)
  }
  for (const bytes of sentBy(server)) await client.receive(bytes)
  return { client, server }
}

/** All that an engine has read. */
export function readBy(engine: TlsEngine<never>): Uint8Array {
  const chunks: Uint8Array[] = []
  for (let chunk = engine.takePlaintext(); chunk; chunk = engine.takePlaintext()) {
    chunks.push(chunk)
  }
  return concat(...chunks)
}
