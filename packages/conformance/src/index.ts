/**
 * The conformance suite: cases to add to any test runner, and what they are made with.
 *
 * @module @tlsio/conformance
 */
import { compareVersions, type TlsBackend } from '@tlsio/core'
import { applicationProtocols } from './areas/alpn.js'
import { applicationData } from './areas/application-data.js'
import { backendSelection } from './areas/backend-selection.js'
import { channelBinding } from './areas/channel-binding.js'
import { clientAuthentication } from './areas/client-authentication.js'
import { close } from './areas/close.js'
import { copySessionState } from './areas/copy-session-state.js'
import { handshake } from './areas/handshake.js'
import { peerVerification } from './areas/peer-verification.js'
import { serverName } from './areas/server-name.js'
import { sessionResumption } from './areas/session-resumption.js'
import { sessions } from './areas/sessions.js'
import { unavailable } from './areas/unavailable.js'
import { ConformanceFailure } from './assertions.js'
import { CaseContext } from './case-context.js'
import type { ConformanceArea, ConformanceCase } from './conformance-case.js'
import { deadline } from './deadline.js'
import { ExpectedFailures } from './expected-failures.js'
import type { ConformanceOptions, TestBody } from './options.js'

/** In reading order. */
const areas: readonly ConformanceArea[] = [
  backendSelection,
  unavailable,
  handshake,
  serverName,
  applicationProtocols,
  peerVerification,
  applicationData,
  clientAuthentication,
  channelBinding,
  close,
  sessionResumption,
  sessions,
  copySessionState,
]

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
 * Titles are paths: `backend→peer/version/area/case`, or `backend/area/case` where no connection is
 * made. The cases run one after another even if the runner starts them all at once, so that a
 * deadline measures its own case only.
 *
 * @throws TypeError if an expected failure has no reason or no such case exists, or if there is no peer
 *   to speak to.
 */
export function conformance(options: ConformanceOptions): void {
  const planned = plan(options)
  const expected = new ExpectedFailures(options.expectedFailures ?? {})
  const reasons = planned.map(({ title }) => expected.reasonFor(title))
  expected.requireAllKnown()
  const inTurn = oneAtATime()
  for (const [at, { title, run }] of planned.entries()) {
    if (options.filter?.(title) === false) continue
    const body: TestBody = async (...[t]) => {
      await inTurn(run)
      t?.pass?.()
    }
    if (reasons[at] === undefined) options.test(title, body)
    else if (options.test.failing !== undefined) options.test.failing(title, body)
    else options.test(title, mustFail(body, reasons[at]))
  }
}

interface PlannedCase {
  readonly title: string
  run(): Promise<void>
}

function plan(options: ConformanceOptions): PlannedCase[] {
  const { createBackend, createPeer = createBackend, transport } = options
  const client = createBackend({ explain: () => [] })
  const server = createPeer({ explain: () => [] })
  const shared = sharedVersions(client, server)
  if (client.supports.client && shared.length === 0) {
    throw new TypeError(
      `"${client.name}" has no version in common with a server of "${server.name}".`,
    )
  }
  const over = transport === undefined ? '' : `@${transport.name}`
  const subject = { client: client.supports, server: server.supports }
  return areas
    .filter((area) => area.applies(client.supports))
    .flatMap((area) => {
      const versions = area.scope === 'backend' ? ['TLSv1.3' as const] : shared
      return versions.flatMap((version) =>
        area.cases
          .filter((one) => one.requires?.({ ...subject, version }) !== false)
          .map((one) => ({
            title:
              area.scope === 'backend'
                ? `${client.name}${over}/${area.name}/${one.title}`
                : `${client.name}→${server.name}${over}/${version}/${area.name}/${one.title}`,
            run: () => runCase(one, new CaseContext(version, createBackend, createPeer, transport)),
          })),
      )
    })
}

function sharedVersions(client: TlsBackend, server: TlsBackend) {
  if (!client.supports.client || !server.supports.server) return []
  return client.supports.protocolVersions
    .filter((version) => server.supports.protocolVersions.includes(version))
    .sort(compareVersions)
}

async function runCase(one: ConformanceCase, context: CaseContext): Promise<void> {
  try {
    await deadline(one.run(context), 'The whole case', caseLimit)
  } catch (error) {
    throw withSource(error, one.source)
  } finally {
    context.cleanUp()
  }
}

/** A failure that also says which rule was broken. */
function withSource(error: unknown, source: string): Error {
  const message = error instanceof Error ? error.message : String(error)
  return new ConformanceFailure(`${message} [${source}]`, { cause: error })
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

/** In milliseconds; single steps have shorter limits of their own. */
const caseLimit = 30_000

export { ConformanceFailure } from './assertions.js'
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
export { type TappedStream, tapStream, type WireLog } from './wire/tap.js'
