import type { TlsCapabilities } from './capabilities.js'
import type { TlsCertificate } from './certificate.js'
import type { TlsClientConnection } from './client-connection.js'
import type { AcceptCertificate } from './connection.js'
import type { TlsDatabase } from './database.js'
import type { DatagramSocket } from './datagram/datagram-socket.js'
import type {
  DtlsClientConnection,
  DtlsClientConnectionOptions,
} from './datagram/dtls-client-connection.js'
import type { DtlsCookies } from './datagram/dtls-cookies.js'
import type {
  DtlsServerConnection,
  DtlsServerConnectionOptions,
} from './datagram/dtls-server-connection.js'
import type { TlsInteraction } from './interaction.js'
import type { LoadPkcs11Options } from './load-pkcs11.js'
import type { TlsProtocolVersion } from './protocol-version.js'
import type { TlsAuthenticationMode, TlsServerConnection } from './server-connection.js'
import type { ServerIdentity } from './server-identity.js'
import type { SessionResumption } from './session/session-resumption.js'
import type { TicketKeys } from './session/ticket-keys.js'
import type { IoStream } from './streams/io-stream.js'

/**
 * Settings that both ends of a connection have. They are copied at the call; all but the versions
 * are properties of the connection afterwards.
 */
export interface ConnectionOptions {
  /** See `TlsConnection.database`. Default: the backend's default database. */
  readonly database?: TlsDatabase | null | undefined
  /** See `TlsConnection.certificate`. */
  readonly certificate?: TlsCertificate | undefined
  /** See `TlsConnection.acceptCertificate`. */
  readonly acceptCertificate?: AcceptCertificate | undefined
  /** See `TlsConnection.interaction`. Default `null`: nobody is asked. */
  readonly interaction?: TlsInteraction | null | undefined
  /** See `TlsConnection.requireCloseNotify`. Default `true`. */
  readonly requireCloseNotify?: boolean | undefined
  /** See `TlsConnection.advertisedProtocols`. Default `null`. */
  readonly advertisedProtocols?: readonly string[] | null | undefined
  /**
   * Takes the secrets of this connection, a line of text each in NSS key log format, without line
   * end. Who has them reads its traffic: for debugging only. Default: they are told to nobody.
   * Throws `TLS_NOT_SUPPORTED` if the backend has no key log.
   */
  readonly keyLog?: ((line: string) => void) | undefined
  /**
   * Oldest version to agree to, one of {@link TlsCapabilities.protocolVersions}. Default: the
   * oldest there that is not newer than `maxVersion`.
   */
  readonly minVersion?: TlsProtocolVersion | undefined
  /**
   * Newest version to agree to, one of {@link TlsCapabilities.protocolVersions}. Default: the
   * newest there.
   */
  readonly maxVersion?: TlsProtocolVersion | undefined
}

/** Settings of a client connection. */
export interface ClientConnectionOptions extends ConnectionOptions {
  /** See `TlsClientConnection.serverIdentity`. Default `null`: every peer gets `BAD_IDENTITY`. */
  readonly serverIdentity?: ServerIdentity | null | undefined
  /** See `TlsClientConnection.sessionResumption`. Default `automatic`. */
  readonly sessionResumption?: SessionResumption | undefined
  /** See `TlsClientConnection.requestOcspStaple`. Default `false`: the server is not asked. */
  readonly requestOcspStaple?: boolean | undefined
}

/**
 * Answers which certificate a server shows for a name; see
 * `ServerConnectionOptions.selectCertificate`.
 */
export type SelectCertificate = (
  serverName: string | null,
) => TlsCertificate | undefined | Promise<TlsCertificate | undefined>

/** Settings of a server connection. */
export interface ServerConnectionOptions extends ConnectionOptions {
  /**
   * Connections with the same ticket keys resume each other's sessions. Default: one set of keys
   * for all server connections of the backend that have the same certificate. Throws
   * `TLS_NOT_SUPPORTED` if its servers do not resume sessions.
   */
  readonly ticketKeys?: TicketKeys | undefined
  /** See `TlsServerConnection.authenticationMode`. Default `none`. */
  readonly authenticationMode?: TlsAuthenticationMode | undefined
  /**
   * Chooses the certificate by the server name the client sent, in lower case, `null` if it sent
   * none. What it does not answer for falls to `certificate`. Default: `certificate` for all names.
   * Beyond GIO.
   */
  readonly selectCertificate?: SelectCertificate | undefined
}

/**
 * A TLS engine: makes connections, and says what it can do. A library writes against this; the
 * application chooses which one by configuration.
 *
 * To write one, see `docs/writing-a-backend.md`; `@tlsio/backend-null` is the file to copy.
 *
 * @see GIO `GTlsBackend`
 */
export interface TlsBackend {
  /** Short lower-case name, as in `TLSIO_BACKEND`. */
  readonly name: string
  /** What it can do. */
  readonly supports: TlsCapabilities
  /** Whether it can do TLS at all. @see GIO `g_tls_backend_supports_tls()` */
  readonly supportsTls: boolean
  /** Whether it can do DTLS. @see GIO `g_tls_backend_supports_dtls()` */
  readonly supportsDtls: boolean
  /** What peers are verified against by default. @see GIO `g_tls_backend_get_default_database()` */
  readonly defaultDatabase: TlsDatabase | null
  /**
   * Replaces the default database for connections whose handshake starts later; `null` goes back to
   * the backend's own.
   *
   * @throws TypeError for anything else.
   * @see GIO `g_tls_backend_set_default_database()`
   */
  setDefaultDatabase(database: TlsDatabase | null): void
  /**
   * Reads a certificate out of a token, for connections of any backend with tokens; its private key
   * stays there, and is not looked at before it is used. Issuers that are in the token are linked to it.
   *
   * The key's PIN is asked for when a handshake needs the key, by the connection's
   * {@link TlsConnection.interaction}: up to three times, and a token is never shown again a PIN that it
   * has refused. The key then stays open for as long as somebody holds the certificate.
   *
   * @param pkcs11Uri - PKCS #11 URI of the certificate (RFC 7512). Errors do not repeat it: it may have
   *   a PIN in it.
   * @throws TypeError for an argument of the wrong type, a URI that is none of PKCS #11, or one with a PIN in
   *   another place than `pin-value` behind the `?`: p11-kit would take it past all of this.
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` if the backend has no tokens, and the message names
   *   those that have; `TLS_BAD_CERTIFICATE` if there is no such certificate, or it cannot be read;
   *   `TLS_BAD_CERTIFICATE_PASSWORD` if it cannot be read without a PIN and nobody gave the right one;
   *   `TLS_MISC` for a module that does not work.
   * @throws what the interaction rejects with; the signal's reason.
   * @see GIO `g_tls_certificate_new_from_pkcs11_uris()`
   */
  loadPkcs11Certificate(pkcs11Uri: string, options?: LoadPkcs11Options): Promise<TlsCertificate>
  /**
   * Makes the client end of a connection over `stream`; no I/O happens yet. The connection owns the
   * stream from now on.
   *
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` for an option this backend cannot honour,
   *   `TLS_BAD_CERTIFICATE` if the certificate has no private key.
   * @throws TypeError for an option that makes no sense.
   * @throws RangeError if `minVersion` is newer than `maxVersion`.
   * @see GIO `g_tls_client_connection_new()`
   */
  createClientConnection(stream: IoStream, options?: ClientConnectionOptions): TlsClientConnection
  /**
   * Makes the server end of a connection over `stream`; no I/O happens yet. The connection owns the
   * stream from now on.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if the certificate has no private key,
   *   `TLS_NOT_SUPPORTED` for an option this backend cannot honour.
   * @throws TypeError for an option that makes no sense.
   * @throws RangeError if `minVersion` is newer than `maxVersion`.
   * @see GIO `g_tls_server_connection_new()`
   */
  createServerConnection(stream: IoStream, options?: ServerConnectionOptions): TlsServerConnection
  /**
   * Makes the client end of a DTLS connection over `socket`, which stays the caller's; no I/O happens
   * yet.
   *
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` if the backend has no DTLS, or for an option that it
   *   cannot honour; `TLS_BAD_CERTIFICATE` if the certificate has no private key.
   * @throws TypeError for an option that makes no sense.
   * @throws RangeError for a size or time that is out of range, or if `minVersion` is newer than
   *   `maxVersion`.
   * @see GIO `g_dtls_client_connection_new()`
   */
  createDtlsClientConnection(
    socket: DatagramSocket,
    options?: DtlsClientConnectionOptions,
  ): DtlsClientConnection
  /**
   * Makes the server end of a DTLS connection with one client over `socket`, which stays the caller's;
   * no I/O happens yet. Errors as from {@link TlsBackend.createDtlsClientConnection}.
   *
   * @see GIO `g_dtls_server_connection_new()`
   */
  createDtlsServerConnection(
    socket: DatagramSocket,
    options?: DtlsServerConnectionOptions,
  ): DtlsServerConnection
  /**
   * The cookie exchange of its DTLS servers, for whoever tells clients apart by their address, as
   * `listenDatagrams` of `@tlsio/core/node` does; server connections make use of it by themselves. The
   * same for all of them; `null` if it has none. Beyond GIO.
   */
  readonly dtlsCookies: DtlsCookies | null
}
