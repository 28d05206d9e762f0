import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import type { IoStream } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents } from '@tlsio/core/backend'
import { verdictOf } from './certificate-errors.js'
import { PeerChain } from './peer-chain.js'
import { clientContext } from './secure-contexts.js'
import { NodeSessionState } from './session-state.js'
import { type PeerFacts, TlsSocketDriver } from './tls-socket-driver.js'

/** A client over node:tls. */
export class NodeClientDriver extends TlsSocketDriver<ClientHandshakeParameters> {
  protected readonly doneEvent = 'secureConnect'
  readonly #events: DriverEvents
  #peer: PeerChain | undefined
  #ocspStaple: Uint8Array | null = null

  constructor(stream: IoStream, events: DriverEvents) {
    super(stream)
    this.#events = events
  }

  protected createSocket(transport: Duplex, parameters: ClientHandshakeParameters): TLSSocket {
    const { serverName, session, advertisedProtocols, requestOcspStaple, wantSessions } = parameters
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
      ...(requestOcspStaple ? { requestOCSP: true } : {}),
    })
    this.#peer = new PeerChain(socket, secureContext)
    if (wantSessions) {
      socket.on('session', (state: Buffer) => this.#events.session(new NodeSessionState(state)))
    }
    // It comes before the handshake is over; a server that has none is `null`.
    socket.on('OCSPResponse', (staple: Buffer | null) => {
      this.#ocspStaple = staple && new Uint8Array(staple)
    })
    return socket
  }

  protected describePeer(socket: TLSSocket): PeerFacts {
    // The server showed no certificate: what node:tls has is from the session, and core knows that
    // one.
    if (socket.isSessionReused()) return { peerChain: [] }
    const error: unknown = socket.authorizationError
    const peerChain = (error ? this.#peer?.shown() : this.#peer?.verified()) ?? []
    return { peerChain, ocspStaple: this.#ocspStaple, ...verdictOf(error) }
  }
}
