import { TlsCertificate } from './certificate.js'
import { chainFrom } from './certificate-link.js'

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
  return TlsCertificate.fromDerChain(chainFrom(ders))
}
