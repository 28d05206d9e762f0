/**
 * Why TLS failed. The first nine are those of GIO's `GTlsError`, the last two are ours.
 *
 * - `TLS_UNAVAILABLE`: no backend can do TLS here.
 * - `TLS_MISC`: anything without a code of its own.
 * - `TLS_BAD_CERTIFICATE`: a certificate cannot be parsed, or the peer's was not accepted.
 * - `TLS_NOT_TLS`: the peer does not speak TLS, or gave up during the handshake.
 * - `TLS_HANDSHAKE`: the two sides found no common parameters.
 * - `TLS_CERTIFICATE_REQUIRED`: the peer wants a certificate from us, or we from it.
 * - `TLS_EOF`: the stream ended without `close_notify` (truncation).
 * - `TLS_INAPPROPRIATE_FALLBACK`: the peer saw a version fallback it does not allow (RFC 7507).
 * - `TLS_BAD_CERTIFICATE_PASSWORD`: a certificate or key file needs another password.
 * - `TLS_NOT_SUPPORTED`: the backend cannot honour an option; the message names one that can.
 * - `TLS_SESSION_MISMATCH`: a session cannot be used on this connection.
 *
 * @see GIO `GTlsError`
 */
export type TlsErrorCode =
  | 'TLS_UNAVAILABLE'
  | 'TLS_MISC'
  | 'TLS_BAD_CERTIFICATE'
  | 'TLS_NOT_TLS'
  | 'TLS_HANDSHAKE'
  | 'TLS_CERTIFICATE_REQUIRED'
  | 'TLS_EOF'
  | 'TLS_INAPPROPRIATE_FALLBACK'
  | 'TLS_BAD_CERTIFICATE_PASSWORD'
  | 'TLS_NOT_SUPPORTED'
  | 'TLS_SESSION_MISMATCH'

/** What a {@link TlsError} carries beside its code and message. */
export interface TlsErrorDetails {
  /** The engine's own error. */
  readonly cause?: unknown
  /** Number of the TLS alert behind the failure (RFC 8446 §6), if one was seen. */
  readonly alert?: number | undefined
  /** Bits of {@link TlsCertificateFlags} that the peer's certificate failed with. */
  readonly certificateErrors?: number | undefined
}

/**
 * A failure of TLS itself: the protocol, the peer's certificate, or the backend.
 *
 * Match on `code`. The engine's own error is the `cause`.
 *
 * @see GIO `GTlsError`
 */
export class TlsError extends Error {
  /** Always `TlsError`. */
  override readonly name: string = 'TlsError'
  /** What happened; stable, unlike the message. */
  readonly code: TlsErrorCode
  /** Number of the TLS alert behind the failure (RFC 8446 §6), if one was seen. */
  readonly alert: number | undefined
  /** Bits of {@link TlsCertificateFlags} that the peer's certificate failed with; 0 if none. */
  readonly certificateErrors: number

  /**
   * Makes an error with a code.
   *
   * @param message - a sentence for people; no keys, passwords or plaintext.
   */
  constructor(code: TlsErrorCode, message: string, details: TlsErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.alert = details.alert
    this.certificateErrors = details.certificateErrors ?? 0
  }
}

/**
 * Why an operation of a stream or a datagram socket failed, after GIO's `GIOErrorEnum`.
 *
 * - `IO_CLOSED`: this side closed the stream, or that direction of it.
 * - `IO_PENDING`: an operation of the same direction is still pending.
 * - `IO_BROKEN_PIPE`: the peer reset the stream or no longer takes data.
 * - `IO_CONNECTION_REFUSED`: nothing listens at the address.
 * - `IO_HOST_NOT_FOUND`: the name has no address.
 * - `IO_HOST_UNREACHABLE`: no route to the address.
 * - `IO_TIMED_OUT`: the transport's own time limit passed, or that of a DTLS handshake.
 * - `IO_MESSAGE_TOO_LARGE`: a message does not fit into one datagram.
 * - `IO_FAILED`: anything else; the message and `cause` tell.
 *
 * @see GIO `GIOErrorEnum`
 */
export type IoErrorCode =
  | 'IO_CLOSED'
  | 'IO_PENDING'
  | 'IO_BROKEN_PIPE'
  | 'IO_CONNECTION_REFUSED'
  | 'IO_HOST_NOT_FOUND'
  | 'IO_HOST_UNREACHABLE'
  | 'IO_TIMED_OUT'
  | 'IO_MESSAGE_TOO_LARGE'
  | 'IO_FAILED'

/**
 * A failure of the byte stream or the datagram socket, below TLS or at its edge.
 *
 * @see GIO `GIOErrorEnum`
 */
export class IoError extends Error {
  /** Always `IoError`. */
  override readonly name: string = 'IoError'
  /** What happened; stable, unlike the message. */
  readonly code: IoErrorCode

  /**
   * Makes an error with a code.
   *
   * @param message - a sentence for people.
   */
  constructor(code: IoErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
  }
}
