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
