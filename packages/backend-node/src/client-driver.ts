import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import type { IoStream } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents } from '@tlsio/core/backend'
import { chainVerdict } from './chain-verdict.js'
import { PeerChain } from './peer-chain.js'
import { clientContext } from './secure-contexts.js'
import { NodeSessionState } from './session-state.js'
import { type PeerFacts, TlsSocketDriver } from './tls-socket-driver.js'

/** A client over node:tls. */
export class NodeClientDriver extends TlsSocketDriver<ClientHandshakeParameters> {
  protected readonly doneEvent = 'secureConnect'
  readonly #events: DriverEvents
  #peer: PeerChain | undefined

  constructor(stream: IoStream, events: DriverEvents) {
    super(stream)
    this.#events = events
  }

  protected createSocket(transport: Duplex, parameters: ClientHandshakeParameters): TLSSocket {
    const { serverName, session, advertisedProtocols, wantSessions } = parameters
    const secureContext = clientContext(parameters)
    const socket = connect({
      socket: transport,
      secureContext,
      // Core rejects, by its own rules and with all that is wrong; here OpenSSL only reports.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(session === undefined ? {} : { session: Buffer.from(session) }),
      ...(advertisedProtocols.length === 0 ? {} : { ALPNProtocols: [...advertisedProtocols] }),
    })
    this.#peer = new PeerChain(socket, secureContext)
    if (wantSessions) {
      socket.on('session', (state: Buffer) => this.#events.session(new NodeSessionState(state)))
    }
    return socket
  }

  protected describePeer(socket: TLSSocket, { database }: ClientHandshakeParameters): PeerFacts {
    // The server showed no certificate: what node:tls has is from the session, and core knows that
    // one.
    if (socket.isSessionReused()) return { peerChain: [], chainErrors: 0 }
    const verdict: unknown = socket.authorizationError
    if (!verdict) return { peerChain: this.#peer?.verified() ?? [], chainErrors: 0 }
    const peerChain = this.#peer?.shown() ?? []
    return { peerChain, ...chainVerdict(verdict, peerChain, database, SERVER_AUTHENTICATION) }
  }
}

const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
