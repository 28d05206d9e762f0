import { X509Certificate } from 'node:crypto'
import tls from 'node:tls'
import { TlsCertificateFlags, type TlsDatabase } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import { flagsFromVerifyError, nameOfVerifyError } from './certificate-errors.js'

/** What a certificate must be good for (RFC 5280 §4.2.1.12). */
export type ChainPurpose = '1.3.6.1.5.5.7.3.1' | '1.3.6.1.5.5.7.3.2'

/**
 * OpenSSL's verdict on a chain, as core wants it.
 *
 * OpenSSL goes on after a problem and remembers the last one only: "expired" may hide that nobody
 * vouches for the certificate, and who tolerates the first would let in anybody. So, where it found
 * anything, the links are checked once more here.
 */
export function chainVerdict(
  verifyError: unknown,
  chain: readonly Uint8Array[],
  database: TlsDatabase | null,
  purpose: ChainPurpose,
): Pick<HandshakeResult, 'chainErrors' | 'chainProblem'> {
  const errors = flagsFromVerifyError(verifyError)
  if (errors === 0) return { chainErrors: 0 }
  const certificates = chain.map((der) => new X509Certificate(der))
  const trust = leadsToAnchor(certificates, database) ? 0 : TlsCertificateFlags.UNKNOWN_CA
  const use = isFor(certificates[0], purpose) ? 0 : TlsCertificateFlags.GENERIC_ERROR
  return { chainErrors: errors | trust | use, chainProblem: nameOfVerifyError(verifyError) }
}

function leadsToAnchor(chain: readonly X509Certificate[], database: TlsDatabase | null): boolean {
  if (database === null) return false
  const anchors = anchorsOf(database)
  for (const [at, certificate] of chain.entries()) {
    if (anchors.some(({ raw }) => raw.equals(certificate.raw))) return true
    if (anchors.some((anchor) => hasIssued(anchor, certificate))) return true
    const next = chain[at + 1]
    if (next === undefined || !hasIssued(next, certificate)) return false
  }
  return false
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

/** Without extended key usage a certificate is for everything. */
function isFor(leaf: X509Certificate | undefined, purpose: ChainPurpose): boolean {
  const usage: readonly string[] | undefined = leaf?.keyUsage
  return usage === undefined || usage.includes(purpose) || usage.includes(ANY_PURPOSE)
}

const ANY_PURPOSE = '2.5.29.37.0'

const parsedAnchors = new WeakMap<TlsDatabase, readonly X509Certificate[]>()

function anchorsOf(database: TlsDatabase): readonly X509Certificate[] {
  let anchors = parsedAnchors.get(database)
  if (anchors === undefined) {
    const pems = database.anchors?.map(({ pem }) => pem) ?? engineAnchors()
    anchors = pems.map((pem) => new X509Certificate(pem))
    parsedAnchors.set(database, anchors)
  }
  return anchors
}

/** Node 20 can list its bundled anchors only, not those added by NODE_EXTRA_CA_CERTS. */
function engineAnchors(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }
  return getCACertificates?.('default') ?? tls.rootCertificates
}
