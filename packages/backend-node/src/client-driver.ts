import type { Duplex } from 'node:stream'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import type { IoStream } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents, HandshakeResult } from '@tlsio/core/backend'
import { flagsFromVerifyError } from './certificate-errors.js'
import { clientContext } from './secure-contexts.js'
import { NodeSessionState } from './session-state.js'
import { TlsSocketDriver } from './tls-socket-driver.js'

/** A client over node:tls. */
export class NodeClientDriver extends TlsSocketDriver<ClientHandshakeParameters> {
  protected readonly doneEvent = 'secureConnect'
  readonly #events: DriverEvents
  #peer: DetailedPeerCertificate | undefined

  constructor(stream: IoStream, events: DriverEvents) {
    super(stream)
    this.#events = events
  }

  protected createSocket(transport: Duplex, parameters: ClientHandshakeParameters): TLSSocket {
    const { serverName, session, advertisedProtocols, wantSessions } = parameters
    const socket = connect({
      socket: transport,
      secureContext: clientContext(parameters),
      // Core rejects, by its own rules and with all that is wrong; here OpenSSL only reports.
      rejectUnauthorized: false,
      checkServerIdentity: (_name, certificate) => {
        this.#peer = certificate as DetailedPeerCertificate
        return undefined
      },
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(session === undefined ? {} : { session: Buffer.from(session) }),
      ...(advertisedProtocols.length === 0 ? {} : { ALPNProtocols: [...advertisedProtocols] }),
    })
    if (wantSessions) {
      socket.on('session', (state: Buffer) => this.#events.session(new NodeSessionState(state)))
    }
    return socket
  }

  protected describePeer(socket: TLSSocket): Pick<HandshakeResult, 'peerChain' | 'chainErrors'> {
    // node:tls hands the chain over only if OpenSSL found no fault with it.
    const peer = this.#peer ?? socket.getPeerCertificate(true)
    return {
      peerChain: chainOf(peer),
      chainErrors: flagsFromVerifyError(socket.authorizationError),
    }
  }
}

/** A self-signed certificate is its own issuer here, and an unknown one has none. */
function chainOf(leaf: DetailedPeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = []
  const seen = new Set<DetailedPeerCertificate>()
  for (let at: DetailedPeerCertificate | undefined = leaf; at?.raw !== undefined; ) {
    if (seen.has(at)) break
    seen.add(at)
    chain.push(at.raw)
    at = at.issuerCertificate
  }
  return chain
}
