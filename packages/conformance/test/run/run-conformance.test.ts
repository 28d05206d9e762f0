import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import test from 'ava'
import { ForeignBackend } from '#src/foreign-backend.js'
import {
  ConformanceFailure,
  countLevels,
  countVerdicts,
  isAsExpected,
  isConforming,
  runConformance,
} from '#src/index.js'
import type { CreateBackend } from '#src/options.js'
import { kitVersion } from '#src/run/kit-version.js'
import { createForgetfulBackend } from '../faulty-backends.js'
import { createNullBackend as createGoodBackend } from '../null-engine.js'

const createBackend: CreateBackend = (context) => new ForeignBackend(context)
// The foreign backend does not say which backends were tried, so this one does fail.
const failing = 'unavailable/handshake-refused'
const passing = 'unavailable/close-tolerated'
const refusing = 'unavailable/read-refused'

const only =
  (...names: string[]) =>
  (title: string) =>
    names.some((name) => title.endsWith(name))

test('run/each-verdict', async (t) => {
  const verdicts = async (expectedFailures: Record<string, string>) => {
    const filter = only(failing, passing)
    const { cases } = await runConformance({ createBackend, filter, expectedFailures })
    return Object.fromEntries(cases.map(({ name, verdict }) => [name, verdict]))
  }
  t.deepEqual(await verdicts({}), { [failing]: 'failed', [passing]: 'passed' })
  t.deepEqual(await verdicts({ [failing]: 'known', [passing]: 'mended by now' }), {
    [failing]: 'expected-failure',
    [passing]: 'unexpected-pass',
  })
})

test('run/what-is-told-of-a-case', async (t) => {
  const expectedFailures = { [failing]: 'it knows of no others' }
  const filter = only(failing, refusing)
  const { cases } = await runConformance({ createBackend, filter, expectedFailures })
  const [failed] = cases.filter(({ name }) => name === failing)
  t.is(failed?.title, `foreign/${failing}`)
  t.is(failed?.area, 'unavailable')
  t.is(failed?.version, null)
  t.is(failed?.expectedFailure, 'it knows of no others')
  t.true(failed?.error?.endsWith(`[${failed.source}]`))
  t.true((failed?.requirement.length ?? 0) > 0)
  t.true((failed?.durationMs ?? -1) >= 0)
  const [refused] = cases.filter(({ name }) => name === refusing)
  t.is(refused?.expects, 'refusal')
})

test('run/report-is-plain-data', async (t) => {
  const report = await runConformance({ createBackend, filter: only(failing), runtime: 'a test' })
  t.deepEqual(JSON.parse(JSON.stringify(report)), report)
  t.is(report.format, 'tlsio-conformance')
  t.is(report.runtime, 'a test')
  t.is(report.backend, 'foreign')
  t.is(report.transport, 'memory')
  t.deepEqual(report.versions, [])
})

test('run/in-turn-and-told-at-once', async (t) => {
  const told: string[] = []
  const report = await runConformance({
    createBackend,
    onPlan: (cases) => told.push(...cases.map(({ title }) => title)),
    onResult: ({ title }) => t.is(told.shift(), title),
  })
  t.true(report.cases.length > 5)
  t.deepEqual(told, [])
})

test('run/failure-has-the-wire', async (t) => {
  const filter = only('TLSv1.3/alpn/agreed', 'TLSv1.3/alpn/not-offered')
  const { cases } = await runConformance({ createBackend: createForgetfulBackend, filter })
  const failed = cases.filter(({ verdict }) => verdict === 'failed')
  t.deepEqual(
    failed.map(({ name }) => name),
    ['alpn/agreed'],
  )
  const [trace] = failed[0]?.trace ?? []
  t.is(trace?.records[0]?.clientHello?.serverName, 'a.test')
  t.deepEqual(trace?.records[0]?.clientHello?.protocols, [])
  for (const one of cases) if (one.verdict === 'passed') t.deepEqual(one.trace, [])
})

test('run/trace-is-not-printed-by-runners', (t) => {
  const trace = [{ stream: 7, records: [], omitted: 0, ends: [], problems: [] }]
  const failure = new ConformanceFailure('It fails.', { trace })
  t.is(failure.trace, trace)
  t.false(inspect(failure).includes('stream'))
  t.deepEqual(new ConformanceFailure('It fails.').trace, [])
})

test('run/the-next-case-waits-for-whoever-is-told', async (t) => {
  const events: string[] = []
  const later = async (event: string) => {
    await new Promise((resolve) => setImmediate(resolve))
    events.push(event)
  }
  await runConformance({
    createBackend: (context) => {
      events.push('made')
      return createBackend(context)
    },
    filter: only(failing, passing),
    onPlan: () => later('plan'),
    onResult: ({ name }) => later(name),
  })
  const [first, second] = events.filter((event) => event.includes('/'))
  const order = events.filter((event, at) => event !== events[at - 1])
  t.deepEqual(order, ['made', 'plan', 'made', first, 'made', second])
  await t.throwsAsync(
    runConformance({ createBackend, onResult: () => Promise.reject(new Error('Enough.')) }),
    { message: 'Enough.' },
  )
})

test('run/conforming', async (t) => {
  const whole = await runConformance({ createBackend: createGoodBackend })
  t.is(whole.outcome, 'conforming')
  t.false(whole.filtered)
  t.true(isConforming(whole))

  const failed = await runConformance({ createBackend })
  t.is(failed.outcome, 'failed')
  t.false(isConforming(failed))
  t.false(isAsExpected(failed))

  const broken = failed.cases.filter(({ verdict }) => verdict === 'failed')
  const known = await runConformance({
    createBackend,
    expectedFailures: Object.fromEntries(broken.map(({ name }) => [name, 'known'])),
  })
  t.is(known.cases.find(({ name }) => name === failing)?.level, 'must')
  t.is(known.outcome, 'known-defects')
  t.false(isConforming(known), 'a must is broken, known or not')
  t.true(isAsExpected(known))

  const mended = await runConformance({
    createBackend: createGoodBackend,
    expectedFailures: { [failing]: 'mended by now' },
  })
  t.is(mended.outcome, 'failed')
})

test('run/partial', async (t) => {
  const run = (filter: (title: string) => boolean) =>
    runConformance({ createBackend: createGoodBackend, filter })
  const some = await run(only(passing))
  t.true(some.filtered)
  t.is(some.outcome, 'partial')
  t.true(isAsExpected(some))
  t.is((await run(() => false)).outcome, 'partial', 'no case at all')
  t.is((await run(() => true)).outcome, 'conforming', 'a filter that leaves nothing out')
  const pairs = await runConformance({ createBackend: createGoodBackend, scope: 'pairs' })
  t.is(pairs.scope, 'pairs')
  t.deepEqual(pairs.cases, [])
  t.is(pairs.outcome, 'partial', 'there is no pair')
})

test('run/counts', async (t) => {
  const expectedFailures = { [failing]: 'known' }
  const filter = only(failing, passing)
  const { cases, levels } = await runConformance({ createBackend, filter, expectedFailures })
  const counts = { passed: 1, failed: 0, 'expected-failure': 1, 'unexpected-pass': 0 }
  t.deepEqual(countVerdicts(cases), counts)
  t.deepEqual(levels, countLevels(cases))
  const none = { passed: 0, failed: 0, 'expected-failure': 0, 'unexpected-pass': 0 }
  t.deepEqual(levels, { must: counts, should: none, may: none })
  const changed = cases.map((one, at) => ({ ...one, level: at === 0 ? 'should' : 'may' }) as const)
  t.deepEqual(countLevels(changed).must, none)
})

test('run/version-of-the-kit', async (t) => {
  const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
  t.is(kitVersion, JSON.parse(manifest).version)
})
