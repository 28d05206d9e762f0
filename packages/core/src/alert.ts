import { TlsError, type TlsErrorCode } from './errors.js'

/** An alert of TLS: its number, its name as in the RFCs, and what it means to an application. */
type AlertRow = readonly [number: number, name: string, code: TlsErrorCode]

/**
 * The alerts of all versions, each by the code of the error that a peer's fatal alert becomes.
 *
 * @see RFC 8446 §6.2, RFC 5246 §7.2.2, RFC 4346 §7.2.2, RFC 6066 §9; the TLS Alerts registry of IANA
 */
const rows: readonly AlertRow[] = [
  [0, 'close_notify', 'TLS_NOT_TLS'],
  [10, 'unexpected_message', 'TLS_MISC'],
  [20, 'bad_record_mac', 'TLS_MISC'],
  [21, 'decryption_failed', 'TLS_MISC'],
  [22, 'record_overflow', 'TLS_MISC'],
  [30, 'decompression_failure', 'TLS_MISC'],
  [40, 'handshake_failure', 'TLS_HANDSHAKE'],
  [41, 'no_certificate', 'TLS_CERTIFICATE_REQUIRED'],
  [42, 'bad_certificate', 'TLS_BAD_CERTIFICATE'],
  [43, 'unsupported_certificate', 'TLS_BAD_CERTIFICATE'],
  [44, 'certificate_revoked', 'TLS_BAD_CERTIFICATE'],
  [45, 'certificate_expired', 'TLS_BAD_CERTIFICATE'],
  [46, 'certificate_unknown', 'TLS_BAD_CERTIFICATE'],
  [47, 'illegal_parameter', 'TLS_MISC'],
  [48, 'unknown_ca', 'TLS_BAD_CERTIFICATE'],
  [49, 'access_denied', 'TLS_MISC'],
  [50, 'decode_error', 'TLS_MISC'],
  [51, 'decrypt_error', 'TLS_MISC'],
  [60, 'export_restriction', 'TLS_MISC'],
  [70, 'protocol_version', 'TLS_HANDSHAKE'],
  [71, 'insufficient_security', 'TLS_HANDSHAKE'],
  [80, 'internal_error', 'TLS_MISC'],
  [86, 'inappropriate_fallback', 'TLS_INAPPROPRIATE_FALLBACK'],
  [90, 'user_canceled', 'TLS_MISC'],
  [100, 'no_renegotiation', 'TLS_MISC'],
  [109, 'missing_extension', 'TLS_MISC'],
  [110, 'unsupported_extension', 'TLS_MISC'],
  [111, 'certificate_unobtainable', 'TLS_MISC'],
  [112, 'unrecognized_name', 'TLS_HANDSHAKE'],
  [113, 'bad_certificate_status_response', 'TLS_BAD_CERTIFICATE'],
  [114, 'bad_certificate_hash_value', 'TLS_BAD_CERTIFICATE'],
  [115, 'unknown_psk_identity', 'TLS_MISC'],
  [116, 'certificate_required', 'TLS_CERTIFICATE_REQUIRED'],
  [120, 'no_application_protocol', 'TLS_HANDSHAKE'],
]

const byNumber: ReadonlyMap<number, AlertRow> = new Map(rows.map((row) => [row[0], row]))
const byName: ReadonlyMap<string, number> = new Map(rows.map(([number, name]) => [name, number]))

/** The number of an alert by its name in the RFCs, such as `unknown_ca`. */
export function alertNumber(name: string): number | undefined {
  return byName.get(name)
}

/**
 * The error for a fatal alert of the peer.
 *
 * @param cause - the engine's own error, if it has one.
 */
export function errorForAlert(number: number, cause?: unknown): TlsError {
  const [, name, code] = byNumber.get(number) ?? [number, `number ${number}`, 'TLS_MISC' as const]
  const message = `The peer ended the TLS connection with the alert ${name}.`
  return new TlsError(code, message, { cause, alert: number })
}
