import type { ServerIdentity } from '../server-identity.js'
import type { DtlsConnection, DtlsConnectionOptions } from './dtls-connection.js'

/** Settings of the client's end of a DTLS connection. */
export interface DtlsClientConnectionOptions extends DtlsConnectionOptions {
  /** See `DtlsClientConnection.serverIdentity`. Default `null`: every peer gets `BAD_IDENTITY`. */
  readonly serverIdentity?: ServerIdentity | null | undefined
}

/**
 * The client's end of a DTLS connection. There is no copying of sessions, as in GIO.
 *
 * @see GIO `GDtlsClientConnection`
 */
export interface DtlsClientConnection extends DtlsConnection {
  /**
   * Who is expected at the other end; read when the handshake starts. With `null` (default) every
   * certificate gets `BAD_IDENTITY`, and no server name is sent.
   *
   * @throws TypeError when it is set to something that is neither a host name nor an IP address.
   * @see GIO `GDtlsClientConnection:server-identity`
   */
  serverIdentity: ServerIdentity | null

  /** As {@link TlsClientConnection.acceptedCas}. @see GIO `GDtlsClientConnection:accepted-cas` */
  readonly acceptedCas: readonly Uint8Array[] | null
}
