/**
 * The suite as tests of vitest.
 *
 * @module @tlsio/conformance/vitest
 */
import type { TestBody, TestFunction } from '../options.js'

/** What is asked of vitest: its `test`. */
export interface VitestTest {
  (title: string, body: () => Promise<void>, timeout: number): unknown
  /** Adds a test that must fail. */
  fails(title: string, body: () => Promise<void>, timeout: number): unknown
}

/**
 * Adds the cases to vitest, for `conformance`; those expected to fail as `test.fails`. Its limit of
 * five seconds is off: the suite has deadlines of its own, which say what was awaited.
 */
export function vitest(test: VitestTest): TestFunction {
  return Object.assign((title: string, body: TestBody) => test(title, () => body(), NO_LIMIT), {
    failing: (title: string, body: TestBody) => test.fails(title, () => body(), NO_LIMIT),
  })
}

const NO_LIMIT = 0
