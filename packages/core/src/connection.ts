import type { TlsCertificate } from './certificate.js'
import type { TlsChannelBindingType } from './channel-binding.js'
import type { TlsDatabase } from './database.js'
import type { TlsInteraction } from './interaction.js'
import type { TlsProtocolVersion } from './protocol-version.js'
import type { IoOptions, IoStream } from './streams/io-stream.js'
import type { PeerVerification } from './verification.js'

/**
 * Answers whether to go on with a peer whose certificate has errors. The connection waits for the
 * answer; operations started on it meanwhile fail with `IO_FAILED`.
 *
 * @param certificate - the peer's leaf, with its issuers linked.
 * @param errors - bits of {@link TlsCertificateFlags}. More than these may be wrong with it.
 * @returns `true` to accept; anything else, or a throw, rejects.
 * @see GIO `GTlsConnection::accept-certificate`
 */
export type AcceptCertificate = (
  certificate: TlsCertificate,
  errors: number,
) => boolean | Promise<boolean>

/** Names of the properties that announce a change by an event `change:NAME`. */
export type TlsChangeEvent =
  | 'change:peerCertificate'
  | 'change:peerCertificateErrors'
  | 'change:negotiatedProtocol'

/**
 * One TLS connection over a byte stream, and a byte stream itself: reads and writes are plaintext.
 *
 * Settings (`database`, `certificate`, `acceptCertificate`, `advertisedProtocols`) are read once,
 * when the handshake starts; set later, they are kept but have no effect. The first read or write
 * runs the handshake if nobody called {@link TlsConnection.handshake}. After a failed handshake
 * every operation but closing rejects with that same error.
 *
 * @see GIO `GTlsConnection`
 */
export interface TlsConnection extends IoStream, EventTarget {
  /** Name of the backend that speaks TLS here, for example `node`. */
  readonly backendName: string

  /**
   * The stream below, as it was given. It belongs to the connection: look at it, but do not use it.
   *
   * @see GIO `GTlsConnection:base-io-stream`
   */
  readonly transport: IoStream

  /**
   * What the peer sends, as a WHATWG stream of plaintext; made when it is first asked for, then
   * always the same. See {@link toWebStreams}: read from it or from the connection, one at a time.
   * Cancelling it is {@link TlsConnection.closeRead}.
   *
   * @see GIO `GIOStream:input-stream`
   */
  readonly readable: ReadableStream<Uint8Array>

  /**
   * What goes to the peer, as a WHATWG stream of plaintext; made together with
   * {@link TlsConnection.readable}. Closing it is {@link TlsConnection.closeWrite}, aborting it
   * {@link TlsConnection.abort}.
   *
   * @see GIO `GIOStream:output-stream`
   */
  readonly writable: WritableStream<Uint8Array>

  /**
   * What the peer's certificate is verified against: `undefined` (default) is the backend's default
   * database, `null` trusts nobody, so that every peer gets `UNKNOWN_CA`.
   *
   * @see GIO `GTlsConnection:database`
   */
  database: TlsDatabase | null | undefined

  /**
   * Our own certificate with its private key; a server needs one before the handshake. Default
   * `undefined`.
   *
   * @see GIO `GTlsConnection:certificate`
   */
  certificate: TlsCertificate | undefined

  /**
   * Asked when the peer's certificate has errors. Without it such a peer is rejected. Default
   * `undefined`.
   *
   * Resumption: a session is only offered if the certificate kept with it passes this connection's
   * own checks now, so the callback may be asked about a kept certificate before the handshake; if
   * the peer then shows the same certificate with the same errors, the answer is not asked for
   * twice.
   *
   * @see GIO `GTlsConnection::accept-certificate`
   */
  acceptCertificate: AcceptCertificate | undefined

  /**
   * Asked for what only the application, and it perhaps only a person, can give: a client's certificate
   * if none is set and the server wants one, what a database of its own needs to judge the peer, and
   * the PIN of a token that the key of {@link TlsConnection.certificate} is in. Default `null`: nobody
   * is asked.
   *
   * @see GIO `GTlsConnection:interaction`
   */
  interaction: TlsInteraction | null

  /**
   * Whether an end of stream without `close_notify` is an error (`TLS_EOF`) or an orderly end.
   * Default `true`. It may be relaxed at any time; some engines can only be told to watch before
   * the handshake, and then setting it to `true` later throws `TLS_NOT_SUPPORTED`.
   *
   * @see GIO `GTlsConnection:require-close-notify`; RFC 8446 §6.1
   */
  requireCloseNotify: boolean

  /**
   * Application protocols for ALPN, the preferred first: what a client offers, or what a server
   * chooses from. Each is 1 to 255 bytes in UTF-8, all together at most 65,535 with a byte more for
   * each; otherwise the handshake rejects with a `TypeError`, and with `TLS_NOT_SUPPORTED` on a
   * backend without ALPN. `null` (default) or an empty list does not use ALPN.
   *
   * @see GIO `GTlsConnection:advertised-protocols`; RFC 7301
   */
  advertisedProtocols: readonly string[] | null

  /**
   * The peer's leaf certificate, issuers linked: `null` until it was judged, then set whatever the
   * verdict. On a resumed connection it is the one kept with the session.
   *
   * @see GIO `GTlsConnection:peer-certificate`
   */
  readonly peerCertificate: TlsCertificate | null

  /**
   * Bits of {@link TlsCertificateFlags} found on the peer's certificate by this connection's own
   * checks, also when it resumed a session; 0 before that.
   *
   * @see GIO `GTlsConnection:peer-certificate-errors`
   */
  readonly peerCertificateErrors: number

  /**
   * Why the peer's certificate was accepted or not: what is wrong with which certificate of its path,
   * by which extension, and what the engine thought. Set together with
   * {@link TlsConnection.peerCertificate}; on a resumed connection it is this connection's own verdict
   * on the certificates kept with the session. `null` before. Beyond GIO.
   */
  readonly peerVerification: PeerVerification | null

  /**
   * The protocol agreed by ALPN: `null` before the handshake, or if there is none. It keeps its
   * value after close, and is agreed anew when a session is resumed.
   *
   * @see GIO `GTlsConnection:negotiated-protocol`; RFC 7301
   */
  readonly negotiatedProtocol: string | null

  /**
   * Version agreed in the handshake; `null` before it and after close.
   *
   * @see GIO `GTlsConnection:protocol-version`
   */
  readonly protocolVersion: TlsProtocolVersion | null

  /**
   * IANA name of the cipher suite, such as `TLS_AES_128_GCM_SHA256`, for display only; `null`
   * before the handshake and after close.
   *
   * @see GIO `GTlsConnection:ciphersuite-name`
   */
  readonly cipherSuite: string | null

  /**
   * Whether the handshake resumed a session, by the engine's word when it completed: `undefined`
   * before that, or where the engine cannot tell. It keeps its value after close.
   *
   * @see OpenSSL `SSL_session_reused`
   */
  readonly isSessionResumed: boolean | undefined

  /**
   * Whether this side has closed both directions. What the peer has closed does not count.
   *
   * @see GIO `GIOStream:closed`
   */
  readonly closed: boolean

  /**
   * Whether the backend can give this type of channel binding at all; whether this connection has
   * it shows in {@link TlsConnection.getChannelBindingData}.
   *
   * @see GIO `g_tls_connection_get_channel_binding_data()` without a buffer
   */
  supportsChannelBinding(type: TlsChannelBindingType): boolean

  /**
   * Bytes that both ends of this very connection have in common, and no third party in between has
   * with either.
   *
   * @throws {@link TlsChannelBindingError} with its five codes.
   * @see GIO `g_tls_connection_get_channel_binding_data()`; RFC 5929, RFC 9266
   */
  getChannelBindingData(type: TlsChannelBindingType): Promise<Uint8Array>

  /**
   * Secret bytes for a purpose of the application's own, which both ends can make and nobody else.
   *
   * @param label - what for, registered or beginning with `EXPERIMENTAL` (RFC 5705 §4).
   * @param length - how many bytes, 1 to 65,535.
   * @param context - bound in as well. Up to TLS 1.2, none is not the same as an empty one.
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` if the backend has no exporter, `TLS_MISC` before the
   *   handshake is complete; the handshake's error if it failed.
   * @throws {@link IoError} `IO_CLOSED` after close.
   * @throws RangeError for a length that is none.
   * @see RFC 5705; RFC 8446 §7.5
   */
  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array

  /**
   * Runs the handshake now rather than on the first read or write.
   *
   * Does nothing once it has succeeded; after a failure, rejects with the same error again. While
   * it runs, a second call shares its outcome. In TLS 1.3 success does not tell a client that the
   * server accepted its certificate: that error comes with the first read.
   *
   * @param options - `signal` aborts the handshake; the connection is then unusable.
   * @throws {@link TlsError} `TLS_NOT_TLS` if the peer's first bytes are no TLS or it gives up,
   *   `TLS_BAD_CERTIFICATE` if its certificate is not accepted, or ours is not by it, or a server
   *   has none, `TLS_HANDSHAKE` if there are no common parameters, `TLS_CERTIFICATE_REQUIRED` or
   *   `TLS_INAPPROPRIATE_FALLBACK` if the peer says so, `TLS_NOT_SUPPORTED` for a setting that the
   *   backend cannot honour, `TLS_UNAVAILABLE` if the backend cannot do TLS at all, `TLS_MISC` for
   *   anything else.
   * @throws {@link IoError} `IO_CLOSED` if either direction is closed, `IO_BROKEN_PIPE` on a reset.
   * @see GIO `g_tls_connection_handshake_async()`
   */
  handshake(options?: IoOptions): Promise<void>

  /**
   * Reads plaintext: at least one byte, or `null` at the end. Runs the handshake first if nobody
   * did; an abort during that ends the connection.
   *
   * @throws {@link TlsError} `TLS_EOF` if the stream ended without `close_notify` and
   *   {@link TlsConnection.requireCloseNotify} is set; the handshake's error if that failed.
   * @throws {@link IoError} as {@link IoStream.read}. After the handshake, an abort leaves the
   *   connection usable, and what arrives meanwhile is given to the next read.
   * @see GIO `g_input_stream_read_async()` on the connection's input stream
   */
  read(options?: IoOptions): Promise<Uint8Array | null>

  /**
   * Writes all of `chunk` as plaintext; nothing is sent for an empty one. Runs the handshake first
   * if nobody did; an abort during that ends the connection. Success does not mean that the peer
   * got it.
   *
   * @throws {@link IoError} as {@link IoStream.write}. An aborted write may still be sent; the next
   *   one comes after it.
   * @throws {@link TlsError} the handshake's error if that failed.
   * @see GIO `g_output_stream_write_all_async()` on the connection's output stream
   */
  write(chunk: Uint8Array, options?: IoOptions): Promise<void>

  /**
   * Sends `close_notify` and ends our direction after what was written; reading goes on, and writes
   * reject with `IO_CLOSED`. Before the handshake nothing is sent. Does nothing a second time.
   *
   * @throws {@link IoError} `IO_BROKEN_PIPE` if `close_notify` could not be sent.
   * @throws {@link TlsError} what broke the connection before it could be sent: an alert of the peer, by
   *   its meaning, or `TLS_MISC`. Who only writes learns of it here.
   * @throws the reason of an {@link TlsConnection.abort} that comes first.
   * @see GIO `g_output_stream_close()` on the connection's output stream; RFC 8446 §6.1
   */
  closeWrite(): Promise<void>

  /**
   * Gives up our reading direction: nothing goes on the wire, and reads reject with `IO_CLOSED`.
   * Does nothing a second time.
   *
   * @see GIO `g_input_stream_close()` on the connection's input stream
   */
  closeRead(): Promise<void>

  /**
   * Sends `close_notify` once, if a handshake ever succeeded, and closes the transport, always. It
   * waits for a running handshake, for our own pending write and until the transport has taken what
   * was written, but never for the peer's `close_notify`; it never starts a handshake. While the
   * application is being asked about a certificate it does not wait, but ends the handshake. Does
   * nothing a second time.
   *
   * @param options - `signal` drops the connection, as {@link TlsConnection.abort} does, if a peer that reads nothing
   *   makes this wait.
   * @throws {@link IoError} `IO_BROKEN_PIPE` if `close_notify` could not be sent, unless the peer has
   *   ended in order before; the transport is closed even so.
   * @throws {@link TlsError} what broke the connection before it could be sent, as from
   *   {@link TlsConnection.closeWrite}.
   * @see GIO `g_io_stream_close_async()`
   */
  close(options?: IoOptions): Promise<void>

  /**
   * Drops the connection at once without `close_notify`; pending operations, and later ones, reject
   * with `reason`. Default: an {@link IoError} `IO_CLOSED`. Does nothing once {@link TlsConnection.close} has
   * resolved: what was written last may still be on its way to the peer.
   *
   * @see GIO closing the `base-io-stream`
   */
  abort(reason?: unknown): void

  /** {@link TlsConnection.close} for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
