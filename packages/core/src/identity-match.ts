import type { TlsCertificate } from './certificate.js'
import { isDnsName } from './dns-name.js'
import type { CanonicalIdentity } from './server-identity.js'

/**
 * Whether a certificate is for an identity (RFC 9525 §6): an IP address only by an iPAddress name,
 * a host name only by a dNSName, never by the subject's common name (§2). Names of services
 * (SRV-ID, URI-ID) are not looked at.
 */
export function certificateMatchesIdentity(
  certificate: TlsCertificate,
  identity: CanonicalIdentity,
): boolean {
  return identity.kind === 'ip'
    ? certificate.ipAddresses.includes(identity.host)
    : certificate.dnsNames.some((entry) => dnsNameMatches(entry, identity.host))
}

/**
 * RFC 9525 §6.3: A-labels are compared as they are, without regard to the case of ASCII letters. An
 * entry that is no DNS name is for nobody, whatever the host.
 */
function dnsNameMatches(entry: string, host: string): boolean {
  if (!entry.startsWith('*.')) return isDnsName(entry) && lowerCaseAscii(entry) === host
  const parent = entry.slice(2)
  // "*.com" would be an identity for half the Internet: a wildcard needs two labels below it.
  if (!isDnsName(parent) || !parent.includes('.')) return false
  // A wildcard is the whole left-most label, and stands for exactly one.
  const label = host.indexOf('.')
  return label > 0 && lowerCaseAscii(parent) === host.slice(label + 1)
}

/** Not `toLowerCase`: that makes ASCII letters of two that are not, the Kelvin sign for one. */
function lowerCaseAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
