import type {
  PathVerdict,
  PeerVerification,
  ServerIdentity,
  TlsCertificate,
  TlsDatabase,
} from '@tlsio/core'
import type { JudgedBy } from './chain-report.js'

/** What a chain is held against. */
export interface JudgeOptions {
  readonly database: TlsDatabase
  readonly purpose: JudgedBy['purpose']
  /** Whom it must be for; `undefined` does not matter. */
  readonly identity: ServerIdentity | undefined
  /** In milliseconds since 1970. */
  readonly time: number
  readonly signal: AbortSignal
}

/** Judges a chain outside of any connection. No engine is asked. */
export async function judgeChain(
  leaf: TlsCertificate,
  certificates: readonly TlsCertificate[],
  { database, ...options }: JudgeOptions,
): Promise<PeerVerification> {
  let verdict: PathVerdict | undefined
  const errors = await database.verifyChain(leaf, {
    ...options,
    others: certificates.filter((one) => one !== leaf).map(({ der }) => der),
    onVerdict: (given) => {
      verdict = given
    },
  })
  const { findings = [], path = [] } = verdict ?? {}
  return { errors, findings, path, engineErrors: undefined }
}
