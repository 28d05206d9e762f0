import { TlsCertificate } from '@tlsio/core'
import {
  canonicalIdentity,
  certificateMatchesIdentity,
  type PathFinding,
  PathValidator,
} from '@tlsio/core/backend'
import type { VectorCase } from './vector-case.js'

/** Somebody's answer to a case. */
export interface Judgement {
  readonly isAccepted: boolean
  /** Why not. */
  readonly reasons: readonly string[]
}

/** What this library says: a valid path, and a certificate for the host. */
export async function judge(one: VectorCase): Promise<Judgement> {
  const { leaf, others, anchors, time, host, profile, maxIntermediates } = one
  const options = maxIntermediates === undefined ? {} : { maxIntermediates }
  const validator = new PathValidator(anchors, { profile, ...options })
  try {
    const { flags, findings } = await validator.validate(leaf, { others, time })
    const certificate = TlsCertificate.fromDerChain([leaf])
    const isForHost = certificateMatchesIdentity(certificate, canonicalIdentity({ hostname: host }))
    const reasons = [...findings.map(describe), ...(isForHost ? [] : [`not for ${host}`])]
    return { isAccepted: flags === 0 && isForHost, reasons }
  } catch (error) {
    return { isAccepted: false, reasons: [String(error)] }
  }
}

function describe({ rule, position, extension, detail }: PathFinding): string {
  const where = extension === undefined ? '' : `, extension ${extension}`
  return `${rule}: certificate ${position}${where}: ${detail}`
}
