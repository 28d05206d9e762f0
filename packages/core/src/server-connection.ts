import type { TlsConnection } from './connection.js'

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
}
