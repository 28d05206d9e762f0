import { TlsCertificateFlags } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import { capabilities } from './capabilities.js'

const { UNKNOWN_CA, NOT_ACTIVATED, EXPIRED, REVOKED, INSECURE, GENERIC_ERROR } = TlsCertificateFlags

/** Node's names of OpenSSL's `X509_V_ERR_…`; what is not here is a `GENERIC_ERROR`. */
const flags: ReadonlyMap<string, number> = new Map<string, number>([
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN_CA],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN_CA],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNKNOWN_CA],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNKNOWN_CA],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN_CA],
  ['CERT_UNTRUSTED', UNKNOWN_CA],
  ['INVALID_CA', UNKNOWN_CA],
  ['CERT_NOT_YET_VALID', NOT_ACTIVATED],
  ['CERT_HAS_EXPIRED', EXPIRED],
  ['CERT_REVOKED', REVOKED],
  ['CA_MD_TOO_WEAK', INSECURE],
  ['CA_KEY_TOO_SMALL', INSECURE],
  ['EE_KEY_TOO_SMALL', INSECURE],
])

/**
 * OpenSSL's verdict on a chain. It goes on after a problem and remembers the last one only; core looks
 * for all there are.
 *
 * @param error - Node's name of `X509_V_ERR_…`, or an error with that code; nothing if all is well.
 */
export function verdictOf(error: unknown): Pick<HandshakeResult, 'chainErrors' | 'chainProblem'> {
  if (!capabilities.chainVerification) return {}
  if (error === null || error === undefined) return { chainErrors: 0 }
  const name = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return { chainErrors: flags.get(name) ?? GENERIC_ERROR, chainProblem: name }
}
