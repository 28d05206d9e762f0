import type { PathFinding } from './path-validation/finding.js'

/** Why a connection has accepted its peer's certificate, or has not. */
export interface PeerVerification {
  /** The same as {@link TlsConnection.peerCertificateErrors}. */
  readonly errors: number
  /**
   * What is wrong, by certificate and extension; empty if nothing is, or if a database with a
   * verification of its own does not tell.
   */
  readonly findings: readonly PathFinding[]
  /**
   * DER of the path that was judged, leaf first, its trust anchor last if it has one; empty if a
   * database does not tell. Not to be changed.
   */
  readonly path: readonly Uint8Array[]
  /**
   * What the engine found on the chain by itself, as {@link TlsCertificateFlags}; `undefined` if it
   * did not verify. It counts beside core's own findings, except with a database that has a
   * verification of its own.
   */
  readonly engineErrors: number | undefined
}
