/**
 * Version of TLS or DTLS, in the spelling of node:tls. Older versions are named for reporting; which
 * ones a backend speaks is in its {@link TlsCapabilities}. There is no DTLS 1.1 (RFC 6347 §1).
 *
 * @see GIO `GTlsProtocolVersion`
 */
export type TlsProtocolVersion =
  | 'SSLv3'
  | 'TLSv1'
  | 'TLSv1.1'
  | 'TLSv1.2'
  | 'TLSv1.3'
  | 'DTLSv1'
  | 'DTLSv1.2'

const order: readonly TlsProtocolVersion[] = [
  'SSLv3',
  'TLSv1',
  'TLSv1.1',
  'TLSv1.2',
  'TLSv1.3',
  'DTLSv1',
  'DTLSv1.2',
]

/**
 * Negative if `a` is older than `b`, 0 if they are the same, positive if `a` is newer. As in GIO,
 * those of DTLS come after all of TLS; no connection may speak both.
 */
export function compareVersions(a: TlsProtocolVersion, b: TlsProtocolVersion): number {
  return order.indexOf(a) - order.indexOf(b)
}

/** Whether `text` names a version. */
export function isProtocolVersion(text: unknown): text is TlsProtocolVersion {
  return (order as readonly unknown[]).includes(text)
}
