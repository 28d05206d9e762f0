import { Agent, type ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ClientConnectionOptions, TlsBackend } from '@tlsio/core'
import { connect, toDuplex } from '@tlsio/core/node'

/** How the connections of a {@link TlsAgent} are made. */
export interface TlsAgentOptions {
  /** Speaks TLS. */
  readonly backend: TlsBackend
  /** Settings of each connection. Default: none. */
  readonly tls?: ClientConnectionOptions | undefined
}

/**
 * An agent for Node's own `http.request` and `https.request`, over any TLS backend. Connections are
 * kept alive, and their sessions are resumed when a new one is needed.
 */
export class TlsAgent extends Agent {
  /** Whose URLs it is for: Node compares this with the URL's. */
  readonly protocol = 'https:'
  /** The port of a URL without one. */
  readonly defaultPort = 443
  readonly #options: TlsAgentOptions

  constructor(options: TlsAgentOptions) {
    super({ keepAlive: true })
    this.#options = options
  }

  /** Node's hook: makes a socket, handshake included, and gives it to `made`. */
  override createConnection(
    { host, port }: ClientRequestArgs,
    made?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const { backend, tls = {} } = this.#options
    connect({ host: host ?? 'localhost', port: Number(port), backend, tls }).then(
      (connection) => made?.(null, toDuplex(connection)),
      // Node's types want a socket here too.
      (error: Error) => made?.(error, undefined as never),
    )
  }
}
