import { TlsCertificateFlags } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import { DATA_KEY_PURPOSE } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'

const { UNKNOWN_CA, NOT_ACTIVATED, EXPIRED, REVOKED, INSECURE, GENERIC_ERROR } = TlsCertificateFlags

/**
 * An OCSP staple that is missing, or of no use: what to do then is for who asked for it. One that says
 * the certificate was revoked, and is good, counts.
 */
const STAPLE_PROBLEMS = (1 << 19) | (1 << 20)

/** `gnutls_certificate_status_t`: bit, name, and flag of ours; a bit not here is a `GENERIC_ERROR`. */
const statuses: readonly (readonly [bit: number, name: string, flag: number])[] = [
  [1 << 5, 'REVOKED', REVOKED],
  [1 << 6, 'SIGNER_NOT_FOUND', UNKNOWN_CA],
  [1 << 7, 'SIGNER_NOT_CA', UNKNOWN_CA],
  [1 << 8, 'INSECURE_ALGORITHM', INSECURE],
  [1 << 9, 'NOT_ACTIVATED', NOT_ACTIVATED],
  [1 << 10, 'EXPIRED', EXPIRED],
  [1 << 11, 'SIGNATURE_FAILURE', UNKNOWN_CA],
  [1 << 12, 'REVOCATION_DATA_SUPERSEDED', GENERIC_ERROR],
  [1 << 15, 'REVOCATION_DATA_ISSUED_IN_FUTURE', GENERIC_ERROR],
  [1 << 16, 'SIGNER_CONSTRAINTS_FAILURE', GENERIC_ERROR],
  [1 << 17, 'MISMATCH', GENERIC_ERROR],
  [1 << 18, 'PURPOSE_MISMATCH', GENERIC_ERROR],
  [1 << 21, 'UNKNOWN_CRIT_EXTENSIONS', GENERIC_ERROR],
]

/** "It is invalid", which stands beside each reason. */
const INVALID = 1 << 1

/** What a certificate is shown for (RFC 5280 §4.2.1.12). */
export const Purpose = {
  SERVER: '1.3.6.1.5.5.7.3.1',
  CLIENT: '1.3.6.1.5.5.7.3.2',
} as const

/**
 * What libgnutls thinks of the chain of a session's peer, by the anchors of the session's
 * credentials. It stops nothing: core decides.
 */
export function verdictOf(
  gnutls: Gnutls,
  session: Address,
  purpose: string,
): Pick<HandshakeResult, 'chainErrors' | 'chainProblem'> {
  const status = new Uint32Array(1)
  const { certificate_verify_peers } = gnutls.functions
  const code = gnutls.memory.withTypedDatum(
    DATA_KEY_PURPOSE,
    new TextEncoder().encode(purpose),
    (data) => certificate_verify_peers(session, data, 1, status),
  )
  if (code < 0) return { chainErrors: GENERIC_ERROR, chainProblem: gnutls.error(code).code }
  return fromStatus(status[0] as number)
}

/** A `gnutls_certificate_status_t` in our flags, and in words of libgnutls. */
export function fromStatus(status: number): Pick<HandshakeResult, 'chainErrors' | 'chainProblem'> {
  const reasons = status & ~(INVALID | STAPLE_PROBLEMS)
  const isOnlyStaple = reasons === 0 && (status & STAPLE_PROBLEMS) !== 0
  if (status === 0 || isOnlyStaple) return { chainErrors: 0 }
  const found = statuses.filter(([bit]) => (reasons & bit) !== 0)
  const known = found.reduce((sum, [bit]) => sum | bit, 0)
  const isUnknown = reasons === 0 || reasons !== known
  return {
    chainErrors: found.reduce((sum, [, , flag]) => sum | flag, isUnknown ? GENERIC_ERROR : 0),
    chainProblem: found.map(([, name]) => name).join(', ') || 'INVALID',
  }
}
