import type { SelectCertificate } from '../backend.js'
import type { TlsAuthenticationMode } from '../server-connection.js'
import type { DtlsConnection, DtlsConnectionOptions } from './dtls-connection.js'

/** Settings of the server's end of a DTLS connection. */
export interface DtlsServerConnectionOptions extends DtlsConnectionOptions {
  /** See `DtlsServerConnection.authenticationMode`. Default `none`. */
  readonly authenticationMode?: TlsAuthenticationMode | undefined
  /**
   * As `ServerConnectionOptions.selectCertificate`. A ClientHello that comes in more than one datagram
   * counts as one without a name. Beyond GIO.
   */
  readonly selectCertificate?: SelectCertificate | undefined
}

/**
 * The server's end of a DTLS connection with one client. Its {@link DtlsConnection.certificate} is
 * needed before the handshake.
 *
 * What comes first has to be a ClientHello, with a cookie if the backend asks for one
 * ({@link TlsBackend.dtlsCookies}); all else is dropped without a word.
 *
 * @see GIO `GDtlsServerConnection`
 */
export interface DtlsServerConnection extends DtlsConnection {
  /**
   * The server name the client sent (SNI, RFC 6066 §3); `null` before the handshake or without one, or
   * if the ClientHello came in more than one datagram.
   */
  readonly serverName: string | null

  /**
   * As {@link TlsServerConnection.authenticationMode}.
   *
   * @see GIO `GDtlsServerConnection:authentication-mode`
   */
  authenticationMode: TlsAuthenticationMode
}
