import { DerError } from './path-validation/der.js'
import { PathCertificate } from './path-validation/path-certificate.js'
import { MOST_CERTIFICATES } from './path-validation/work.js'
import { sameBytes } from './same-bytes.js'
import { parseX509, type X509Fields } from './x509.js'

/** A certificate as far as it matters for who may have issued whom. */
export type CertificateLink = PathCertificate

/** Reads what links a certificate; `undefined` for one that cannot be linked to anything. */
export function readLink(der: Uint8Array): CertificateLink | undefined {
  let fields: X509Fields
  try {
    fields = parseX509(der)
  } catch {
    return undefined
  }
  let link = known.get(fields)
  if (link === undefined) {
    link = read(der)
    known.set(fields, link)
  }
  return link ?? undefined
}

/**
 * Whether one certificate may have issued another: its subject is the other's issuer, and so is its
 * key where both say which one it is (RFC 5280 §4.2.1.1).
 *
 * That is no trust, and no signature is looked at: verification does that, and may take another
 * path.
 */
export function mayHaveIssued(issuer: CertificateLink, certificate: CertificateLink): boolean {
  if (issuer.subjectKey !== certificate.issuerKey) return false
  const wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
  const own = issuer.extensions.subjectKeyIdentifier
  return wanted === undefined || own === undefined || sameBytes(wanted, own)
}

/**
 * The certificates that lead up from the first, each issued by the next as far as can be told, in
 * whatever order they are given: the next one rather than another. One that names itself as its issuer
 * ends the chain, and so does a link that would go round in a circle. Duplicates, strangers and what
 * cannot be read are left out, and only the first 100 are looked at.
 */
export function chainFrom(ders: readonly Uint8Array[]): Uint8Array[] {
  const links = ders.slice(0, MOST_CERTIFICATES).map(readLink)
  const chain = ders.slice(0, 1)
  const met = new Set<string>()
  let at = 0
  for (;;) {
    const link = links[at]
    if (link === undefined || link.isSelfIssued) break
    met.add(link.text)
    at = findIssuer(link, at, links, met)
    const issuer = ders[at]
    if (issuer === undefined) break
    chain.push(issuer)
  }
  return chain
}

/** Whether each certificate may have been issued by the next one, up to the last. */
export function isLinkedInOrder(chain: readonly Uint8Array[]): boolean {
  const links = chain.map(readLink)
  return links.every((link, at) => {
    const next = links[at + 1]
    if (at === links.length - 1) return true
    return link !== undefined && next !== undefined && mayHaveIssued(next, link)
  })
}

/** The place of a certificate's issuer among `links`, -1 if there is none. */
function findIssuer(
  link: CertificateLink,
  at: number,
  links: readonly (CertificateLink | undefined)[],
  met: ReadonlySet<string>,
): number {
  const isIssuer = (other: CertificateLink | undefined): boolean =>
    other !== undefined && !met.has(other.text) && mayHaveIssued(other, link)
  return isIssuer(links[at + 1]) ? at + 1 : links.findIndex(isIssuer)
}

function read(der: Uint8Array): CertificateLink | null {
  try {
    return new PathCertificate(new Uint8Array(der))
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

/** Peers show the same few certificates again and again. */
const known = new WeakMap<X509Fields, CertificateLink | null>()
