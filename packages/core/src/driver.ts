import type { TlsCertificate } from './certificate.js'
import type { TlsProtocolVersion } from './protocol-version.js'
import type { TlsAuthenticationMode } from './server-connection.js'
import type { ServerSessions } from './session/server-sessions.js'
import type { TicketKeys } from './session/ticket-keys.js'
import type { OpenToken } from './token-pins.js'

/**
 * How one backend speaks TLS on one connection: the hooks of the template method. Core's connection
 * decides *when* each is called, checks the order of operations, verifies the peer and chooses the
 * session; a driver only moves bytes and tells what the engine saw.
 *
 * Core promises: `handshake` is called once and before all others but `abort`, and the others but
 * `abort` only after it has succeeded; never two reads or two writes at a time; `closeWrite` and
 * `close` at most once; nothing but `abort` after `close` or `abort`. A driver is made when the
 * handshake starts, and owns the stream it was given.
 *
 * To write one, see `docs/writing-a-backend.md`.
 */
export interface TlsDriver<Parameters = HandshakeParameters> {
  /**
   * Performs the handshake and tells what was negotiated. It does not judge the peer's certificate,
   * core does; an engine that verifies reports its verdict in `chainErrors`.
   *
   * @throws {@link TlsError} by the backend's error table; an end of stream is `TLS_NOT_TLS`.
   */
  handshake(parameters: Parameters): Promise<HandshakeResult>
  /**
   * Plaintext, at least one byte; `null` after `close_notify`, and after a bare end if truncation
   * is not watched. Called again after the end or an error, it says the same again. After an error
   * the driver takes what still comes and throws it away, or drops the stream: the peer may wait for
   * that.
   *
   * @throws {@link TlsError} `TLS_EOF` for a bare end if truncation is watched; others by the
   *   backend's error table.
   * @throws {@link IoError} `IO_BROKEN_PIPE` if the stream was reset.
   */
  read(): Promise<Uint8Array | null>
  /**
   * Encrypts and sends all of `chunk`, which is never empty; resolves when the stream takes more.
   *
   * @throws {@link IoError} `IO_BROKEN_PIPE` if the peer takes no more.
   */
  write(chunk: Uint8Array): Promise<void>
  /**
   * Nobody reads any more: what arrives is thrown away, but still processed, until `close` or
   * `abort`. Called at most once, and before `closeWrite` if the whole connection is closed.
   */
  closeRead(): void
  /** Sends `close_notify` and ends our direction of the stream; reads go on. */
  closeWrite(): Promise<void>
  /** Closes the stream; `closeWrite` came before, though it may have failed. */
  close(): Promise<void>
  /**
   * Whether the peer has ended its direction in order, even if nobody has read so far: it may have
   * closed, and then has no use for our own `close_notify`.
   */
  readonly hasEnded: boolean
  /**
   * Exported keying material: `length` bytes for `label` and `context`; no context is not an empty
   * one up to TLS 1.2 (RFC 5705 §4). A driver has it if the backend claims it.
   */
  exportKeyingMaterial?(label: string, length: number, context: Uint8Array | undefined): Uint8Array
  /**
   * The Finished messages of the handshake, ours and the peer's, for `tls-unique` (up to TLS 1.2).
   */
  finishedMessages?(): FinishedMessages
  /**
   * Drops the stream at once; pending operations reject with `reason`. After a failed handshake
   * this is how core lets go of the stream. It may come at any time and more than once.
   */
  abort(reason: unknown): void
}

/** The Finished messages of a handshake (RFC 5246 §7.4.9). */
export interface FinishedMessages {
  /** What we sent. */
  readonly local: Uint8Array | undefined
  /** What the peer sent. */
  readonly peer: Uint8Array | undefined
}

/** What an engine hands over while it runs. */
export interface DriverEvents {
  /** A session that can be resumed was received (client); with TLS 1.3, once for each ticket. */
  session(state: SessionState): void
}

/** An engine's resumable state. */
export interface SessionState {
  /** Opaque to core. */
  readonly data: Uint8Array
  /** How long the server keeps it, in milliseconds, if it said so. */
  readonly lifetime?: number | undefined
}

/** The settings of a connection, copied when its handshake starts. */
export interface HandshakeParameters {
  /** Our certificate with its private key, which may be in a token, and its issuers linked. */
  readonly certificate: TlsCertificate | undefined
  /** Protocols for ALPN, the preferred first; empty for none. */
  readonly advertisedProtocols: readonly string[]
  /** Oldest version to agree to. */
  readonly minVersion: TlsProtocolVersion
  /** Newest version to agree to. */
  readonly maxVersion: TlsProtocolVersion
  /**
   * Whether a bare end of stream must be told from `close_notify`: `read` then rejects with
   * `TLS_EOF`.
   */
  readonly detectTruncation: boolean
  /** Takes each line of the key log in NSS format; `undefined` if nobody wants it. */
  readonly keyLog: ((line: string) => void) | undefined
  /**
   * For engines with tokens: opens what is in one, and asks the application for its PIN if need be. The
   * key of `certificate` may be in a token only if the backend claims {@link TlsCapabilities.pkcs11}.
   */
  readonly openToken: OpenToken
  /**
   * The same text for connections with the same certificate, trust and versions: engines share what
   * is costly to make under it.
   */
  readonly settingsKey: string
}

/** Settings of a client. */
export interface ClientHandshakeParameters extends HandshakeParameters {
  /** Server name to send (SNI); `undefined` sends none. */
  readonly serverName: string | undefined
  /**
   * DER of the trust anchors, for engines that verify by themselves; empty to trust nobody. Always
   * the same list for the same anchors.
   */
  readonly anchors: readonly Uint8Array[]
  /**
   * Whether to ask the server for an OCSP staple (RFC 6066 §8); `true` only if the backend claims
   * {@link TlsCapabilities.ocspStapling}. The ClientHello says nothing of it otherwise.
   */
  readonly requestOcspStaple: boolean
  /** Session to offer: what {@link DriverEvents.session} gave. */
  readonly session: Uint8Array | undefined
  /** Whether {@link DriverEvents.session} is of use; `false` saves the engine the work. */
  readonly wantSessions: boolean
  /**
   * For engines that can wait when the server asks for a certificate, in place of `certificate`:
   * takes the names the server gave, DER, and answers with what to show; `undefined` shows none. It
   * asks the application, if need be. A rejection is the handshake's.
   */
  readonly requestCertificate: (
    acceptedCas: readonly Uint8Array[],
  ) => Promise<TlsCertificate | undefined>
}

/** Settings of a server. */
export interface ServerHandshakeParameters extends HandshakeParameters {
  /** Our certificate: a server has one. */
  readonly certificate: TlsCertificate
  /** Keys to encrypt session tickets with. */
  readonly ticketKeys: TicketKeys
  /** For engines without tickets: the sessions to resume by ID. */
  readonly sessions: ServerSessions
  /**
   * Whether to ask the client for a certificate. With `required`, the engine may end the handshake
   * of a client that has none by itself (`TLS_CERTIFICATE_REQUIRED`); it never judges the
   * certificate.
   */
  readonly authenticationMode: TlsAuthenticationMode
  /** DER of the trust anchors, as for clients; empty if nobody is asked for a certificate. */
  readonly anchors: readonly Uint8Array[]
}

/** What a handshake ended with. */
export interface HandshakeResult {
  /** Version agreed. */
  readonly protocolVersion: TlsProtocolVersion
  /** IANA name of the cipher suite. */
  readonly cipherSuite: string
  /** Protocol agreed by ALPN, `null` for none. */
  readonly negotiatedProtocol: string | null
  /** Whether a session was resumed; `undefined` if the engine cannot tell. */
  readonly isSessionResumed: boolean | undefined
  /** DER of the peer's chain, leaf first; empty if it showed none or the engine forgot it. */
  readonly peerChain: readonly Uint8Array[]
  /**
   * Client only: the names in the server's request, `null` or left out if it did not ask or it is
   * not known.
   */
  readonly acceptedCas?: readonly Uint8Array[] | null | undefined
  /**
   * Client only: whether the server asked for a certificate; left out if the engine does not tell.
   */
  readonly certificateRequested?: boolean | undefined
  /**
   * Client only: the OCSP staple as the server sent it, DER; `null`, empty or left out if it sent
   * none. The bytes are core's from now on.
   */
  readonly ocspStaple?: Uint8Array | null | undefined
  /**
   * The engine's own word for what is wrong with the chain, for messages; left out if nothing is.
   */
  readonly chainProblem?: string | undefined
  /**
   * Flags of the chain by the engine, against the anchors it was given; left out by an engine that
   * does not verify. Core judges every chain by itself, and for whom it is: what the engine finds only
   * adds to that.
   */
  readonly chainErrors?: number | undefined
}
