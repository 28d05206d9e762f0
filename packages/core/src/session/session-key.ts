import type { TlsProtocolVersion } from '../protocol-version.js'
import type { CanonicalIdentity } from '../server-identity.js'

/** What separates the sessions of one store. */
export interface SessionKeyParts {
  readonly backendName: string
  readonly identity: CanonicalIdentity
  readonly trustFingerprint: string
  readonly certificateFingerprint: string
  readonly advertisedProtocols: readonly string[]
  readonly minVersion: TlsProtocolVersion
  readonly maxVersion: TlsProtocolVersion
}

/**
 * The key of automatic resumption, computed when the handshake starts, so that a certificate or
 * identity set late counts. Connections that differ in any of its parts never share a session;
 * GIO's own key lacks half of them, and a connection without a certificate can get an authenticated
 * session.
 *
 * The address is no part: hosts with many addresses share their tickets.
 */
export function sessionKey(parts: SessionKeyParts): string {
  return JSON.stringify([
    parts.backendName,
    parts.identity.host,
    parts.identity.port ?? null,
    parts.trustFingerprint,
    parts.certificateFingerprint,
    parts.advertisedProtocols,
    parts.minVersion,
    parts.maxVersion,
  ])
}
