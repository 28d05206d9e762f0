import { type PathFinding, type PeerVerification, TlsCertificate } from '@tlsio/core'
import type { FoundChain } from './chain-from-file.js'
import type { ChainReport, CheckFinding, EngineOpinion, JudgedBy } from './chain-report.js'
import { describeCertificate } from './describe-certificate.js'
import { flagNames } from './flag-names.js'
import { extensionName } from './object-identifiers.js'
import type { Trust } from './open-trust.js'

/** Puts together what there is to say about a chain. */
export async function reportChain(
  { source, certificates: found }: FoundChain,
  { errors, findings, path, engineErrors }: PeerVerification,
  judged: JudgedBy,
  { database, report: trust }: Trust,
): Promise<ChainReport> {
  const now = Date.parse(judged.at)
  const certificates = await Promise.all(
    pathThenOthers(path, found).map(async ({ certificate, ...place }) => {
      // Engines show a peer's chain in an order of their own.
      const number = source.kind === 'file' ? place.number : null
      const isAnchor = (await database.createHandle(certificate)) !== null
      return describeCertificate(certificate, { number, isAnchor, now })
    }),
  )
  return {
    version: 1,
    source,
    judged,
    trust,
    verifies: errors === 0,
    flags: flagNames(errors),
    findings: findings.map(findingOf),
    engine: engineErrors === undefined ? null : engineOpinion(engineErrors, findings),
    path: path.map((_, at) => at),
    certificates,
  }
}

interface Numbered {
  readonly certificate: TlsCertificate
  readonly number: number | null
}

/** Each once; of several copies, the number of the first. */
function pathThenOthers(
  path: readonly Uint8Array[],
  found: readonly TlsCertificate[],
): readonly Numbered[] {
  const byText = new Map<string, Numbered>()
  for (const der of path) {
    byText.set(textOf(der), { certificate: TlsCertificate.fromDerChain([der]), number: null })
  }
  for (const [at, certificate] of found.entries()) {
    const text = textOf(certificate.der)
    if ((byText.get(text)?.number ?? null) === null) {
      byText.set(text, { certificate, number: at + 1 })
    }
  }
  return [...byText.values()]
}

function findingOf({ rule, flags, position, extension, detail }: PathFinding): CheckFinding {
  return {
    rule,
    flags: flagNames(flags),
    certificate: position,
    extension: extension === undefined ? null : { oid: extension, name: extensionName(extension) },
    detail,
  }
}

function engineOpinion(errors: number, findings: readonly PathFinding[]): EngineOpinion {
  const explained = findings.reduce((all, { flags }) => all | flags, 0)
  return { flags: flagNames(errors), notExplained: flagNames(errors & ~explained) }
}

/** A text of its own for each byte string. */
function textOf(der: Uint8Array): string {
  return Buffer.from(der).toString('latin1')
}
