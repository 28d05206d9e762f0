/**
 * The conformance suite: cases to add to any test runner, and what they are made with.
 *
 * @module @tlsio/conformance
 */
import { areas } from './areas.js'
import { ConformanceFailure } from './assertions.js'
import type { ConformanceOptions, TestBody } from './options.js'
import { planConformance } from './plan.js'

/** One case as it is listed, without what it does. */
export interface CaseListing {
  /** `area/case`. */
  readonly title: string
  /** The member or behaviour of GIO, the RFC and section, or the member of ours that it checks. */
  readonly source: string
}

/** All cases there are, whatever a backend can do. */
export function listCases(): readonly CaseListing[] {
  return areas.flatMap(({ name, cases }) =>
    cases.map(({ title, source }) => ({ title: `${name}/${title}`, source })),
  )
}

/**
 * Adds a test for each case that applies to a backend: what it says it can do must work, and the
 * rest must be refused.
 *
 * Titles are paths: `backend→peer/version/area/case`, or `backend/area/case` where peer and version
 * do not matter. Those of expected failures end with the reason. The cases run one after another even
 * if the runner starts them all at once, so that a deadline measures its own case only.
 *
 * @throws TypeError if an expected failure has no reason or no such case exists, or if there is no peer
 *   to speak to.
 */
export function conformance(options: ConformanceOptions): void {
  const inTurn = oneAtATime()
  for (const { title, expectedFailure, run } of planConformance(options)) {
    const body: TestBody = async (...[t]) => {
      await inTurn(run)
      t?.pass?.()
    }
    if (expectedFailure === undefined) {
      options.test(title, body)
      continue
    }
    // Of what a runner is told, the title is the one thing that all of them show.
    const titleWithReason = `${title} (expected to fail: ${expectedFailure})`
    if (options.test.failing !== undefined) options.test.failing(titleWithReason, body)
    else options.test(titleWithReason, mustFail(body, expectedFailure))
  }
}

function oneAtATime(): (run: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const mine = last.then(run)
    last = mine.catch(() => {})
    return mine
  }
}

function mustFail(body: TestBody, reason: string): TestBody {
  return async (...context) => {
    const failed = await body(...context).then(
      () => false,
      () => true,
    )
    if (!failed) {
      throw new ConformanceFailure(`It passes, though it was expected to fail: ${reason}`)
    }
  }
}

export { ConformanceFailure } from './assertions.js'
export type { CaseExpectation } from './conformance-case.js'
export {
  type DatagramFaults,
  type FaultyDatagramSocket,
  faultyDatagramPair,
} from './faulty-datagrams.js'
export { type FaultyStream, faultyStream, type StreamFaults } from './faulty-stream.js'
export { ManualClock } from './manual-clock.js'
export type {
  ConformanceOptions,
  CreateBackend,
  TestBody,
  TestContext,
  TestFunction,
  Transport,
} from './options.js'
export {
  type ScriptedHandshake,
  ScriptedServer,
  type ServerScript,
} from './peers/scripted-server.js'
export type { KeyUpdateRequest } from './peers/server-messages.js'
export { type PlannedCase, planConformance } from './plan.js'
export type {
  Requirement,
  RequirementGroup,
  RequirementLevel,
  RequirementSubject,
} from './requirement.js'
export { listRequirements } from './requirements.js'
export {
  type CaseReport,
  type CaseVerdict,
  type ConformanceOutcome,
  type ConformanceReport,
  countLevels,
  countVerdicts,
  isAsExpected,
  isConforming,
  type RunScope,
  type VerdictCounts,
} from './run/conformance-report.js'
export { type RunOptions, runConformance } from './run/run-conformance.js'
export { type TappedStream, tapStream, type WireLog } from './wire/tap.js'
export type {
  TracedClientHello,
  TracedEnd,
  TracedProblem,
  TracedRecord,
  TracedServerHello,
  TraceSide,
  WireTrace,
} from './wire/trace.js'
