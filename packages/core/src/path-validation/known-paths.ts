import type { PathPurpose } from './certificate-rules.js'
import type { PathCertificate } from './path-certificate.js'

/**
 * Paths found valid lately: a program meets the same few peers again and again, and everything that a
 * path was judged by stays as it is, but the time.
 */
export class KnownPaths {
  readonly #paths = new Map<string, KnownPath>()

  /** The valid path of a leaf, if the peer has sent the same before and it is still valid. */
  find(question: PathQuestion, time: number): readonly PathCertificate[] | undefined {
    const known = this.#paths.get(keyOf(question))
    const isValid = known !== undefined && known.notBefore <= time && time <= known.notAfter
    return isValid ? known.path : undefined
  }

  /** Remembers a path that nothing is wrong with. */
  add(question: PathQuestion, path: readonly PathCertificate[]): void {
    const key = keyOf(question)
    if (key.length > LONGEST_KEY) return
    this.#paths.delete(key)
    if (this.#paths.size >= MOST_PATHS)
      this.#paths.delete(this.#paths.keys().next().value as string)
    const notBefore = Math.max(...path.map((certificate) => certificate.notBefore))
    const notAfter = Math.min(...path.map((certificate) => certificate.notAfter))
    this.#paths.set(key, { path, notBefore, notAfter })
  }
}

/** What a path depends on, beside the anchors and rules of a validator, and the time. */
export interface PathQuestion {
  readonly leaf: PathCertificate
  readonly others: readonly PathCertificate[]
  readonly purpose: PathPurpose
}

interface KnownPath {
  readonly path: readonly PathCertificate[]
  /** First and last instant at which all of its certificates are valid. */
  readonly notBefore: number
  readonly notAfter: number
}

/** Each certificate says how long it is, so that no two questions have one key. */
function keyOf({ leaf, others, purpose }: PathQuestion): string {
  return `${purpose} ${leaf.text}${others.map(({ text }) => text).join('')}`
}

const MOST_PATHS = 64
/** In bytes: peers choose how much they send. A usual chain has two to six KiB. */
const LONGEST_KEY = 16_384
