import { forA, testCa } from '@tlsio/conformance/fixtures'
import { type TlsBackend, TlsCertificate, TlsDatabase, type TlsProtocolVersion } from '@tlsio/core'

/** The backend that is treated roughly, as client and as server. */
export interface Subject {
  /** Part of the titles. */
  readonly name: string
  /** Versions to speak, one at a time. */
  readonly versions: readonly TlsProtocolVersion[]
  /** Makes a backend that shares nothing with any other. */
  createBackend(): TlsBackend
}

/** Has an RSA key: its signatures are all of one length, so every handshake has the same number of bytes. */
export const certificate: TlsCertificate = TlsCertificate.fromPem(
  forA.certificate + forA.privateKey,
)

/** Trusts the authority behind {@link certificate}. */
export const database: TlsDatabase = TlsDatabase.fromPem(testCa)

/** Whom {@link certificate} is for. */
export const serverIdentity = { hostname: 'a.test' }
