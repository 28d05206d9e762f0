import type {
  BackendContext,
  BackendOptions,
  BackendRegistration,
  IoStream,
  TlsBackend,
  TlsCapabilities,
  TlsDatabase,
} from '@tlsio/core'
import {
  type ClientHandshakeParameters,
  type DriverEvents,
  type ServerHandshakeParameters,
  TlsBackendBase,
  type TlsDriver,
} from '@tlsio/core/backend'
import { TlsSystemDatabase } from '@tlsio/core/node'
import { capabilities, capabilitiesWithDeprecated } from './capabilities.js'
import { NodeClientDriver } from './client-driver.js'
import { NodeServerDriver } from './server-driver.js'

/** What the backend over node:tls can be told beside what every backend can. */
export interface NodeBackendOptions extends BackendOptions {
  /**
   * Speaks TLS 1.0 and 1.1 as well, which RFC 8996 deprecates: for peers that know nothing newer. A
   * connection whose `minVersion` is one of these gives up OpenSSL's minimum of strength for keys
   * and ciphers, and talks to servers that do not know secure renegotiation (RFC 5746). Default
   * `false`: a connection that asks for one of them is refused.
   */
  readonly allowDeprecatedVersions?: boolean | undefined
}

const systemDatabase = new TlsSystemDatabase()

/** The backend over node:tls (OpenSSL). */
class NodeTlsBackend extends TlsBackendBase {
  readonly name = 'node'
  readonly supports: TlsCapabilities

  constructor(options: NodeBackendOptions) {
    super(options)
    const { allowDeprecatedVersions = false } = options
    if (typeof allowDeprecatedVersions !== 'boolean') {
      throw new TypeError('The option allowDeprecatedVersions is true or false.')
    }
    this.supports = allowDeprecatedVersions ? capabilitiesWithDeprecated : capabilities
  }

  /** What the operating system trusts; read once, for all backends of the process. */
  protected override systemDatabase(): TlsDatabase | null {
    return systemDatabase
  }

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
 *
 * @throws TypeError for an option that makes no sense.
 */
export function createNodeBackend(options: NodeBackendOptions = {}): TlsBackend {
  return new NodeTlsBackend(options)
}

/** The registration of the backend over node:tls: name `node`, priority 0. */
export const nodeBackend: BackendRegistration = Object.freeze({
  name: 'node',
  priority: 0,
  supports: capabilities,
  create: (context: BackendContext) => createNodeBackend(context),
})
