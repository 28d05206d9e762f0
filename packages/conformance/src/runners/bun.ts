/**
 * The suite as tests of Bun.
 *
 * @module @tlsio/conformance/bun
 */
import type { TestBody, TestFunction } from '../options.js'

/** What is asked of `bun:test`: its `test`. */
export interface BunTest {
  (title: string, body: () => Promise<void>, timeout: number): unknown
  /** Adds a test that must fail. */
  failing(title: string, body: () => Promise<void>, timeout: number): unknown
}

/**
 * Adds the cases to `bun test`, for `conformance`; those expected to fail as `test.failing`. Its
 * limit of five seconds is off: the suite has deadlines of its own, which say what was awaited.
 */
export function bun(test: BunTest): TestFunction {
  return Object.assign((title: string, body: TestBody) => test(title, () => body(), NO_LIMIT), {
    failing: (title: string, body: TestBody) => test.failing(title, () => body(), NO_LIMIT),
  })
}

const NO_LIMIT = 0
