import { Extension } from './extensions.js'
import type { Fault } from './finding.js'
import { findForbiddenName } from './name-constraints.js'
import { emailAddressesIn, type GeneralName } from './names.js'
import type { PathCertificate } from './path-certificate.js'
import type { Work } from './work.js'

/** A fault of a certificate further down, by its place. */
export interface FaultBelow extends Fault {
  readonly position: number
}

/**
 * What an issuer has against the path below it, leaf first: the part of RFC 5280 §6.1 that depends
 * on more than one certificate. The RFC goes down from the anchor and carries these rules along;
 * seen from an issuer, each is about all that is below it, which is the same.
 */
export function faultsBelow(
  issuer: PathCertificate,
  below: readonly PathCertificate[],
  maxIntermediates: number,
  work: Work,
): FaultBelow[] {
  return [...pathLengthFaults(issuer, below, maxIntermediates), ...nameFaults(issuer, below, work)]
}

/** RFC 5280 §4.2.1.9: the leaf and whoever has issued its own certificate do not count. */
function pathLengthFaults(
  { extensions }: PathCertificate,
  below: readonly PathCertificate[],
  maxIntermediates: number,
): FaultBelow[] {
  const position = below.length
  const count = below.slice(1).filter(({ isSelfIssued }) => !isSelfIssued).length
  const most = extensions.basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY
  const faults: FaultBelow[] = []
  if (count > most) {
    const detail = `It allows ${most} CAs below it, and there are ${count}.`
    faults.push({ rule: 'path-length', position, extension: Extension.BASIC_CONSTRAINTS, detail })
  }
  if (!(count <= maxIntermediates)) {
    const detail = `There are more than ${maxIntermediates} intermediate CAs.`
    faults.push({ rule: 'path-length', position, detail })
  }
  return faults
}

/** RFC 5280 §6.1.3 (b), (c): not for whoever has issued its own certificate, unless the leaf. */
function nameFaults(
  issuer: PathCertificate,
  below: readonly PathCertificate[],
  work: Work,
): FaultBelow[] {
  const { nameConstraints } = issuer.extensions
  if (nameConstraints === undefined) return []
  const faults: FaultBelow[] = []
  const constraints = nameConstraints.permitted.length + nameConstraints.excluded.length
  for (const [position, certificate] of below.entries()) {
    if (certificate.isSelfIssued && position > 0) continue
    const names = namesOf(certificate)
    if (!work.comparisons(names.length * constraints)) return faults
    const forbidden = findForbiddenName(names, nameConstraints)
    if (forbidden !== undefined) {
      const kind = words[forbidden.kind]
      const detail = `Certificate ${below.length + 1} of the path does not allow its ${kind}.`
      faults.push({
        rule: 'name-constraints',
        position,
        extension: Extension.NAME_CONSTRAINTS,
        detail,
      })
    }
  }
  return faults
}

const words: Readonly<Record<GeneralName['kind'], string>> = {
  dns: 'host name',
  email: 'e-mail address',
  uri: 'URI',
  ip: 'IP address',
  directory: 'subject',
  other: 'other name',
}

/**
 * All names that constraints apply to: the alternative ones, the subject if it is not empty, and
 * without alternative ones the e-mail addresses in it (RFC 5280 §4.2.1.10).
 */
function namesOf({ extensions, subject, subjectDer }: PathCertificate): GeneralName[] {
  const names: GeneralName[] = [...(extensions.subjectAltName ?? [])]
  if (extensions.subjectAltName === undefined) {
    for (const text of emailAddressesIn(subjectDer)) names.push({ kind: 'email', text })
  }
  if (subject.length > 0) names.push({ kind: 'directory', name: subject })
  return names
}
