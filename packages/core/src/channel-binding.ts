/**
 * What a channel binding is made of.
 *
 * - `tls-unique`: the first Finished message of the handshake; up to TLS 1.2 only (RFC 5929 §3).
 * - `tls-server-end-point`: a hash of the server's certificate (RFC 5929 §4).
 * - `tls-exporter`: 32 bytes of exported keying material (RFC 9266).
 *
 * @see GIO `GTlsChannelBindingType`
 */
export type TlsChannelBindingType = 'tls-unique' | 'tls-server-end-point' | 'tls-exporter'

/**
 * Why there is no channel binding.
 *
 * - `CHANNEL_BINDING_NOT_IMPLEMENTED`: the backend cannot give this type.
 * - `CHANNEL_BINDING_INVALID_STATE`: the handshake is not done, failed, or the connection is closed.
 * - `CHANNEL_BINDING_NOT_AVAILABLE`: the handshake is done, but what it is made of is missing.
 * - `CHANNEL_BINDING_NOT_SUPPORTED`: this connection cannot have it: the certificate's signature has no
 *   hash of its own.
 * - `CHANNEL_BINDING_GENERAL_ERROR`: the rest, such as `tls-unique` with TLS 1.3, where it is not defined.
 *
 * @see GIO `GTlsChannelBindingError`
 */
export type TlsChannelBindingErrorCode =
  | 'CHANNEL_BINDING_NOT_IMPLEMENTED'
  | 'CHANNEL_BINDING_INVALID_STATE'
  | 'CHANNEL_BINDING_NOT_AVAILABLE'
  | 'CHANNEL_BINDING_NOT_SUPPORTED'
  | 'CHANNEL_BINDING_GENERAL_ERROR'

/** No channel binding can be given; match on `code`. @see GIO `GTlsChannelBindingError` */
export class TlsChannelBindingError extends Error {
  /** Always `TlsChannelBindingError`. */
  override readonly name: string = 'TlsChannelBindingError'
  /** Why; stable, unlike the message. */
  readonly code: TlsChannelBindingErrorCode

  /** Makes an error; `cause` is the engine's own. */
  constructor(
    code: TlsChannelBindingErrorCode,
    message: string,
    options: {
      /** The engine's own error. */
      readonly cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
  }
}
