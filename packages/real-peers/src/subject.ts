import { forLocalhost, testCa } from '@tlsio/conformance/fixtures'
import { type TlsBackend, TlsCertificate, TlsDatabase, type TlsProtocolVersion } from '@tlsio/core'

/** The backend that meets real programs, as client and as server. */
export interface Subject {
  /** Versions to speak, one at a time. */
  readonly versions: readonly TlsProtocolVersion[]
  /** Makes a backend that shares nothing with any other. */
  createBackend(): TlsBackend
}

/** Trusts the authority behind {@link certificate}. */
export const database: TlsDatabase = TlsDatabase.fromPem(testCa)

/** What servers are known by, theirs and ours: `localhost` and 127.0.0.1. */
export const certificate: TlsCertificate = TlsCertificate.fromPem(
  forLocalhost.certificate + forLocalhost.privateKey,
)
