import { type AcceptDecision, verifyPeer } from '../base/peer-verification.js'
import type { TlsCertificate } from '../certificate.js'
import { TlsCertificateFlags } from '../certificate-flags.js'
import type { TlsDatabase } from '../database.js'
import { compareVersions, type TlsProtocolVersion } from '../protocol-version.js'
import type { CanonicalIdentity } from '../server-identity.js'
import { TlsSession } from './tls-session.js'

/** The settings of the connection that wants to offer a session. */
export interface SessionPolicy {
  readonly backendName: string
  readonly identity: CanonicalIdentity | null
  readonly database: TlsDatabase | null
  readonly trustFingerprint: string
  readonly certificateFingerprint: string
  readonly minVersion: TlsProtocolVersion
  readonly maxVersion: TlsProtocolVersion
}

/** The peer of a session, judged by the connection that wants to offer it. */
export interface RetainedPeer {
  readonly certificate: TlsCertificate
  readonly errors: number
}

/**
 * Judges whether a connection may offer a session, by its own policy and at the present time.
 *
 * A resumed handshake shows no certificate, so this is the check of the peer. Engines do not make
 * it: node:tls 20 connects to `evil.test` with a session of `a.test`, and with no trust anchor at
 * all.
 *
 * @returns the peer kept with the session, or `undefined` if a full handshake is called for.
 */
export async function judgeRetainedPeer(
  session: TlsSession,
  policy: SessionPolicy,
  now: number,
  accept: AcceptDecision,
): Promise<RetainedPeer | undefined> {
  const facts = TlsSession.factsOf(session)
  const certificate = facts.peerCertificate
  const comparable =
    session.isResumable &&
    facts.backendName === policy.backendName &&
    facts.trustFingerprint === policy.trustFingerprint &&
    // It stands for the one who authenticated: nobody else may use it, nor may it be used for less.
    facts.certificateFingerprint === policy.certificateFingerprint &&
    compareVersions(facts.protocolVersion, policy.minVersion) >= 0 &&
    compareVersions(facts.protocolVersion, policy.maxVersion) <= 0
  if (!comparable || certificate === null) return undefined
  const linkErrors = now > facts.linksValidUntil ? TlsCertificateFlags.EXPIRED : 0
  const errors = verifyPeer(certificate, facts.chainErrors | linkErrors, { ...policy, now })
  try {
    return (await accept.accepts(certificate, errors)) ? { certificate, errors } : undefined
  } catch {
    // The full handshake asks again, and reports what the application threw.
    return undefined
  }
}
