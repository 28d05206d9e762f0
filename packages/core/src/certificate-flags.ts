/**
 * Bits that say why a certificate is not acceptable. A set is their sum; 0 means it is valid.
 *
 * At least one bit is set on failure, not necessarily all that apply: never accept a certificate
 * because one particular bit is missing.
 *
 * @see GIO `GTlsCertificateFlags`
 */
export const TlsCertificateFlags: {
  /** No problem. */
  readonly NO_FLAGS: 0
  /** No trust anchor vouches for it. */
  readonly UNKNOWN_CA: 1
  /** It is for another name than the expected server identity, or no identity was given. */
  readonly BAD_IDENTITY: 2
  /** Its validity lies in the future. */
  readonly NOT_ACTIVATED: 4
  /** Its validity has passed. */
  readonly EXPIRED: 8
  /** Its issuer has revoked it. */
  readonly REVOKED: 16
  /** Its algorithm or key is considered insecure. */
  readonly INSECURE: 32
  /** Something else is wrong with it. */
  readonly GENERIC_ERROR: 64
  /** All of the above. */
  readonly VALIDATE_ALL: 127
} = Object.freeze({
  NO_FLAGS: 0,
  UNKNOWN_CA: 1,
  BAD_IDENTITY: 2,
  NOT_ACTIVATED: 4,
  EXPIRED: 8,
  REVOKED: 16,
  INSECURE: 32,
  GENERIC_ERROR: 64,
  VALIDATE_ALL: 127,
})

const sentences: readonly (readonly [flag: number, text: string])[] = [
  [TlsCertificateFlags.UNKNOWN_CA, 'no trust anchor of this connection vouches for it'],
  [TlsCertificateFlags.BAD_IDENTITY, 'it is for another name'],
  [TlsCertificateFlags.NOT_ACTIVATED, 'it is not valid yet'],
  [TlsCertificateFlags.EXPIRED, 'it has expired'],
  [TlsCertificateFlags.REVOKED, 'it was revoked'],
  [TlsCertificateFlags.INSECURE, 'its algorithm or key is insecure'],
  [TlsCertificateFlags.GENERIC_ERROR, 'it is not acceptable'],
]

/** Says a set of {@link TlsCertificateFlags} in words, for messages: "it has expired, …". */
export function describeCertificateFlags(flags: number): string {
  const found = sentences.filter(([flag]) => (flags & flag) !== 0).map(([, text]) => text)
  return found.length === 0 ? 'it is valid' : found.join(', ')
}
