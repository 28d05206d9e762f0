import type { ClientConnectionOptions, TlsBackend, TlsProtocolVersion } from '@tlsio/core'

/** Where to connect, as whom, and with which TLS. */
export interface FtpsOptions {
  /** The engine that speaks TLS. */
  readonly backend: TlsBackend
  /** Host name or IP address. */
  readonly host: string
  /** Default 21. */
  readonly port?: number | undefined
  /** Default `anonymous`. */
  readonly user?: string | undefined
  /** Default empty. */
  readonly password?: string | undefined
  /** Name that the server's certificate must have. Default: `host`. */
  readonly tlsName?: string | undefined
  /** What to trust and which versions to speak, the same for control and data connections. */
  readonly tls?: Pick<ClientConnectionOptions, 'database' | 'minVersion' | 'maxVersion'> | undefined
  /** Whether data connections use the control connection's TLS session. Default `true`. */
  readonly reuseSession?: boolean | undefined
  /** Gives everything up, at any time; the client is then unusable. */
  readonly signal?: AbortSignal | undefined
  /** Told about each TLS handshake that succeeded. */
  readonly onHandshake?: ((handshake: HandshakeReport) => void) | undefined
}

/** One TLS handshake, as the client saw it. */
export interface HandshakeReport {
  readonly kind: 'control' | 'data'
  readonly protocolVersion: TlsProtocolVersion | null
  /** What the engine says; only the server knows. */
  readonly resumed: boolean | undefined
  /** How long it took, in milliseconds. */
  readonly duration: number
}
