import { type ConformanceReport, outcomeOf } from '../run/conformance-report.js'

/**
 * The reports in the text of a JSON file: one, or a list of them.
 *
 * @throws TypeError if it holds anything else.
 */
export function readReports(text: string): readonly ConformanceReport[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TypeError('it is no JSON')
  }
  const reports = Array.isArray(value) ? value : [value]
  if (reports.length === 0) throw new TypeError('there is no report in it')
  for (const report of reports) check(report)
  return reports as readonly ConformanceReport[]
}

/** The text of a file with reports. */
export function writeReports(reports: readonly ConformanceReport[]): string {
  return `${JSON.stringify(reports, null, 1)}\n`
}

function check(report: unknown): void {
  if (!isObject(report) || report.format !== 'tlsio-conformance') {
    throw new TypeError('it is no report of the conformance suite')
  }
  if (report.formatVersion !== 1) {
    throw new TypeError(`its format has version ${String(report.formatVersion)}, not 1`)
  }
  for (const [name, isRight] of Object.entries(reportMembers)) {
    if (!isRight(report[name])) throw new TypeError(`its member "${name}" is not what it must be`)
  }
  // What is shown is worked out from the cases; other programs believe this member.
  if (report.outcome !== outcomeOf(report as unknown as ConformanceReport)) {
    throw new TypeError('its member "outcome" is not what its cases say')
  }
}

type Check = (value: unknown) => boolean

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isBoolean: Check = (value) => typeof value === 'boolean'
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const shaped = (members: Readonly<Record<string, Check>>): Check => {
  return (value) =>
    isObject(value) && Object.entries(members).every(([name, isRight]) => isRight(value[name]))
}

const isSide = oneOf('client', 'server')
const isRecord = shaped({
  index: isNumber,
  from: isSide,
  sentAt: isNumber,
  receivedAt: orNull(isNumber),
  type: isNumber,
  length: isNumber,
  messages: listOf(isNumber),
  alert: orNull(isNumber),
  clientHello: orNull(
    shaped({
      versions: listOf(isNumber),
      serverName: orNull(isText),
      protocols: listOf(isText),
      cipherSuites: listOf(isNumber),
      groups: listOf(isNumber),
      extensions: listOf(isNumber),
      sessionId: isNumber,
      sessionTicket: orNull(isNumber),
      preSharedKeys: listOf(isNumber),
      earlyData: isBoolean,
    }),
  ),
  serverHello: orNull(
    shaped({
      version: isNumber,
      cipherSuite: isNumber,
      sessionId: isNumber,
      selectedPsk: orNull(isNumber),
      isRetryRequest: isBoolean,
    }),
  ),
})
const isTrace = shaped({
  stream: isNumber,
  records: listOf(isRecord),
  omitted: isNumber,
  ends: listOf(shaped({ from: isSide, how: isText, at: isNumber })),
  problems: listOf(shaped({ from: isSide, what: isText })),
})
const isLevel = oneOf('must', 'should', 'may')
const isCounts = shaped({
  passed: isNumber,
  failed: isNumber,
  'expected-failure': isNumber,
  'unexpected-pass': isNumber,
})
const isCase = shaped({
  title: isText,
  name: isText,
  area: isText,
  version: orNull(isText),
  requirement: isText,
  level: isLevel,
  source: isText,
  expects: oneOf('success', 'refusal'),
  verdict: oneOf('passed', 'failed', 'expected-failure', 'unexpected-pass'),
  expectedFailure: orNull(isText),
  durationMs: isNumber,
  error: orNull(isText),
  trace: listOf(isTrace),
})
const reportMembers: Readonly<Record<string, Check>> = {
  kit: isText,
  runtime: orNull(isText),
  backend: isText,
  peer: isText,
  transport: isText,
  supports: isObject,
  peerSupports: isObject,
  versions: listOf(isText),
  scope: oneOf('all', 'pairs'),
  filtered: isBoolean,
  levels: shaped({ must: isCounts, should: isCounts, may: isCounts }),
  startedAt: isText,
  durationMs: isNumber,
  cases: listOf(isCase),
}
