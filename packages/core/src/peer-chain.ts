import { TlsCertificate } from './certificate.js'
import { type CertificateLink, mayHaveIssued, readLink } from './certificate-link.js'
import { MOST_CERTIFICATES } from './path-validation/work.js'

/**
 * The certificate that a peer has shown, linked to its issuers. The order in which the peer sent
 * them is not trusted: each is linked to whichever of them may have issued it, the next one rather
 * than another. One that names itself as its issuer ends the chain, and so does a link that would
 * go round in a circle. What is sent twice, cannot be read or has nothing to do with the rest does
 * no harm, and only the first 100 are looked at.
 *
 * The links are informative, see {@link TlsCertificate.issuer}; verification should be given all
 * that the peer has sent.
 *
 * @param ders - DER of the certificates as they were sent, the leaf first. Copied.
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is none, or the leaf cannot be read.
 * @see RFC 8446 §4.4.2
 */
export function certificateFromPeer(ders: readonly Uint8Array[]): TlsCertificate {
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
  return TlsCertificate.fromDerChain(chain)
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
