import { sameBytes } from '../same-bytes.js'
import { type CertificateRules, faultsOf } from './certificate-rules.js'
import { type Fault, findingAt, type PathFinding } from './finding.js'
import { faultsBelow } from './issuer-rules.js'
import type { PathCertificate } from './path-certificate.js'
import type { RevocationList } from './revocation.js'
import type { Signatures } from './signatures.js'
import { LONGEST_PATH, type Work } from './work.js'

/** What a search goes by. */
export interface SearchRules extends CertificateRules {
  readonly maxIntermediates: number
  readonly revocationLists: readonly RevocationList[]
}

/** The certificates that issuers are looked for among. */
export interface Candidates {
  /** By subject. */
  readonly anchors: ReadonlyMap<string, readonly PathCertificate[]>
  /** By DER as text. */
  readonly anchorTexts: ReadonlySet<string>
  /** What the peer has sent beside the leaf, without duplicates. */
  readonly others: readonly PathCertificate[]
}

/** A path, leaf first, and all that is wrong with it. */
export interface FoundPath {
  readonly path: readonly PathCertificate[]
  readonly findings: readonly PathFinding[]
}

/**
 * Finds the best path from a leaf to an anchor (RFC 4158): one with nothing wrong but what the leaf
 * brings along to every path, or else the one with the least.
 *
 * It goes up from the leaf, depth first. The first walk turns back at every fault, and so it is
 * short. The second is for the report only: it goes on in spite of faults, as long as signatures
 * are right.
 */
export class PathSearch {
  readonly #leaf: PathCertificate
  readonly #candidates: Candidates
  readonly #rules: SearchRules
  readonly #signatures: Signatures
  readonly #work: Work
  readonly #others: ReadonlyMap<string, readonly PathCertificate[]>
  readonly #faults = new Map<PathCertificate, readonly Fault[]>()
  #best: (FoundPath & { readonly cost: number }) | undefined

  constructor(
    leaf: PathCertificate,
    candidates: Candidates,
    rules: SearchRules,
    signatures: Signatures,
    work: Work,
  ) {
    this.#leaf = leaf
    this.#candidates = candidates
    this.#rules = rules
    this.#signatures = signatures
    this.#work = work
    this.#others = bySubject(candidates.others)
  }

  async find(): Promise<FoundPath> {
    const place = { isLeaf: true, isAnchor: this.#isAnchor(this.#leaf) }
    const ofLeaf = faultsOf(this.#leaf, place, this.#rules).map((fault) => findingAt(0, fault))
    const promising = this.#leadingToAnchors()
    const isFaultless = await this.#walk([this.#leaf], ofLeaf, promising)
    if (!isFaultless) await this.#walk([this.#leaf], ofLeaf, undefined)
    const { path, findings } = this.#best as FoundPath
    if (!this.#work.isExhausted || isFaultless) return { path, findings }
    const detail = 'The certificates ask for more work than is done for anybody.'
    return { path, findings: [...findings, findingAt(0, { rule: 'work-limit', detail })] }
  }

  /**
   * Goes on from the last certificate of a path.
   *
   * @param findings - what is wrong with the path so far.
   * @param promising - to turn back at faults, and at issuers that are not among these.
   * @returns whether the search is over.
   */
  async #walk(
    path: readonly PathCertificate[],
    findings: readonly PathFinding[],
    promising: ReadonlySet<string> | undefined,
  ): Promise<boolean> {
    const last = path.at(-1) as PathCertificate
    if (this.#isAnchor(last)) {
      const revoked = await this.#revocationOfAnchor(last, path.length - 1)
      if (promising !== undefined && (revoked.length > 0 || this.#work.isExhausted)) return false
      this.#consider(path, [...findings, ...revoked])
      return promising !== undefined || findings.length + revoked.length === 0
    }
    let refusal: Fault = { rule: 'untrusted', detail: 'Nobody is known who has issued it.' }
    for (const issuer of this.#issuersOf(last, path)) {
      if (!this.#work.step()) break
      if (promising !== undefined && !promising.has(issuer.subjectKey)) continue
      const added = this.#faultsOfStep(issuer, path)
      if (this.#work.isExhausted) break
      if (promising !== undefined && added.length > 0) continue
      const refused = await this.#refusal(last, issuer)
      if (refused !== undefined) {
        refusal = refused
        continue
      }
      const revoked = await this.#revocation(last, issuer, path.length - 1)
      // A list that nobody has looked at must not be taken for none.
      if (this.#work.isExhausted) break
      if (promising !== undefined && revoked.length > 0) continue
      const more = [...findings, ...added, ...revoked]
      if (await this.#walk([...path, issuer], more, promising)) return true
      if (this.#work.isExhausted) break
    }
    if (promising === undefined) {
      this.#consider(path, [...findings, findingAt(path.length - 1, refusal)])
    }
    return false
  }

  /** Keeps the path if it is better than what there is. */
  #consider(path: readonly PathCertificate[], findings: readonly PathFinding[]): void {
    const isComplete = this.#isAnchor(path.at(-1) as PathCertificate)
    // A path to an anchor is better than none, then one with fewer faults. Without an anchor, the
    // longest says most.
    const cost = isComplete
      ? findings.length
      : NO_ANCHOR - path.length * NO_ANCHOR_STEP + findings.length
    if (this.#best === undefined || cost < this.#best.cost) this.#best = { path, findings, cost }
  }

  /** Who may have issued a certificate by name, the likely ones first. */
  #issuersOf(certificate: PathCertificate, path: readonly PathCertificate[]): PathCertificate[] {
    if (path.length >= LONGEST_PATH) return []
    const name = certificate.issuerKey
    const others = this.#others.get(name) ?? []
    const candidates = [
      ...(this.#candidates.anchors.get(name) ?? []),
      ...(others.length > 1 ? [...others].sort(this.#likelyFirst(certificate)) : others),
    ]
    // RFC 4158 §2.4.2: the same name with the same key again leads nowhere new.
    return candidates.filter((candidate) => !path.some((one) => isSameEntity(one, candidate)))
  }

  #likelyFirst(certificate: PathCertificate) {
    const wanted = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
    const rank = ({ extensions, notBefore, notAfter }: PathCertificate): number => {
      const isValid = notBefore <= this.#rules.time && this.#rules.time <= notAfter
      const own = extensions.subjectKeyIdentifier
      const isNamed = wanted !== undefined && own !== undefined && sameBytes(own, wanted)
      return (isValid ? 0 : 2) + (isNamed ? 0 : 1)
    }
    return (a: PathCertificate, b: PathCertificate): number => rank(a) - rank(b)
  }

  /** What is wrong with an issuer by itself and with the path below it in its eyes. */
  #faultsOfStep(issuer: PathCertificate, below: readonly PathCertificate[]): PathFinding[] {
    let faults = this.#faults.get(issuer)
    if (faults === undefined) {
      const place = { isLeaf: false, isAnchor: this.#isAnchor(issuer) }
      faults = faultsOf(issuer, place, this.#rules)
      this.#faults.set(issuer, faults)
    }
    return [
      ...faults.map((fault) => findingAt(below.length, fault)),
      ...faultsBelow(issuer, below, this.#rules.maxIntermediates, this.#work).map((fault) =>
        findingAt(fault.position, fault),
      ),
    ]
  }

  /** Why the issuer cannot have signed the certificate; `undefined` if it has. */
  async #refusal(
    certificate: PathCertificate,
    { publicKey }: PathCertificate,
  ): Promise<Fault | undefined> {
    const known = this.#signatures.known(certificate, publicKey)
    if (known === undefined && !this.#work.signature()) {
      return { rule: 'untrusted', detail: 'Its signature has not been looked at.' }
    }
    switch (known ?? (await this.#signatures.verify(certificate, publicKey))) {
      case 'valid':
        return undefined
      case 'invalid':
        return { rule: 'bad-signature', detail: 'Who is named as its issuer has not signed it.' }
      case 'unsupported':
        return { rule: 'unsupported-signature', detail: 'Its signature cannot be verified here.' }
    }
  }

  /** RFC 5280 §6.3, as far as a list that was given says that a certificate is revoked. */
  async #revocation(
    certificate: PathCertificate,
    issuer: PathCertificate,
    position: number,
  ): Promise<PathFinding[]> {
    for (const list of this.#rules.revocationLists) {
      if (list.issuerKey !== issuer.subjectKey || !list.lists(certificate.serialNumber)) continue
      const known = this.#signatures.known(list, issuer.publicKey)
      if (known === undefined && !this.#work.signature()) return []
      if ((known ?? (await this.#signatures.verify(list, issuer.publicKey))) === 'valid') {
        const detail = 'It is on a revocation list of its issuer.'
        return [findingAt(position, { rule: 'revoked', detail })]
      }
    }
    return []
  }

  /**
   * An anchor that somebody else has issued is trusted all the same, but not once its issuer has
   * revoked it.
   */
  async #revocationOfAnchor(anchor: PathCertificate, position: number): Promise<PathFinding[]> {
    if (anchor.isSelfIssued || this.#rules.revocationLists.length === 0) return []
    const issuers = [
      ...(this.#candidates.anchors.get(anchor.issuerKey) ?? []),
      ...(this.#others.get(anchor.issuerKey) ?? []),
    ]
    for (const issuer of issuers) {
      const revoked = await this.#revocation(anchor, issuer, position)
      if (revoked.length > 0) return revoked
    }
    return []
  }

  /**
   * Names from which there is a way up to an anchor, going by names alone. Anything else is not
   * worth a step.
   */
  #leadingToAnchors(): ReadonlySet<string> {
    const issued = new Map<string, PathCertificate[]>()
    for (const one of this.#candidates.others) push(issued, one.issuerKey, one)
    const found = new Set(this.#candidates.anchors.keys())
    for (const name of found) {
      for (const { subjectKey } of issued.get(name) ?? []) found.add(subjectKey)
    }
    return found
  }

  #isAnchor({ text }: PathCertificate): boolean {
    return this.#candidates.anchorTexts.has(text)
  }
}

/** More than there are findings on any path. */
const NO_ANCHOR_STEP = 1e4
const NO_ANCHOR = 1e6

/** Certificates by their subject. */
export function bySubject(certificates: Iterable<PathCertificate>): Map<string, PathCertificate[]> {
  const map = new Map<string, PathCertificate[]>()
  for (const certificate of certificates) push(map, certificate.subjectKey, certificate)
  return map
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function isSameEntity(a: PathCertificate, b: PathCertificate): boolean {
  return a.subjectKey === b.subjectKey && a.publicKey.text === b.publicKey.text
}
