import type { TlsErrorCode } from '@tlsio/core'

/** Numbers of the alerts that this engine sends (RFC 4346 §7.2). */
export const Alert = {
  CLOSE_NOTIFY: 0,
  UNEXPECTED_MESSAGE: 10,
  BAD_RECORD_MAC: 20,
  RECORD_OVERFLOW: 22,
  HANDSHAKE_FAILURE: 40,
  UNSUPPORTED_CERTIFICATE: 43,
  ILLEGAL_PARAMETER: 47,
  DECODE_ERROR: 50,
  PROTOCOL_VERSION: 70,
  INTERNAL_ERROR: 80,
  INAPPROPRIATE_FALLBACK: 86,
  NO_RENEGOTIATION: 100,
  UNSUPPORTED_EXTENSION: 110,
} as const

/** What the peer did that ends the connection, and the alert it is told with. */
export class FatalAlert extends Error {
  override readonly name: string = 'FatalAlert'
  readonly alert: number
  readonly code: TlsErrorCode

  constructor(alert: number, message: string, code: TlsErrorCode = 'TLS_MISC', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.alert = alert
    this.code = code
  }
}
