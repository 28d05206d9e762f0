import type { IoStream, TlsClientConnection } from '@tlsio/core'
import type { FtpsOptions, HandshakeReport } from './options.js'

/** Makes the TLS connections of one FTP client, all with the same identity, trust and versions. */
export class TlsConnector {
  readonly #options: FtpsOptions

  constructor(options: FtpsOptions) {
    this.#options = options
  }

  /** The control connection; no I/O happens yet. */
  control(stream: IoStream): TlsClientConnection {
    const { backend, host, port = 21, tlsName, tls } = this.#options
    // Data connections expect the same identity, port included: a data port is no service of its
    // own.
    const serverIdentity = { hostname: tlsName ?? host, port }
    return backend.createClientConnection(stream, { ...tls, serverIdentity })
  }

  /** A data connection that uses the TLS session of `control`, unless that is switched off. */
  data(stream: IoStream, control: TlsClientConnection): TlsClientConnection {
    const data = this.control(stream)
    if (this.#options.reuseSession === false) data.sessionResumption = 'off'
    else data.copySessionState(control)
    return data
  }

  /** Runs the handshake and reports it. */
  async handshake(tls: TlsClientConnection, kind: HandshakeReport['kind']): Promise<void> {
    const { signal, onHandshake } = this.#options
    const started = performance.now()
    await tls.handshake({ signal })
    const duration = performance.now() - started
    const { protocolVersion, isSessionResumed: resumed } = tls
    onHandshake?.({ kind, protocolVersion, resumed, duration })
  }
}
