import { TlsCertificate } from './certificate.js'
import type { TlsDatabaseOptions } from './database.js'
import { TlsError } from './errors.js'
import { scanPem } from './pem.js'

/** What a PEM text says about trust, as the parameters of a database. */
export interface TrustText extends TlsDatabaseOptions {
  readonly anchors: readonly TlsCertificate[]
}

/**
 * Reads the anchors and revocation lists (`X509 CRL`) of a PEM text.
 *
 * @throws {@link TlsError} `TLS_MISC` if there is no certificate in it, `TLS_BAD_CERTIFICATE` if one
 *   cannot be read, or if a list or private key is damaged or a key encrypted.
 */
export function readTrustText(text: string, options: TlsDatabaseOptions): TrustText {
  const anchors = TlsCertificate.listFromPem(text)
  if (anchors.length === 0) {
    throw new TlsError('TLS_MISC', 'The text contains no PEM certificate to trust.')
  }
  const lists = scanPem(text).flatMap((block) => (block.label === 'X509 CRL' ? [block.der] : []))
  // What is left of a list would revoke nobody, without a word.
  if (!lists.every((der) => der !== undefined)) {
    throw new TlsError(
      'TLS_BAD_CERTIFICATE',
      'A revocation list in the text is damaged or cut off.',
    )
  }
  const revocationLists = [...(options.revocationLists ?? []), ...lists]
  return { ...options, anchors, revocationLists }
}
