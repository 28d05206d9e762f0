import type { TlsCertificate } from './certificate.js'
import type { CanonicalIdentity } from './server-identity.js'

/**
 * Whether a certificate is for an identity (RFC 9525 §6): an IP address only by an iPAddress name,
 * a host name only by a dNSName, never by the subject's common name.
 */
export function certificateMatchesIdentity(
  certificate: TlsCertificate,
  identity: CanonicalIdentity,
): boolean {
  return identity.kind === 'ip'
    ? certificate.ipAddresses.includes(identity.host)
    : certificate.dnsNames.some((pattern) => dnsNameMatches(pattern, identity.host))
}

/** RFC 9525 §6.3: a wildcard is the whole left-most label and stands for exactly one label. */
function dnsNameMatches(pattern: string, host: string): boolean {
  const name = pattern.toLowerCase()
  if (!name.startsWith('*.')) return name === host
  const rest = name.slice(1)
  const label = host.slice(0, host.length - rest.length)
  // "*.com" would be an identity for half the Internet: a wildcard needs two labels below it.
  return host.endsWith(rest) && label !== '' && !label.includes('.') && rest.indexOf('.', 1) !== -1
}
