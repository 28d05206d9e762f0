import type {
  BackendContext,
  BackendOptions,
  BackendRegistration,
  IoStream,
  TlsBackend,
  TlsCapabilities,
} from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  type ServerHandshakeParameters,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'
import { capabilities } from './capabilities.js'
import { NodeClientDriver } from './client-driver.js'
import { NodeServerDriver } from './server-driver.js'

/** The backend over node:tls (OpenSSL). */
class NodeTlsBackend extends TlsBackendBase {
  readonly name = 'node'
  readonly supports: TlsCapabilities = capabilities

  protected createClientDriver(
    stream: IoStream,
    events: DriverEvents,
  ): TlsDriver<ClientHandshakeParameters> {
    return new NodeClientDriver(stream, events)
  }

  protected createServerDriver(stream: IoStream): TlsDriver<ServerHandshakeParameters> {
    return new NodeServerDriver(stream)
  }
}

/**
 * Makes a backend over node:tls, with a session store of its own unless one is given.
 *
 * With `requireCloseNotify` off, and over a stream of `connectTcp` or `fromDuplex`, OpenSSL gets
 * the very socket. Otherwise, and so by default, bytes pass through JavaScript, which costs
 * throughput: node:tls alone cannot tell truncation from `close_notify`.
 */
export function createNodeBackend(options: BackendOptions = {}): TlsBackend {
  return new NodeTlsBackend(options)
}

/** The registration of the backend over node:tls: name `node`, priority 0. */
export const nodeBackend: BackendRegistration = Object.freeze({
  name: 'node',
  priority: 0,
  supports: capabilities,
  create: (context: BackendContext) => createNodeBackend(context),
})
