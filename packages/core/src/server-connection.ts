import type { TlsConnection } from './connection.js'

/**
 * Whether a server asks its clients for a certificate, and insists on one.
 *
 * @see GIO `GTlsAuthenticationMode`
 */
export type TlsAuthenticationMode = 'none' | 'requested' | 'required'

/**
 * The server's end of a TLS connection.
 *
 * Its {@link TlsConnection.certificate} is needed before the handshake. Session tickets are given
 * out by default; which connections accept each other's is decided by the ticket keys they were
 * made with.
 *
 * @see GIO `GTlsServerConnection`
 */
export interface TlsServerConnection extends TlsConnection {
  /**
   * The server name the client sent (SNI, RFC 6066 §3); `null` before the handshake or without one.
   */
  readonly serverName: string | null

  /**
   * Whether the client is asked for a certificate; read when the handshake starts. Default `none`.
   *
   * A certificate that comes is judged by {@link TlsConnection.database} and the dates, and
   * accepted only if {@link TlsConnection.acceptCertificate} says so, **also if it has no errors**:
   * whom to let in is for the application to say. Without the callback every client certificate is
   * rejected. With `required`, a client without one is refused with `TLS_CERTIFICATE_REQUIRED`.
   *
   * Resumption: a resumed client shows no certificate; the one kept in its ticket is judged again.
   *
   * @see GIO `GTlsServerConnection:authentication-mode`
   */
  authenticationMode: TlsAuthenticationMode
}
