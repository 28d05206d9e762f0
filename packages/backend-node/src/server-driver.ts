import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { HandshakeResult, ServerHandshakeParameters } from '@tlsio/core/backend'
import { serverContext } from './secure-contexts.js'
import { TlsSocketDriver } from './tls-socket-driver.js'

/** A server over node:tls. */
export class NodeServerDriver extends TlsSocketDriver<ServerHandshakeParameters> {
  protected readonly doneEvent = 'secure'

  /**
   * Node 20 announces the end of a TLS 1.3 handshake from within OpenSSL's call, before the tickets are written;
   * a `close_notify` asked for at that point is silently not sent. One turn of the event loop later it is.
   */
  override async handshake(parameters: ServerHandshakeParameters): Promise<HandshakeResult> {
    const result = await super.handshake(parameters)
    await new Promise((resolve) => setImmediate(resolve))
    return result
  }

  protected createSocket(transport: Duplex, parameters: ServerHandshakeParameters): TLSSocket {
    const { advertisedProtocols } = parameters
    return new TLSSocket(transport, {
      isServer: true,
      secureContext: serverContext(parameters),
      ...(advertisedProtocols.length === 0 ? {} : { ALPNProtocols: [...advertisedProtocols] }),
    })
  }

  protected describePeer(): Pick<HandshakeResult, 'peerChain' | 'chainErrors'> {
    return { peerChain: [], chainErrors: 0 }
  }
}
