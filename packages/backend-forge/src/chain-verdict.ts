import { TlsCertificateFlags, type TlsDatabase } from '@tlsio/core'
import type { HandshakeResult } from '@tlsio/core/backend'
import forge from 'node-forge'
import { toBinary } from './binary-string.js'
import { isModest } from './modest-keys.js'

/** What a certificate must be good for (RFC 5280 §4.2.1.12). */
export type ChainPurpose = 'serverAuth' | 'clientAuth'

type ChainVerdict = Pick<HandshakeResult, 'chainErrors' | 'chainProblem'>

const { UNKNOWN_CA, NOT_ACTIVATED, EXPIRED, INSECURE, GENERIC_ERROR } = TlsCertificateFlags

/**
 * forge's verdict on a chain, as core wants it: all that is wrong with the path, not the first.
 *
 * The order in which a peer sends its certificates is not trusted: the path is built here. forge then
 * checks it (RFC 5280 §6.1), but for the dates, which would hide what else is wrong.
 */
export function chainVerdict(
  chain: readonly Uint8Array[],
  database: TlsDatabase | null,
  purpose: ChainPurpose,
): ChainVerdict {
  const [leaf, ...others] = chain.map(parse)
  if (leaf === undefined) {
    const nothingShown = chain.length === 0
    return nothingShown
      ? { chainErrors: 0 }
      : { chainErrors: UNKNOWN_CA | GENERIC_ERROR, chainProblem: 'forge cannot read it' }
  }
  const anchors = database === null ? [] : anchorsOf(database)
  const path = pathFrom(leaf, others.filter(isRead), anchors)
  const problems = new Set<string>()
  let errors = pathErrors(path, anchors, problems)
  if (!isFor(leaf, purpose)) {
    errors |= GENERIC_ERROR
    problems.add(`it is not for ${purpose}`)
  }
  if (path.some(isWeak)) {
    errors |= INSECURE
    problems.add('a key or signature on the path is weak')
  }
  if (errors === 0) return { chainErrors: 0 }
  return { chainErrors: errors, chainProblem: [...problems].join(', ') }
}

const UNTRUSTED = 'forge.pki.UnknownCertificateAuthority'

/** What forge has against a path whose anchor, if there is one, is its last certificate. */
function pathErrors(
  path: readonly forge.pki.Certificate[],
  anchors: readonly forge.pki.Certificate[],
  problems: Set<string>,
): number {
  let errors = 0
  const store = forge.pki.createCaStore([...anchors])
  const note = (problem: unknown): true => {
    if (problem !== true) {
      errors |= problem === UNTRUSTED ? UNKNOWN_CA : GENERIC_ERROR
      problems.add(describe(problem))
    }
    return true
  }
  try {
    // Types of forge know neither that dates can be left out nor what the callback gets.
    const options = { validityCheckDate: null, verify: note } as never
    forge.pki.verifyCertificateChain(store, [...path], options)
  } catch (error) {
    note((error as { error?: unknown }).error ?? error)
  }
  const last = path.at(-1) as forge.pki.Certificate
  if (!anchors.some((anchor) => anchor === last)) {
    errors |= UNKNOWN_CA
    problems.add('nobody trusted vouches for it')
  }
  // The dates of the leaf are core's; an anchor is trusted as long as it is configured.
  for (const { validity } of path.slice(1, -1)) {
    if (validity.notBefore > new Date()) errors |= NOT_ACTIVATED
    if (validity.notAfter < new Date()) errors |= EXPIRED
  }
  return errors
}

/**
 * The leaf, and who issued each, up to an anchor: valid issuers before expired ones, anchors before
 * what the peer sent. Bounded, whatever the peer sends.
 */
function pathFrom(
  leaf: forge.pki.Certificate,
  others: readonly forge.pki.Certificate[],
  anchors: readonly forge.pki.Certificate[],
): readonly forge.pki.Certificate[] {
  const path = [leaf]
  const budget = new SignatureBudget()
  const candidates = [...anchors, ...[...others].sort(validFirst)]
  while (path.length < MOST_LINKS) {
    const last = path.at(-1) as forge.pki.Certificate
    const same = anchors.find((anchor) => isSame(anchor, last))
    if (same !== undefined) return [...path.slice(0, -1), same]
    const issuer = candidates.find((one) => !path.includes(one) && budget.hasIssued(one, last))
    if (issuer === undefined) return path
    path.push(issuer)
  }
  return path
}

const MOST_LINKS = 10

function validFirst(a: forge.pki.Certificate, b: forge.pki.Certificate): number {
  const isOver = ({ validity }: forge.pki.Certificate) => (validity.notAfter < new Date() ? 1 : 0)
  return isOver(a) - isOver(b)
}

/** Checks of signatures for one chain: a peer may send any number that claim to be the issuer. */
class SignatureBudget {
  #left = MOST_SIGNATURES

  hasIssued(issuer: forge.pki.Certificate, certificate: forge.pki.Certificate): boolean {
    if (!certificate.isIssuer(issuer) || !isModest(issuer) || this.#left === 0) return false
    this.#left--
    try {
      return issuer.verify(certificate)
    } catch {
      // forge throws for a signature that does not fit, or of a kind it does not know.
      return false
    }
  }
}

const MOST_SIGNATURES = 32

function isSame(a: forge.pki.Certificate, b: forge.pki.Certificate): boolean {
  return (
    forge.asn1.toDer(forge.pki.certificateToAsn1(a)).getBytes() ===
    forge.asn1.toDer(forge.pki.certificateToAsn1(b)).getBytes()
  )
}

/** Without extended key usage a certificate is for everything. */
function isFor(leaf: forge.pki.Certificate, purpose: ChainPurpose): boolean {
  const usage = leaf.getExtension('extKeyUsage') as
    | (Record<string, unknown> & { [purpose: string]: unknown })
    | null
  return usage === null || usage === undefined || usage[purpose] === true || usage[ANY] === true
}

const ANY = '2.5.29.37.0'

/** RSA keys below 2,048 bits, and signatures over MD5. */
function isWeak(certificate: forge.pki.Certificate): boolean {
  return bitsOf(certificate) < 2048 || certificate.signatureOid === MD5_WITH_RSA
}

const MD5_WITH_RSA = '1.2.840.113549.1.1.4'

function bitsOf({ publicKey }: forge.pki.Certificate): number {
  return (publicKey as forge.pki.rsa.PublicKey).n.bitLength()
}

const parsedAnchors = new WeakMap<TlsDatabase, readonly forge.pki.Certificate[]>()

/** The anchors that forge can read: those with RSA keys. */
function anchorsOf(database: TlsDatabase): readonly forge.pki.Certificate[] {
  let anchors = parsedAnchors.get(database)
  if (anchors === undefined) {
    anchors = (database.anchors ?? []).map(({ der }) => parse(der)).filter(isRead)
    parsedAnchors.set(database, anchors)
  }
  return anchors
}

function parse(der: Uint8Array): forge.pki.Certificate | undefined {
  try {
    return forge.pki.certificateFromAsn1(forge.asn1.fromDer(toBinary(der)))
  } catch {
    return undefined
  }
}

function isRead(
  certificate: forge.pki.Certificate | undefined,
): certificate is forge.pki.Certificate {
  return certificate !== undefined
}

function describe(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem)
  return text
    .replace('forge.pki.', '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
}
