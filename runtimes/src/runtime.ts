import type { SuiteMessage } from './suite/messages.js'

/** What a run is told, and tells. */
export interface RunContext {
  /** Takes what the runtime tells. */
  report(message: SuiteMessage): void
  /** Takes its name with the version, where that is known only now. */
  identify(label: string): void
  /** Says that the run is to end at once and leave nothing behind. */
  readonly signal: AbortSignal
}

/** How all tests are to be run. */
export interface TestsContext {
  /** Says that the run is to end at once and leave nothing behind. */
  readonly signal: AbortSignal
  /** Whether to leave out the tests that no runtime does otherwise. */
  readonly short: boolean
}

/** A JavaScript runtime, of one version. */
export interface Runtime {
  /** As typed on the command line, for example `node22`. */
  readonly name: string
  /** As shown, with its version if that is known beforehand. */
  readonly label: string
  /** Runs all tests of the project there, not only the conformance suite. */
  runAllTests?(context: TestsContext): Promise<TestCounts>
  /**
   * Runs the conformance suite there.
   *
   * @throws NotInstalled if the runtime cannot be had on this machine.
   */
  runSuite(context: RunContext): Promise<void>
}

/** What all tests came to. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** This machine does not have it, which is no failure, but is shown. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled'
}
