import { TlsError, type TlsErrorCode } from '@tlsio/core'
import { ioErrorFrom } from '@tlsio/core/node/engine'

/** OpenSSL's reasons, as in `ERR_SSL_…` less that prefix; alerts are in the table below. */
const reasons: ReadonlyMap<string, TlsErrorCode> = new Map([
  ['WRONG_VERSION_NUMBER', 'TLS_NOT_TLS'],
  ['UNKNOWN_PROTOCOL', 'TLS_NOT_TLS'],
  ['HTTP_REQUEST', 'TLS_NOT_TLS'],
  ['HTTPS_PROXY_REQUEST', 'TLS_NOT_TLS'],
  ['PACKET_LENGTH_TOO_LONG', 'TLS_NOT_TLS'],
  ['RECORD_LENGTH_MISMATCH', 'TLS_NOT_TLS'],
  ['DATA_LENGTH_TOO_LONG', 'TLS_NOT_TLS'],
  ['ENCRYPTED_LENGTH_TOO_LONG', 'TLS_NOT_TLS'],
  ['EXCESSIVE_MESSAGE_SIZE', 'TLS_NOT_TLS'],
  ['BAD_RECORD_TYPE', 'TLS_NOT_TLS'],
  ['UNEXPECTED_MESSAGE', 'TLS_NOT_TLS'],
  ['UNEXPECTED_EOF_WHILE_READING', 'TLS_NOT_TLS'],
  ['VERSION_TOO_LOW', 'TLS_HANDSHAKE'],
  ['UNSUPPORTED_PROTOCOL', 'TLS_HANDSHAKE'],
  ['NO_PROTOCOLS_AVAILABLE', 'TLS_HANDSHAKE'],
  ['NO_SHARED_CIPHER', 'TLS_HANDSHAKE'],
  ['NO_CIPHERS_AVAILABLE', 'TLS_HANDSHAKE'],
  ['NO_SUITABLE_SIGNATURE_ALGORITHM', 'TLS_HANDSHAKE'],
  ['NO_SUITABLE_KEY_SHARE', 'TLS_HANDSHAKE'],
  ['INAPPROPRIATE_FALLBACK', 'TLS_INAPPROPRIATE_FALLBACK'],
  ['PEER_DID_NOT_RETURN_A_CERTIFICATE', 'TLS_CERTIFICATE_REQUIRED'],
  ['CERTIFICATE_VERIFY_FAILED', 'TLS_BAD_CERTIFICATE'],
])

/** Alerts (RFC 8446 §6) by the name in Node's codes, which spells some with a prefix of its own. */
const alerts: ReadonlyMap<string, readonly [number: number, code: TlsErrorCode]> = new Map([
  ['UNEXPECTED_MESSAGE', [10, 'TLS_MISC']],
  ['BAD_RECORD_MAC', [20, 'TLS_MISC']],
  ['RECORD_OVERFLOW', [22, 'TLS_MISC']],
  ['HANDSHAKE_FAILURE', [40, 'TLS_HANDSHAKE']],
  ['NO_CERTIFICATE', [41, 'TLS_CERTIFICATE_REQUIRED']],
  ['BAD_CERTIFICATE', [42, 'TLS_BAD_CERTIFICATE']],
  ['UNSUPPORTED_CERTIFICATE', [43, 'TLS_BAD_CERTIFICATE']],
  ['CERTIFICATE_REVOKED', [44, 'TLS_BAD_CERTIFICATE']],
  ['CERTIFICATE_EXPIRED', [45, 'TLS_BAD_CERTIFICATE']],
  ['CERTIFICATE_UNKNOWN', [46, 'TLS_BAD_CERTIFICATE']],
  ['ILLEGAL_PARAMETER', [47, 'TLS_MISC']],
  ['UNKNOWN_CA', [48, 'TLS_BAD_CERTIFICATE']],
  ['ACCESS_DENIED', [49, 'TLS_MISC']],
  ['DECODE_ERROR', [50, 'TLS_MISC']],
  ['DECRYPT_ERROR', [51, 'TLS_MISC']],
  ['PROTOCOL_VERSION', [70, 'TLS_HANDSHAKE']],
  ['INSUFFICIENT_SECURITY', [71, 'TLS_HANDSHAKE']],
  ['INTERNAL_ERROR', [80, 'TLS_MISC']],
  ['INAPPROPRIATE_FALLBACK', [86, 'TLS_INAPPROPRIATE_FALLBACK']],
  ['USER_CANCELLED', [90, 'TLS_MISC']],
  ['MISSING_EXTENSION', [109, 'TLS_MISC']],
  ['UNSUPPORTED_EXTENSION', [110, 'TLS_MISC']],
  ['UNRECOGNIZED_NAME', [112, 'TLS_HANDSHAKE']],
  ['CERTIFICATE_REQUIRED', [116, 'TLS_CERTIFICATE_REQUIRED']],
  ['NO_APPLICATION_PROTOCOL', [120, 'TLS_HANDSHAKE']],
])

/** An error of node:tls as ours. An end of stream is "not TLS" during the handshake only. */
export function tlsErrorFrom(error: unknown, phase: 'handshake' | 'open'): Error {
  const reason = opensslReason(error)
  if (reason !== undefined) return fromReason(reason, error, phase)
  if (phase === 'handshake' && isEndOfStream(error)) {
    const message = 'The peer ended the stream during the TLS handshake.'
    return new TlsError('TLS_NOT_TLS', message, { cause: error })
  }
  return ioErrorFrom(error, phase === 'handshake' ? 'The TLS handshake' : 'The TLS connection')
}

function fromReason(reason: string, cause: unknown, phase: 'handshake' | 'open'): TlsError {
  const alertName = /ALERT_(\w+)$/.exec(reason)?.[1]
  const alert = alertName === undefined ? undefined : alerts.get(alertName)
  if (alertName !== undefined) {
    const words = alertName.toLowerCase()
    const message = `The peer ended the TLS connection with the alert ${words}.`
    return new TlsError(alert?.[1] ?? 'TLS_MISC', message, { cause, alert: alert?.[0] })
  }
  if (phase === 'open' && reason === 'UNEXPECTED_EOF_WHILE_READING') {
    return new TlsError('TLS_EOF', 'The TLS stream ended without close_notify.', { cause })
  }
  const found = reasons.get(reason) ?? 'TLS_MISC'
  // Once it has spoken TLS, it is a peer that speaks it badly.
  const code = phase === 'open' && found === 'TLS_NOT_TLS' ? 'TLS_MISC' : found
  const words = reason.toLowerCase().replaceAll('_', ' ')
  const message = `${sentences[code] ?? 'TLS failed'} (OpenSSL: ${words}).`
  return new TlsError(code, message, { cause })
}

const sentences: Partial<Record<TlsErrorCode, string>> = {
  TLS_NOT_TLS: 'What the peer sent is no TLS',
  TLS_HANDSHAKE: 'The two sides have no TLS parameters in common',
  TLS_CERTIFICATE_REQUIRED: 'The peer showed no certificate',
}

/**
 * `WRONG_VERSION_NUMBER` of `ERR_SSL_WRONG_VERSION_NUMBER`; of an EPROTO, from OpenSSL's own text.
 */
function opensslReason(error: unknown): string | undefined {
  const { code, reason, message } = error as { code?: string; reason?: string; message?: string }
  if (code?.startsWith('ERR_SSL_') === true) return code.slice('ERR_SSL_'.length)
  if (code !== 'EPROTO') return undefined
  const text = reason ?? /:SSL routines:[^:]*:([^:]+):/.exec(message ?? '')?.[1]
  return text?.toUpperCase().replaceAll(' ', '_')
}

/** Node says "reset" for an end during the handshake; a real reset has an errno. */
function isEndOfStream(error: unknown): boolean {
  const { code, errno } = error as { code?: string; errno?: number }
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || (code === 'ECONNRESET' && errno === undefined)
}
