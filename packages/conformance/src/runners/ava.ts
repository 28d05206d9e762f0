/**
 * The suite as tests of ava.
 *
 * @module @tlsio/conformance/ava
 */
import type { TestBody, TestFunction } from '../options.js'

/** What is asked of ava's `t`. */
export interface AvaContext {
  /** Tells ava that the test has passed. */
  pass(): unknown
  /** Replaces ava's limit of ten seconds without news. */
  timeout(milliseconds: number): unknown
}

/** What is asked of ava's `test.serial`, which adds tests that run one after another. */
export interface AvaSerialTest {
  (title: string, body: (t: AvaContext) => Promise<void>): unknown
  /** Adds a test that must fail. */
  failing(title: string, body: (t: AvaContext) => Promise<void>): unknown
}

/** What is asked of ava: its `test`. */
export interface AvaTest {
  /** Adds tests that run one after another. */
  readonly serial: AvaSerialTest
}

/**
 * Adds the cases to ava, for `conformance`; those expected to fail as `test.failing`. A case may take
 * two minutes there: the suite has deadlines of its own, which say what was awaited.
 */
export function ava({ serial }: AvaTest): TestFunction {
  return Object.assign((title: string, body: TestBody) => serial(title, withTime(body)), {
    failing: (title: string, body: TestBody) => serial.failing(title, withTime(body)),
  })
}

function withTime(body: TestBody): (t: AvaContext) => Promise<void> {
  return (t) => {
    t.timeout(LIMIT)
    return body(t)
  }
}

/** In milliseconds; it has to be a number. */
const LIMIT = 120_000
