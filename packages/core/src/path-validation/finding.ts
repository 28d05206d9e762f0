import { TlsCertificateFlags } from '../certificate-flags.js'

/**
 * What can be wrong with a certification path.
 *
 * - `untrusted`: no trust anchor at its end: nobody is known who has issued the last certificate.
 * - `bad-signature`: who is named as issuer has not signed the last certificate.
 * - `unsupported-signature`: its signature cannot be verified here.
 * - `work-limit`: the certificates ask for more work than is done for anybody.
 * - `not-activated`, `expired`: the time is not within its validity (RFC 5280 §4.1.2.5).
 * - `revoked`: it is on a CRL of its issuer.
 * - `weak-key`, `weak-signature`: key or signature are considered insecure.
 * - `unsupported-key`: a key of a kind that is not known.
 * - `not-an-authority`: it has issued the one before, but is no CA (RFC 5280 §4.2.1.9).
 * - `path-length`: there are more CAs below it than it allows (RFC 5280 §4.2.1.9), or more than the
 *   caller does.
 * - `key-usage`, `extended-key-usage`: its key is not for this (RFC 5280 §4.2.1.3, §4.2.1.12).
 * - `name-constraints`: a CA above it may not issue for one of its names (RFC 5280 §4.2.1.10).
 * - `policy`: it demands a certificate policy, and none is known (RFC 5280 §4.2.1.11).
 * - `unknown-critical-extension`, `malformed-extension`, `duplicate-extension`: an extension that
 *   cannot be processed (RFC 5280 §4.2).
 * - `profile`: it breaks another rule on what is in a certificate; `detail` says which.
 * - `encoding`: it is not in DER, so nothing in it counts.
 * - `identity`: it is for another name (RFC 9525).
 */
export type PathRule =
  | 'untrusted'
  | 'bad-signature'
  | 'unsupported-signature'
  | 'work-limit'
  | 'not-activated'
  | 'expired'
  | 'revoked'
  | 'weak-key'
  | 'weak-signature'
  | 'unsupported-key'
  | 'not-an-authority'
  | 'path-length'
  | 'key-usage'
  | 'extended-key-usage'
  | 'name-constraints'
  | 'policy'
  | 'unknown-critical-extension'
  | 'malformed-extension'
  | 'duplicate-extension'
  | 'profile'
  | 'encoding'
  | 'identity'

/** One thing that is wrong with a path, and where. */
export interface PathFinding {
  /** Which rule is broken. */
  readonly rule: PathRule
  /** Bits of {@link TlsCertificateFlags} that follow from it, at least one. */
  readonly flags: number
  /** Which certificate of the path is to blame: 0 is the leaf. */
  readonly position: number
  /** Object identifier of the extension that is to blame, in dotted decimal, if one is. */
  readonly extension: string | undefined
  /** A sentence for people. It has nothing in it that the peer has chosen. */
  readonly detail: string
}

/** A finding before the certificate has its place in a path. */
export interface Fault {
  readonly rule: PathRule
  readonly extension?: string | undefined
  readonly detail: string
}

/** A finding, with the flags that the rule stands for. */
export function findingAt(position: number, { rule, extension, detail }: Fault): PathFinding {
  return { rule, flags: flagsOf[rule], position, extension, detail }
}

const { UNKNOWN_CA, BAD_IDENTITY, NOT_ACTIVATED, EXPIRED, REVOKED, INSECURE, GENERIC_ERROR } =
  TlsCertificateFlags

/**
 * As GIO has it: who is no CA vouches for nobody; what has no flag of its own is a generic error.
 */
const flagsOf: Readonly<Record<PathRule, number>> = {
  untrusted: UNKNOWN_CA,
  'bad-signature': UNKNOWN_CA,
  'unsupported-signature': UNKNOWN_CA | GENERIC_ERROR,
  'work-limit': UNKNOWN_CA | GENERIC_ERROR,
  'not-activated': NOT_ACTIVATED,
  expired: EXPIRED,
  revoked: REVOKED,
  'weak-key': INSECURE,
  'weak-signature': INSECURE,
  'unsupported-key': GENERIC_ERROR,
  'not-an-authority': UNKNOWN_CA,
  'path-length': GENERIC_ERROR,
  'key-usage': GENERIC_ERROR,
  'extended-key-usage': GENERIC_ERROR,
  'name-constraints': GENERIC_ERROR,
  policy: GENERIC_ERROR,
  'unknown-critical-extension': GENERIC_ERROR,
  'malformed-extension': GENERIC_ERROR,
  'duplicate-extension': GENERIC_ERROR,
  profile: GENERIC_ERROR,
  encoding: UNKNOWN_CA | GENERIC_ERROR,
  identity: BAD_IDENTITY,
}
