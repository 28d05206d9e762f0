import { compareVersions, type TlsProtocolVersion } from '@tlsio/core'
import { areas } from './areas.js'
import { ConformanceFailure } from './assertions.js'
import { CaseContext } from './case-context.js'
import {
  type CaseExpectation,
  type CaseSubject,
  type ConformanceArea,
  type ConformanceCase,
  sharedDtlsVersions,
  sharedVersions,
} from './conformance-case.js'
import { deadline, patience, setPatience } from './deadline.js'
import { expectedFailuresAmong } from './expected-failures.js'
import type { ConformanceOptions } from './options.js'
import { requirementOf } from './requirements.js'
import { StrayErrors } from './stray-errors.js'

/** A case that applies to a backend, ready to be run. */
export interface PlannedCase {
  /** `backend→peer/version/area/case`, or `backend/area/case` where peer and version do not matter. */
  readonly title: string
  /** `area/case`, as `listCases` has it. */
  readonly name: string
  /** The version spoken; `undefined` where it does not matter. */
  readonly version: TlsProtocolVersion | undefined
  /** Where the rule comes from; see `CaseListing.source`. */
  readonly source: string
  /** `id` of the requirement that it checks. */
  readonly requirement: string
  /** Whether it shows that something works, or that something unsupported is refused. */
  readonly expects: CaseExpectation
  /** Why it is known to fail; `undefined` if it is not. */
  readonly expectedFailure: string | undefined
  /** Rejects if the rule is broken, whether or not that is expected. */
  run(): Promise<void>
}

/**
 * The cases that apply to a backend, for whoever runs them without a test function. They are to be
 * run one after another.
 *
 * @throws TypeError as `conformance` does.
 */
export function planConformance(options: Omit<ConformanceOptions, 'test'>): readonly PlannedCase[] {
  const cases = applicable(options)
  const titles = cases.map(({ title }) => title)
  const expected = expectedFailuresAmong(titles, options.expectedFailures ?? {})
  return cases
    .filter(({ title }) => options.filter?.(title) !== false)
    .map((one) => ({ ...one, expectedFailure: expected.get(one.title) }))
}

function applicable(
  options: Omit<ConformanceOptions, 'test'>,
): Omit<PlannedCase, 'expectedFailure'>[] {
  const { createBackend, createPeer = createBackend, transport } = options
  const client = createBackend({ explain: () => [] })
  const server = createPeer({ explain: () => [] })
  const subject = { client: client.supports, server: server.supports }
  const shared = versionsBetween(subject)
  if (client.supports.client && shared.length === 0) {
    throw new TypeError(
      `"${client.name}" has no version in common with a server of "${server.name}".`,
    )
  }
  const over = transport === undefined ? '' : `@${transport.name}`
  return areas
    .filter((area) => area.applies(client.supports))
    .flatMap((area) => {
      const versions = versionsFor(area, subject)
      return versions.flatMap((version) =>
        area.cases
          .filter((one) => one.requires?.({ ...subject, version }) !== false)
          .map((one) => ({
            title:
              area.scope === 'backend'
                ? `${client.name}${over}/${area.name}/${one.title}`
                : `${client.name}→${server.name}${over}/${version}/${area.name}/${one.title}`,
            name: `${area.name}/${one.title}`,
            version: area.scope === 'backend' ? undefined : version,
            source: one.source,
            requirement: requirementOf(`${area.name}/${one.title}`)?.id ?? '',
            expects: one.expects ?? 'success',
            run: () => {
              setPatience(options.patience)
              return runCase(one, new CaseContext(version, createBackend, createPeer, transport))
            },
          })),
      )
    })
}

function versionsBetween({ client, server }: Pick<CaseSubject, 'client' | 'server'>) {
  if (!client.client || !server.server) return []
  return [...sharedVersions({ client, server })].sort(compareVersions)
}

function versionsFor(
  { scope }: ConformanceArea,
  subject: Pick<CaseSubject, 'client' | 'server'>,
): readonly TlsProtocolVersion[] {
  if (scope === 'backend') return ['TLSv1.3']
  if (scope === 'version') return versionsBetween(subject)
  const isBetween = subject.client.client && subject.server.server
  return isBetween ? [...sharedDtlsVersions(subject)].sort(compareVersions) : []
}

async function runCase(one: ConformanceCase, context: CaseContext): Promise<void> {
  const strays = new StrayErrors()
  try {
    await deadline(one.run(context), 'The whole case', 3 * patience())
    await strays.check()
  } catch (error) {
    throw withSource(error, one.source, context)
  } finally {
    strays.stop()
    context.cleanUp()
  }
}

/** A failure that also says which rule was broken, and what the wire had to say. */
function withSource(error: unknown, source: string, context: CaseContext): Error {
  const message = error instanceof Error ? error.message : String(error)
  const trace = context.traces()
  return new ConformanceFailure(`${message} [${source}]`, { cause: error, trace })
}
