import type { TlsCapabilities, TlsProtocolVersion } from '@tlsio/core'
import type { CaseContext } from './case-context.js'

/** What decides whether a case applies. */
export interface CaseSubject {
  /** What the backend under examination says it can do. */
  readonly client: TlsCapabilities
  /** What its peer says. */
  readonly server: TlsCapabilities
  /** The version spoken. */
  readonly version: TlsProtocolVersion
}

/** What a case shows: that something works, or that what is not supported is refused. */
export type CaseExpectation = 'success' | 'refusal'

/** The versions that both speak, the oldest first. */
export function sharedVersions({
  client,
  server,
}: Pick<CaseSubject, 'client' | 'server'>): readonly TlsProtocolVersion[] {
  return client.protocolVersions.filter((version) => server.protocolVersions.includes(version))
}

/** The versions of DTLS that both speak, the oldest first. */
export function sharedDtlsVersions({
  client,
  server,
}: Pick<CaseSubject, 'client' | 'server'>): readonly TlsProtocolVersion[] {
  return client.dtlsVersions.filter((version) => server.dtlsVersions.includes(version))
}

/** One rule and the least that shows it is kept. */
export interface ConformanceCase {
  /** What must be so, as a path within its area. */
  readonly title: string
  /**
   * Where the rule comes from: a member or behaviour of GIO, an RFC and section, or our interface.
   */
  readonly source: string
  /** Whether the case applies; default: always. What a backend cannot do has a case of its own. */
  readonly requires?: ((subject: CaseSubject) => boolean) | undefined
  /** What it shows; default: success. */
  readonly expects?: CaseExpectation | undefined
  /** Shows it; rejects if the rule is broken. */
  run(context: CaseContext): Promise<void>
}

/** Cases about one thing. */
export interface ConformanceArea {
  /** Its part of the titles. */
  readonly name: string
  /**
   * `version`: run for each version the two backends share; `dtls`: for each of DTLS; `backend`: run
   * once.
   */
  readonly scope: 'version' | 'dtls' | 'backend'
  /** Whether the area applies to a backend at all. */
  applies(supports: TlsCapabilities): boolean
  /** In reading order. */
  readonly cases: readonly ConformanceCase[]
}
