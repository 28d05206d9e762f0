/**
 * The suite where there is no test runner: in a worker, in a page.
 *
 * @module @tlsio/conformance/loop
 */
import type { TestBody, TestFunction } from '../options.js'

/** How one case ended. */
export interface LoopResult {
  /** Title of the case. */
  readonly title: string
  /** Whether it did what it was to do, which may be to fail. */
  readonly passed: boolean
  /** What it failed with. */
  readonly error?: unknown
}

/** A test runner in a few lines. */
export class Loop {
  readonly #tests: { readonly title: string; readonly body: TestBody }[] = []

  /** Adds a case, for `conformance`. */
  readonly test: TestFunction = (title, body) => this.#tests.push({ title, body })

  /** How many cases there are. */
  get size(): number {
    return this.#tests.length
  }

  /** Runs them, one when the result of the one before has been taken. */
  async *run(): AsyncGenerator<LoopResult, void, void> {
    for (const { title, body } of this.#tests) {
      try {
        await body()
        yield { title, passed: true }
      } catch (error) {
        yield { title, passed: false, error }
      }
    }
  }
}
