import { type TlsCertificate, TlsError } from '@tlsio/core'
import forge from 'node-forge'

/** A certificate of ours as forge wants it: PEM, leaf first, and its key. */
export interface OwnIdentity {
  readonly chain: readonly string[]
  readonly privateKey: string
}

const known = new WeakMap<TlsCertificate, OwnIdentity>()

/**
 * What forge shows of a certificate of ours; an empty chain for none.
 *
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if forge cannot read it or its key.
 */
export function ownIdentity(certificate: TlsCertificate | undefined): OwnIdentity {
  if (certificate === undefined) return { chain: [], privateKey: '' }
  let identity = known.get(certificate)
  if (identity === undefined) {
    identity = {
      chain: certificate.chain().map(({ pem }) => pem),
      privateKey: certificate.privateKeyPem ?? '',
    }
    requireReadable(certificate, identity)
    known.set(certificate, identity)
  }
  return identity
}

function requireReadable(certificate: TlsCertificate, { chain, privateKey }: OwnIdentity): void {
  try {
    forge.pki.certificateFromPem(chain[0] as string)
    forge.pki.privateKeyFromPem(privateKey)
  } catch (cause) {
    const message = `forge cannot use ${certificate} or its private key.`
    throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
  }
}
