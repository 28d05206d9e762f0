import { unreadable } from './refusals.js'

/**
 * Counts the rounds of key derivation that one input asks for. Whoever made the input chooses their
 * number, so it is checked before any is done.
 */
export class DerivationWork {
  #left = MAX_ROUNDS

  /**
   * Asks for what deriving one key takes.
   *
   * @param iterations - as the input says.
   * @param blocks - how often they are done, for a key longer than a hash.
   * @throws TlsError `TLS_BAD_CERTIFICATE` if that is no number of iterations, or too many.
   */
  spend(iterations: unknown, blocks: number): asserts iterations is number {
    if (typeof iterations !== 'number' || !Number.isSafeInteger(iterations) || iterations < 1) {
      throw unreadable('The number of iterations of the key derivation is absurd.')
    }
    this.#left -= iterations * blocks
    if (this.#left < 0) {
      throw unreadable(
        `Deriving its keys takes more than ${MAX_ROUNDS} rounds, as with ${iterations} iterations.`,
      )
    }
  }
}

/**
 * Enough for a container of the old kind with 600,000 iterations, which is the most that programs are
 * known to write: seven times that many rounds. They take some ten seconds.
 */
const MAX_ROUNDS = 6_000_000
