import { TlsError, type TlsErrorCode, type TlsProtocolVersion } from '@tlsio/core'
import { Alert, Code } from './ffi/constants.js'

/** What libgnutls returned. */
export class GnutlsError extends Error {
  override readonly name: string = 'GnutlsError'
  /** The value, negative. */
  readonly number: number
  /** Its name in `gnutls/gnutls.h`, such as `GNUTLS_E_NO_CIPHER_SUITES`. */
  readonly code: string

  constructor(number: number, code: string, text: string) {
    super(`${text.replace(/\.$/, '')} (${code})`)
    this.number = number
    this.code = code
  }
}

/** Return values with a code of ours; what is not here is `TLS_MISC`. Alerts have a table of core's. */
const codes: ReadonlyMap<number, TlsErrorCode> = new Map<number, TlsErrorCode>([
  [Code.UNEXPECTED_PACKET_LENGTH, 'TLS_NOT_TLS'],
  [Code.UNEXPECTED_PACKET, 'TLS_NOT_TLS'],
  [Code.UNEXPECTED_HANDSHAKE_PACKET, 'TLS_NOT_TLS'],
  [Code.RECORD_OVERFLOW, 'TLS_NOT_TLS'],
  [Code.UNSUPPORTED_VERSION_PACKET, 'TLS_HANDSHAKE'],
  [Code.UNKNOWN_CIPHER_SUITE, 'TLS_HANDSHAKE'],
  [Code.INSUFFICIENT_CREDENTIALS, 'TLS_HANDSHAKE'],
  [Code.NO_CIPHER_SUITES, 'TLS_HANDSHAKE'],
  [Code.UNSUPPORTED_SIGNATURE_ALGORITHM, 'TLS_HANDSHAKE'],
  [Code.INSUFFICIENT_SECURITY, 'TLS_HANDSHAKE'],
  [Code.NO_APPLICATION_PROTOCOL, 'TLS_HANDSHAKE'],
  [Code.NO_COMMON_KEY_SHARE, 'TLS_HANDSHAKE'],
  [Code.INAPPROPRIATE_FALLBACK, 'TLS_INAPPROPRIATE_FALLBACK'],
  [Code.NO_CERTIFICATE_FOUND, 'TLS_CERTIFICATE_REQUIRED'],
  [Code.CERTIFICATE_REQUIRED, 'TLS_CERTIFICATE_REQUIRED'],
  [Code.PKCS11_PIN_ERROR, 'TLS_BAD_CERTIFICATE_PASSWORD'],
  [Code.CERTIFICATE_ERROR, 'TLS_BAD_CERTIFICATE'],
  [Code.CERTIFICATE_KEY_MISMATCH, 'TLS_BAD_CERTIFICATE'],
])

const sentences: Partial<Record<TlsErrorCode, string>> = {
  TLS_NOT_TLS: 'What the peer sent is no TLS',
  TLS_HANDSHAKE: 'The two sides have no TLS parameters in common',
  TLS_CERTIFICATE_REQUIRED: 'The peer showed no certificate',
  TLS_INAPPROPRIATE_FALLBACK: 'The client fell back to an older version than it has to',
  TLS_BAD_CERTIFICATE: 'The certificate cannot be used',
  TLS_BAD_CERTIFICATE_PASSWORD: 'The token wants its PIN in the midst of the handshake',
}

/** How far a connection has got: whether the peer has spoken TLS, and whether it is open. */
export type Phase = 'begun' | 'spoken' | 'open'

/** A failed call as an error of ours. */
export function tlsErrorFrom(cause: GnutlsError, phase: Phase): TlsError {
  const found = codes.get(cause.number) ?? 'TLS_MISC'
  // Once the peer has spoken TLS, it speaks it badly; once it is open, nothing is negotiated.
  const isOver = phase === 'open' && found === 'TLS_HANDSHAKE'
  const code = isOver || (found === 'TLS_NOT_TLS' && phase !== 'begun') ? 'TLS_MISC' : found
  const message = `${sentences[code] ?? 'TLS failed'} (GnuTLS: ${cause.message}).`
  return new TlsError(code, message, { cause })
}

/** The alert to tell the peer with, where libgnutls would choose another than the RFCs. */
export function alertFor(code: number, version: TlsProtocolVersion): number | undefined {
  // RFC 5246 §7.2.2; TLS 1.3 has certificate_required, which libgnutls sends.
  if (code === Code.NO_CERTIFICATE_FOUND && version !== 'TLSv1.3') return Alert.HANDSHAKE_FAILURE
  return undefined
}

/** The peer did what it may not do now, in our own judgement: the alert is unexpected_message. */
export class UnexpectedError extends TlsError {}
