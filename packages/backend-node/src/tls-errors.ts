import { TlsError, type TlsErrorCode } from '@tlsio/core'
import { alertNumber, errorForAlert, transportError } from '@tlsio/core/backend'
import { ioErrorFrom } from '@tlsio/core/node/engine'

/** OpenSSL's reasons, as in `ERR_SSL_…` less that prefix; alerts have a table of core's. */
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

/** An error of node:tls as ours. An end of stream is "not TLS" during the handshake only. */
export function tlsErrorFrom(error: unknown, phase: 'handshake' | 'open'): Error {
  const reason = opensslReason(error)
  if (reason !== undefined) return fromReason(reason, error, phase)
  if (phase === 'handshake' && isEndOfStream(error)) {
    const message = 'The peer ended the stream during the TLS handshake.'
    return new TlsError('TLS_NOT_TLS', message, { cause: error })
  }
  return ioErrorFrom(
    transportError(error),
    phase === 'handshake' ? 'The TLS handshake' : 'The TLS connection',
  )
}

function fromReason(reason: string, cause: unknown, phase: 'handshake' | 'open'): TlsError {
  const alert = alertOf(reason)
  if (alert !== undefined) return errorForAlert(alert, cause)
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
  // Without a reason: OpenSSL takes nothing after an error that was told before.
  return text?.toUpperCase().replaceAll(' ', '_') ?? 'CONNECTION_BROKEN'
}

/**
 * The alert behind a reason: `SSLV3_ALERT_…`, `TLSV1_ALERT_…`, `TLSV13_ALERT_…`, since OpenSSL 3.2
 * `SSL/TLS_ALERT_…`, and without that word for alerts of extensions: `TLSV1_UNRECOGNIZED_NAME`.
 */
function alertOf(reason: string): number | undefined {
  const name = /^(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?(\w+)$/.exec(reason)?.[1]?.toLowerCase()
  return name === undefined
    ? undefined
    : alertNumber(name === 'user_cancelled' ? 'user_canceled' : name)
}

/** Node says "reset" for an end during the handshake; a real reset has an errno. */
function isEndOfStream(error: unknown): boolean {
  const { code, errno } = error as { code?: string; errno?: number }
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || (code === 'ECONNRESET' && errno === undefined)
}
