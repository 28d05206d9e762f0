import type { TlsClientConnection } from './client-connection.js'
import type { DtlsClientConnection } from './datagram/dtls-client-connection.js'
import type { TlsPassword } from './password.js'
import type { IoOptions } from './streams/io-stream.js'

/**
 * Whether an interaction did what it was asked for. To report a failure, reject.
 *
 * @see GIO `GTlsInteractionResult`
 */
export type TlsInteractionResult = 'handled' | 'unhandled'

/**
 * How a connection, or whoever opens an encrypted key, asks the application, and it perhaps a
 * person, for something. What a method is missing for is `unhandled`.
 *
 * @see GIO `GTlsInteraction`
 */
export interface TlsInteraction {
  /**
   * Asked for a password, or a PIN; `handled` means that `password` was given a value, and
   * `handled` without one is a mistake that ends the asking. To give up, reject: an abort by the
   * person is an `AbortError`.
   *
   * The password is cleared once it was used, or if nobody waits for it any longer.
   *
   * @param password - says what it is for, and whether the last one was wrong
   *   ({@link TlsPassword.warning}).
   * @param options - `signal` aborts when the answer is no longer wanted.
   * @see GIO `g_tls_interaction_ask_password_async()`
   */
  askPassword?(password: TlsPassword, options: IoOptions): Promise<TlsInteractionResult>

  /**
   * Asked for a certificate of our own if the connection has none; `handled` means that
   * `connection.certificate` was set.
   *
   * When it is asked depends on the engine ({@link TlsCapabilities.certificateRequest}): when the
   * server wants one, or before every handshake. A rejection does not end the handshake; if the
   * server then insists on a certificate, it is reported in place of `TLS_CERTIFICATE_REQUIRED`.
   *
   * @param connection - who needs it. Its operations wait for the answer, so none may be awaited here.
   * @param options - `signal` aborts with the handshake.
   * @see GIO `g_tls_interaction_request_certificate_async()`
   */
  requestCertificate?(
    connection: TlsClientConnection | DtlsClientConnection,
    options: IoOptions,
  ): Promise<TlsInteractionResult>
}
