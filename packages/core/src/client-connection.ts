import type { TlsConnection } from './connection.js'
import type { ServerIdentity } from './server-identity.js'
import type { SessionResumption } from './session/session-resumption.js'
import type { GetSessionOptions, TlsSession } from './session/tls-session.js'

/**
 * The client's end of a TLS connection.
 *
 * Event `session`, a {@link TlsSessionEvent}: a session that can be resumed was received; with TLS
 * 1.3 once for each ticket, after the handshake. With resumption off there are none.
 *
 * @see GIO `GTlsClientConnection`
 */
export interface TlsClientConnection extends TlsConnection {
  /**
   * Who is expected at the other end; read when the handshake starts. With `null` (default) every
   * certificate gets `BAD_IDENTITY`, no server name is sent, and the session store is not used.
   *
   * @throws TypeError when it is set to something that is neither a host name nor an IP address.
   * @see GIO `GTlsClientConnection:server-identity`
   */
  serverIdentity: ServerIdentity | null

  /**
   * `automatic` (default): sessions are taken from and put into the backend's session store. `off`:
   * nothing is offered and nothing is kept, whatever else was asked for. Read when the handshake
   * starts.
   *
   * @see GIO `session-resumption-enabled`
   */
  sessionResumption: SessionResumption

  /**
   * Names (DER) of the certificate authorities whose certificates the server would take, after the
   * handshake; empty if it gave no hints. `null` if it did not ask, or the engine does not tell
   * ({@link TlsCapabilities.acceptedCas}).
   *
   * Resumption: the server does not ask, so it is `null`.
   *
   * @see GIO `GTlsClientConnection:accepted-cas`
   */
  readonly acceptedCas: readonly Uint8Array[] | null

  /**
   * Whether the server is asked for an OCSP staple: the recent and signed word of its certificate's
   * authority on whether that was revoked. Read when the handshake starts. Default `false`: the
   * ClientHello does not ask. A server may have none, and sends it on full handshakes only. Beyond
   * GIO.
   *
   * @throws TypeError when it is set to something that is neither `true` nor `false`.
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` when it is set to `true` and the backend cannot ask
   *   ({@link TlsCapabilities.ocspStapling}).
   * @see RFC 6066 §8; RFC 8446 §4.4.2.1
   */
  requestOcspStaple: boolean

  /**
   * The OCSP staple, as the server sent it: DER of an OCSPResponse (RFC 6960 §4.2.1), set when the
   * handshake succeeds and kept afterwards; not to be changed. `null` before, if it was not asked
   * for, and if there was none.
   *
   * **Not verified, and not even parsed.** Whoever relies on it checks that its status is
   * `successful`; that its signature is good and was made by the issuer of
   * {@link TlsConnection.peerCertificate}, or by a responder whom that issuer has certified for OCSP
   * signing (RFC 6960 §4.2.2.2); that one of its answers is about this very certificate, by issuer
   * and serial number; that now is between its `thisUpdate` and `nextUpdate`; and that its answer is
   * `good`. `null` says nothing about the certificate, and is a failure after a full handshake if the
   * certificate promises a staple (RFC 7633).
   *
   * Resumption: the server shows no certificate, and so no staple: it is `null`. To have one for
   * every connection, set {@link TlsClientConnection.sessionResumption} to `off`. Beyond GIO.
   *
   * @see RFC 6066 §8; RFC 8446 §4.4.2.1
   */
  readonly ocspStaple: Uint8Array | null

  /**
   * Asks to use `source`'s TLS session on this connection too, as FTP over TLS wants for its data
   * connections. It may do nothing, and never tells: look at
   * {@link TlsConnection.isSessionResumed} afterwards, or ask the server.
   *
   * What is offered is chosen when this connection's handshake starts: the newest unused ticket of
   * `source`, else one of its family (connections that copied from it), else the last one again,
   * without regard for privacy. It must pass this connection's own identity and trust checks.
   * `source` is not changed, and may be closed. The copied state replaces the session store for
   * this connection: nothing is taken from it or put into it. A later call, or {@link setSession},
   * replaces an earlier one.
   *
   * Never makes the handshake fail, and never lets it accept a peer it would not accept otherwise.
   *
   * @param source - any client connection, whatever its state, age or backend.
   * @returns nothing, always.
   * @throws TypeError only if `source` is no client connection.
   * @see GIO `g_tls_client_connection_copy_session_state()`
   */
  copySessionState(source: TlsClientConnection): void

  /**
   * The newest session of this connection.
   *
   * That is the last one received. Before there is one, it waits for `wait` milliseconds; if none
   * comes, it resolves with the session that this connection resumed, or else with one whose
   * `isResumable` is `false`. TLS 1.3 tickets arrive after the handshake, usually with the server's
   * first bytes. With resumption off there are none.
   *
   * @param options - `wait` defaults to what the handshake took; an abort of `signal` rejects with
   *   its reason.
   * @throws {@link TlsError} `TLS_NOT_SUPPORTED` if the backend has no sessions, `TLS_MISC` before
   *   the handshake is complete; the handshake's error if it failed.
   * @see GnuTLS `gnutls_session_get_data2`
   */
  getSession(options?: GetSessionOptions): Promise<TlsSession>

  /**
   * Offers exactly this session in the handshake, if it passes this connection's own checks;
   * `null` clears what was set or copied before.
   *
   * @throws {@link TlsError} `TLS_SESSION_MISMATCH` if it is another backend's or cannot be
   *   resumed, `TLS_NOT_SUPPORTED` if the backend has no sessions or resumption is off here.
   * @throws TypeError if the handshake has started, or `session` is no session.
   * @see OpenSSL `SSL_set_session`
   */
  setSession(session: TlsSession | null): void
}

/** The event `session` of a client connection. */
export class TlsSessionEvent extends Event {
  /** What was received. */
  readonly session: TlsSession

  /** For core only: connections make these events. */
  constructor(session: TlsSession) {
    super('session')
    this.session = session
  }
}
