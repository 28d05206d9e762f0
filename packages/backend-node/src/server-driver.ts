import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { HandshakeResult, ServerHandshakeParameters } from '@tlsio/core/backend'
import { verdictOf } from './certificate-errors.js'
import { ClientChains } from './client-chains.js'
import { PeerChain } from './peer-chain.js'
import { serverContext } from './secure-contexts.js'
import { passClientHelloOnlyWhileOpen, sessionIdsOf } from './session-ids.js'
import { type PeerFacts, TlsSocketDriver } from './tls-socket-driver.js'

/** A server over node:tls. */
export class NodeServerDriver extends TlsSocketDriver<ServerHandshakeParameters> {
  protected readonly doneEvent = 'secure'
  #peer: PeerChain | undefined
  #clients: ClientChains | undefined

  /**
   * Node 20 announces the end of a TLS 1.3 handshake from within OpenSSL's call, before the tickets
   * are written; a `close_notify` asked for at that point is silently not sent. One turn of the
   * event loop later it is.
   */
  override async handshake(parameters: ServerHandshakeParameters): Promise<HandshakeResult> {
    const result = await super.handshake(parameters)
    await new Promise((resolve) => setImmediate(resolve))
    return result
  }

  protected createSocket(transport: Duplex, parameters: ServerHandshakeParameters): TLSSocket {
    const { advertisedProtocols, authenticationMode, minVersion, sessions } = parameters
    const secureContext = serverContext(parameters)
    const socket = new TLSSocket(transport, {
      isServer: true,
      secureContext,
      requestCert: authenticationMode !== 'none',
      // Only a missing certificate is rejected with that, by an alert; core judges one that comes.
      rejectUnauthorized: authenticationMode === 'required',
      // TLS 1.3 has tickets only.
      ...(minVersion === 'TLSv1.3' ? {} : { server: sessionIdsOf(sessions) }),
      ...(advertisedProtocols.length === 0 ? {} : { ALPNProtocols: [...advertisedProtocols] }),
    })
    passClientHelloOnlyWhileOpen(socket)
    this.#peer = new PeerChain(socket, secureContext)
    this.#clients = ClientChains.of(parameters.ticketKeys)
    return socket
  }

  protected describePeer(socket: TLSSocket): PeerFacts {
    const error = verifyErrorOf(socket)
    const peerChain = this.#chainOf(socket, !error)
    return peerChain.length === 0 ? { peerChain } : { peerChain, ...verdictOf(error) }
  }

  #chainOf(socket: TLSSocket, isVerified: boolean): readonly Uint8Array[] {
    if (socket.isSessionReused()) {
      const [leaf] = this.#peer?.shown() ?? []
      return leaf === undefined ? [] : (this.#clients?.of(leaf) ?? [leaf])
    }
    const chain = (isVerified ? this.#peer?.verified() : this.#peer?.shown()) ?? []
    this.#clients?.keep(chain)
    return chain
  }
}

/**
 * OpenSSL's verdict, which node:tls tells only to its own server code; without it, nothing is
 * vouched for.
 */
function verifyErrorOf(socket: TLSSocket): unknown {
  const { ssl } = socket as { ssl?: { verifyError?(): unknown } }
  return typeof ssl?.verifyError === 'function' ? ssl.verifyError() : 'UNSPECIFIED'
}
