import type { CreateBackend } from '@tlsio/conformance'
import type {
  ClientConnectionOptions,
  IoStream,
  TlsBackend,
  TlsClientConnection,
  TlsConnection,
  TlsServerConnection,
} from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { Passing, withClientDriver } from './drivers.js'
import { createGood } from './good.js'
import { replace, replaceGetter } from './replace.js'

/** Good, but each connection is changed when it is made, of clients and of servers. */
export function withConnections(change: (connection: TlsConnection) => void): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    changeClients(backend, change)
    changeServers(backend, change)
    return backend
  }
}

/** Changes each client connection that a backend makes. */
export function changeClients(
  backend: TlsBackend,
  change: (connection: TlsClientConnection) => void,
): void {
  replace(backend, 'createClientConnection', (create) => (stream, options) => {
    const connection = create(stream, options)
    change(connection)
    return connection
  })
}

/** Changes each server connection that a backend makes. */
export function changeServers(
  backend: TlsBackend,
  change: (connection: TlsServerConnection) => void,
): void {
  replace(backend, 'createServerConnection', (create) => (stream, options) => {
    const connection = create(stream, options)
    change(connection)
    return connection
  })
}

/** Good, but options of clients are taken for others. */
export function withClientOptions(
  change: (options: ClientConnectionOptions) => ClientConnectionOptions,
): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    changeClientOptions(backend, change)
    return backend
  }
}

/** Takes the options of a backend's clients for others. */
export function changeClientOptions(
  backend: TlsBackend,
  change: (options: ClientConnectionOptions) => ClientConnectionOptions,
): void {
  replace(
    backend,
    'createClientConnection',
    (create) =>
      (stream, options = {}) =>
        create(stream, change(options)),
  )
}

/** Good, but each client is made over another stream than the one that was given; it is not told. */
export function withClientTransport(change: (stream: IoStream) => IoStream): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    replace(backend, 'createClientConnection', (create) => (stream, options) => {
      const connection = create(change(stream), options)
      replaceGetter(connection, 'transport', () => stream)
      return connection
    })
    return backend
  }
}

/** What a mutant knows of a client's handshake beside its connection. */
export interface EngineFacts {
  /** What the engine said, as soon as it did. */
  result?: HandshakeResult | undefined
}

/** Good, but each client is changed when it is made, in knowledge of what its engine says. */
export function withClientsAndResults(
  change: (connection: TlsClientConnection, engine: EngineFacts) => void,
): CreateBackend {
  const known = new WeakMap<IoStream, EngineFacts>()
  const create = withClientDriver((make, stream, events) => {
    const facts = known.get(stream)
    return new (class extends Passing<ClientHandshakeParameters> {
      override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
        const result = await super.handshake(asked)
        if (facts !== undefined) facts.result = result
        return result
      }
    })(make(stream, events))
  })
  return (context) => {
    const backend = create(context)
    changeClients(backend, (connection) => {
      const facts: EngineFacts = {}
      known.set(connection.transport, facts)
      change(connection, facts)
    })
    return backend
  }
}

/** Good, but a client's engine is told other settings than core's, in knowledge of its connection. */
export function withClientSettings(
  change: (
    asked: ClientHandshakeParameters,
    connection: TlsClientConnection,
  ) => ClientHandshakeParameters,
): CreateBackend {
  const known = new WeakMap<IoStream, TlsClientConnection>()
  const create = withClientDriver((make, stream, events) => {
    const connection = known.get(stream) as TlsClientConnection
    return new (class extends Passing<ClientHandshakeParameters> {
      override handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
        return super.handshake(change(asked, connection))
      }
    })(make(stream, events))
  })
  return (context) => {
    const backend = create(context)
    changeClients(backend, (connection) => known.set(connection.transport, connection))
    return backend
  }
}
