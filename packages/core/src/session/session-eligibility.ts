import { type AcceptDecision, type PeerPolicy, verifyPeer } from '../base/peer-verification.js'
import type { TlsCertificate } from '../certificate.js'
import { compareVersions, type TlsProtocolVersion } from '../protocol-version.js'
import type { CanonicalIdentity } from '../server-identity.js'
import type { PeerVerification } from '../verification.js'
import { TlsSession } from './tls-session.js'

/** What the connection that wants to offer a session demands of it, and of its peer. */
export interface SessionPolicy extends PeerPolicy {
  readonly identity: CanonicalIdentity | null
  readonly backendName: string
  readonly trustFingerprint: string
  readonly certificateFingerprint: string
  readonly minVersion: TlsProtocolVersion
  readonly maxVersion: TlsProtocolVersion
}

/** The peer of a session, judged by the connection that wants to offer it. */
export interface RetainedPeer {
  readonly certificate: TlsCertificate
  readonly verification: PeerVerification
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
  const peer = { certificate, ders: facts.peerChain, engineErrors: facts.engineErrors }
  const { cause: _, ...verification } = await verifyPeer(peer, policy)
  try {
    const accepted = await accept.accepts(certificate, verification.errors)
    return accepted ? { certificate, verification } : undefined
  } catch {
    // The full handshake asks again, and reports what the application threw.
    return undefined
  }
}
