/** What is left of the work that is done for one peer, who chooses how much there is to do. */
export class Work {
  #signatures = MOST_SIGNATURES
  #steps = MOST_STEPS
  #comparisons = MOST_COMPARISONS

  /** Whether something has been left undone. */
  isExhausted = false

  /** Asks for the verification of a signature. */
  signature(): boolean {
    return this.#allows(--this.#signatures)
  }

  /** Asks for one more certificate to be tried as the issuer of another. */
  step(): boolean {
    return this.#allows(--this.#steps)
  }

  /** Asks for comparisons of names with name constraints. */
  comparisons(count: number): boolean {
    this.#comparisons -= count
    return this.#allows(this.#comparisons)
  }

  #allows(left: number): boolean {
    if (left < 0) this.isExhausted = true
    return left >= 0
  }
}

/** Certificates of the peer that are looked at beside the leaf. */
export const MOST_CERTIFICATES = 100

/** Certificates in a path, both ends included. */
export const LONGEST_PATH = 20

/** With RSA of 8,192 bits or on P-521 these take some 50 ms. */
const MOST_SIGNATURES = 100

// Real paths, and the vectors of others, need some tens of each.
const MOST_STEPS = 1000
const MOST_COMPARISONS = 100_000
