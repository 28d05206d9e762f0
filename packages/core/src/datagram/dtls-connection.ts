import type { ConnectionOptions } from '../backend.js'
import type { TlsCertificate } from '../certificate.js'
import type { TlsChannelBindingType } from '../channel-binding.js'
import type { AcceptCertificate } from '../connection.js'
import type { TlsDatabase } from '../database.js'
import type { TlsInteraction } from '../interaction.js'
import type { TlsProtocolVersion } from '../protocol-version.js'
import type { IoOptions } from '../streams/io-stream.js'
import type { PeerVerification } from '../verification.js'
import type { DatagramSocket } from './datagram-socket.js'

/** Which directions {@link DtlsConnection.shutdown} closes. */
export interface DtlsShutdown {
  /** Whether to receive no more. Default `false`. */
  readonly read?: boolean | undefined
  /** Whether to send no more. Default `false`. */
  readonly write?: boolean | undefined
}

/**
 * Settings that both ends of a DTLS connection have. The versions are those of
 * {@link TlsCapabilities.dtlsVersions}.
 */
export interface DtlsConnectionOptions extends ConnectionOptions {
  /**
   * Most bytes of a datagram to send, without the headers of UDP and IP: 256 to 65,507. Default 1400, as
   * in GIO. Beyond GIO.
   */
  readonly maxDatagramSize?: number | undefined
  /**
   * How long to wait for an answer before a flight of the handshake is sent again, at first; it doubles
   * each time. Milliseconds, default 1000. Beyond GIO.
   *
   * @see RFC 6347 §4.2.4.1
   */
  readonly retransmissionTimeout?: number | undefined
  /**
   * How long the handshake may take before it rejects with `IO_TIMED_OUT`: for a server from the
   * ClientHello on, for which it waits as long as the caller does. Milliseconds, default 60,000. Beyond
   * GIO.
   */
  readonly handshakeTimeout?: number | undefined
}

/**
 * One DTLS connection over a datagram socket: messages keep their borders, each in a record of its
 * own, and may be lost or come out of order; none comes twice, and none that the peer did not send.
 *
 * Settings (`database`, `certificate`, `acceptCertificate`, `advertisedProtocols`) are read once,
 * when the handshake starts; set later, they are kept but have no effect. The first operation runs the
 * handshake if nobody called {@link DtlsConnection.handshake}. After a failed handshake every
 * operation but closing rejects with that same error. No sessions are kept or resumed.
 *
 * Events: `change:peerCertificate`, `change:peerCertificateErrors`, `change:negotiatedProtocol`.
 *
 * @see GIO `GDtlsConnection`; RFC 6347
 */
export interface DtlsConnection extends EventTarget {
  /** Name of the backend that speaks DTLS here, for example `gnutls`. */
  readonly backendName: string

  /**
   * The socket below, as it was given. The connection listens to it until it is closed, aborted or
   * fails, and never closes it.
   *
   * @see GIO `GDtlsConnection:base-socket`
   */
  readonly transport: DatagramSocket

  /** As {@link TlsConnection.database}. @see GIO `GDtlsConnection:database` */
  database: TlsDatabase | null | undefined

  /** As {@link TlsConnection.certificate}. @see GIO `GDtlsConnection:certificate` */
  certificate: TlsCertificate | undefined

  /** As {@link TlsConnection.acceptCertificate}. @see GIO `GDtlsConnection::accept-certificate` */
  acceptCertificate: AcceptCertificate | undefined

  /** As {@link TlsConnection.interaction}. @see GIO `GDtlsConnection:interaction` */
  interaction: TlsInteraction | null

  /**
   * Kept, and without effect: a datagram socket has no end that could be taken for the peer's. Default
   * `true`.
   *
   * @see GIO `GDtlsConnection:require-close-notify`
   */
  requireCloseNotify: boolean

  /** As {@link TlsConnection.advertisedProtocols}. @see GIO `GDtlsConnection:advertised-protocols` */
  advertisedProtocols: readonly string[] | null

  /** As {@link TlsConnection.peerCertificate}. @see GIO `GDtlsConnection:peer-certificate` */
  readonly peerCertificate: TlsCertificate | null

  /**
   * As {@link TlsConnection.peerCertificateErrors}.
   *
   * @see GIO `GDtlsConnection:peer-certificate-errors`
   */
  readonly peerCertificateErrors: number

  /** As {@link TlsConnection.peerVerification}. Beyond GIO. */
  readonly peerVerification: PeerVerification | null

  /** As {@link TlsConnection.negotiatedProtocol}. @see GIO `GDtlsConnection:negotiated-protocol` */
  readonly negotiatedProtocol: string | null

  /** As {@link TlsConnection.protocolVersion}. @see GIO `GDtlsConnection:protocol-version` */
  readonly protocolVersion: TlsProtocolVersion | null

  /** As {@link TlsConnection.cipherSuite}. @see GIO `GDtlsConnection:ciphersuite-name` */
  readonly cipherSuite: string | null

  /**
   * Most bytes that {@link DtlsConnection.send} takes: what is left of a datagram when DTLS has taken its
   * part. `null` before the handshake and after close. Beyond GIO.
   */
  readonly maxMessageSize: number | null

  /** Whether this side has closed both directions. What the peer has closed does not count. */
  readonly closed: boolean

  /** As {@link TlsConnection.supportsChannelBinding}. */
  supportsChannelBinding(type: TlsChannelBindingType): boolean

  /**
   * As {@link TlsConnection.getChannelBindingData}.
   *
   * @throws {@link TlsChannelBindingError} with its five codes.
   * @see GIO `g_dtls_connection_get_channel_binding_data()`
   */
  getChannelBindingData(type: TlsChannelBindingType): Promise<Uint8Array>

  /**
   * As {@link TlsConnection.exportKeyingMaterial}.
   *
   * @throws {@link TlsError}, {@link IoError} and RangeError as there.
   * @see RFC 5705
   */
  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array

  /**
   * Runs the handshake now rather than on the first operation; as {@link TlsConnection.handshake}. Lost
   * flights are sent again by a timer.
   *
   * @param options - `signal` aborts the handshake; the connection is then unusable, the socket is not.
   * @throws {@link IoError} `IO_TIMED_OUT` if the peer does not answer for
   *   {@link DtlsConnectionOptions.handshakeTimeout}, `IO_MESSAGE_TOO_LARGE` or `IO_CONNECTION_REFUSED` if
   *   the socket says so while flights are sent, `IO_BROKEN_PIPE` if it was closed; `IO_CLOSED` if
   *   either direction is closed.
   * @throws {@link TlsError} as {@link TlsConnection.handshake}.
   * @see GIO `g_dtls_connection_handshake_async()`
   */
  handshake(options?: IoOptions): Promise<void>

  /**
   * Sends one message in one record. Runs the handshake first if nobody did; an abort during that ends
   * the connection. Success does not mean that the peer gets it.
   *
   * @param message - 1 to {@link DtlsConnection.maxMessageSize} bytes.
   * @throws TypeError if the message is empty or no `Uint8Array`.
   * @throws {@link IoError} `IO_MESSAGE_TOO_LARGE` if it does not fit, and nothing was sent; `IO_PENDING`
   *   if another is being sent, `IO_CLOSED` if this direction is closed; what the socket said. The next
   *   message may be sent all the same.
   * @throws {@link TlsError} the handshake's error if that failed.
   * @see GIO `g_datagram_based_send_messages()` on the connection
   */
  send(message: Uint8Array, options?: IoOptions): Promise<void>

  /**
   * The next message, whole; `null` once the peer's `close_notify` has arrived. That may be lost like
   * any datagram: who must not wait for ever gives a `signal`. Messages that nobody receives are dropped
   * beyond 64 KiB or 1,024 of them, the newest first. Runs the handshake first if nobody did; an abort
   * during that ends the connection.
   *
   * @throws {@link IoError} `IO_PENDING` if another is pending, `IO_CLOSED` if this direction is closed,
   *   `IO_BROKEN_PIPE` if the socket was closed. After the handshake an abort leaves the connection usable.
   * @throws {@link TlsError} the handshake's error if that failed, or what the peer's alert means.
   * @see GIO `g_datagram_based_receive_messages()` on the connection
   */
  receive(options?: IoOptions): Promise<Uint8Array | null>

  /**
   * Closes the directions that it is told: `write` sends `close_notify`, `read` sends nothing; operations
   * of that direction reject with `IO_CLOSED` from then on. With neither it does nothing, with both it is
   * {@link DtlsConnection.close}. Does nothing a second time.
   *
   * @param options - `signal` gives up waiting until `close_notify` was taken by the socket.
   * @throws TypeError if a direction is neither `true` nor `false`.
   * @throws {@link IoError} what the socket said of `close_notify`.
   * @throws {@link TlsError} what broke the connection before.
   * @see GIO `g_dtls_connection_shutdown_async()`, which ignores its directions
   */
  shutdown(directions: DtlsShutdown, options?: IoOptions): Promise<void>

  /**
   * Sends `close_notify` once, if a handshake ever succeeded, and stops listening to the socket, which
   * stays open. It waits for a running handshake and our own pending message, and never for the peer;
   * it never starts a handshake. Does nothing a second time.
   *
   * @param options - `signal` drops the connection, as {@link DtlsConnection.abort} does.
   * @throws {@link IoError} what the socket said of `close_notify`; the connection is closed even so.
   * @throws {@link TlsError} what broke the connection before.
   * @see GIO `g_dtls_connection_close_async()`
   */
  close(options?: IoOptions): Promise<void>

  /**
   * Drops the connection at once without `close_notify`; pending operations, and later ones, reject
   * with `reason`. The socket stays open. Default: an {@link IoError} `IO_CLOSED`.
   */
  abort(reason?: unknown): void

  /** {@link DtlsConnection.close} for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
