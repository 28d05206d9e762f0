import type { IoStream, TlsServerConnection } from '@tlsio/core'
import { TicketKeys } from '@tlsio/core'
import type { FtpServerOptions, ServedConnection } from './server.js'

/** Makes the server's ends of the TLS connections of one control connection. */
export class TlsAcceptor {
  readonly #options: FtpServerOptions
  readonly #onTls: (seen: Omit<ServedConnection, 'control'>) => void
  // Known to this control connection and its data connections alone: what resumes belongs here.
  readonly #ticketKeys = TicketKeys.generate()

  /** @param onTls - told about each handshake that succeeded. */
  constructor(options: FtpServerOptions, onTls: (seen: Omit<ServedConnection, 'control'>) => void) {
    this.#options = options
    this.#onTls = onTls
  }

  /** Puts TLS over a connection; no I/O happens yet. */
  wrap(stream: IoStream): TlsServerConnection {
    const { backend, certificate } = this.#options
    return backend.createServerConnection(stream, { certificate, ticketKeys: this.#ticketKeys })
  }

  /** Runs the handshake and reports it. */
  async handshake(
    tls: TlsServerConnection,
    kind: ServedConnection['kind'],
    verb: string | null,
  ): Promise<void> {
    await tls.handshake()
    const { protocolVersion, isSessionResumed } = tls
    this.#onTls({ kind, verb, protocolVersion, resumed: isSessionResumed === true })
  }
}
