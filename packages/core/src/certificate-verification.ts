import type { TlsCertificate } from './certificate.js'
import { TlsCertificateFlags } from './certificate-flags.js'
import { TlsError } from './errors.js'
import { certificateMatchesIdentity } from './identity-match.js'
import { type PathFinding, PathValidator } from './path-validation/index.js'
import { canonicalIdentity, type ServerIdentity } from './server-identity.js'

/** What {@link TlsCertificate.verify} is asked. */
export interface VerifyCertificateOptions {
  /** Whom it must be for. Default: the name is not checked. */
  readonly identity?: ServerIdentity | undefined
  /**
   * The one authority that must vouch for it. Default: neither the chain nor the dates are checked.
   */
  readonly trustedCa?: TlsCertificate | undefined
  /** Time to judge at, in milliseconds since 1970. Default: now. */
  readonly time?: number | undefined
}

/** Does the work of {@link TlsCertificate.verify}. */
export async function verifyCertificate(
  certificate: TlsCertificate,
  { identity, trustedCa, time }: VerifyCertificateOptions,
): Promise<number> {
  const expected = identity === undefined ? undefined : canonicalIdentity(identity)
  if (time !== undefined && !Number.isFinite(time)) {
    throw new TypeError(`The time to verify at is in milliseconds since 1970, not ${time}.`)
  }
  const isFor = expected === undefined || certificateMatchesIdentity(certificate, expected)
  const chainErrors = trustedCa === undefined ? 0 : await chainFlags(certificate, trustedCa, time)
  return chainErrors | (isFor ? 0 : TlsCertificateFlags.BAD_IDENTITY)
}

async function chainFlags(
  certificate: TlsCertificate,
  trustedCa: TlsCertificate,
  time: number | undefined,
): Promise<number> {
  const [leaf, ...issuers] = certificate.chain()
  const request = { others: issuers.map(({ der }) => der), ...(time === undefined ? {} : { time }) }
  try {
    const { findings } = await validatorOf(trustedCa).validate(
      (leaf as TlsCertificate).der,
      request,
    )
    return findings.filter(isAboutChain).reduce((all, { flags }) => all | flags, 0)
  } catch (error) {
    // What was lenient enough to be read may still be no DER for those who verify.
    if (!(error instanceof TlsError)) throw error
    return TlsCertificateFlags.GENERIC_ERROR
  }
}

/** What the certificate is to be used for is not known here, and so no fault of it. */
function isAboutChain({ rule, position }: PathFinding): boolean {
  return rule !== 'extended-key-usage' && !(rule === 'key-usage' && position === 0)
}

/** It remembers the signatures that it has verified. */
function validatorOf(trustedCa: TlsCertificate): PathValidator {
  let validator = validators.get(trustedCa)
  if (validator === undefined) {
    validator = new PathValidator([trustedCa.der])
    validators.set(trustedCa, validator)
  }
  return validator
}

const validators = new WeakMap<TlsCertificate, PathValidator>()
