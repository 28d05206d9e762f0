import test from 'ava'
import { expectedFailuresAmong } from '#src/expected-failures.js'
import { ForeignBackend } from '#src/foreign-backend.js'
import { conformance, listCases, planConformance } from '#src/index.js'
import type { ConformanceOptions, CreateBackend, TestBody, TestFunction } from '#src/options.js'

/** A runner that only remembers. */
function recorder(withFailing = false) {
  const tests = new Map<string, TestBody>()
  const failing = new Map<string, TestBody>()
  const add: TestFunction = (title, body) => tests.set(title, body)
  const runner: TestFunction = withFailing
    ? Object.assign(add, { failing: (title: string, body: TestBody) => failing.set(title, body) })
    : add
  return { tests, failing, runner }
}

const createBackend: CreateBackend = (context) => new ForeignBackend(context)

function plan(options: Partial<ConformanceOptions> = {}, withFailing = false) {
  const record = recorder(withFailing)
  conformance({ test: record.runner, createBackend, ...options })
  return record
}

test('conformance/titles-are-paths', (t) => {
  const titles = [...plan().tests.keys()]
  t.true(titles.includes('foreign/backend-selection/name-can-be-preferred'))
  t.true(titles.includes('foreign/unavailable/handshake-refused'))
  t.true(
    titles.every((title) => !title.includes('/handshake/')),
    'areas that do not apply',
  )
  t.is(new Set(titles).size, titles.length)
})

test('conformance/body-without-context', async (t) => {
  const body = plan().tests.get('foreign/backend-selection/name-can-be-preferred')
  t.is(body?.length, 0, 'no runner shall take a parameter for a callback')
  await t.notThrowsAsync(async () => body?.())
})

test('conformance/body-with-context', async (t) => {
  let passed = 0
  const body = plan().tests.get('foreign/backend-selection/name-can-be-preferred')
  await body?.({ pass: () => passed++ })
  t.is(passed, 1)
})

test('conformance/failure-names-its-source', async (t) => {
  const createLiar: CreateBackend = (context) =>
    Object.assign(new ForeignBackend(context), { name: 'Not A Name' })
  const body = plan({ createBackend: createLiar }).tests.get(
    'Not A Name/backend-selection/name-can-be-preferred',
  )
  await t.throwsAsync(async () => body?.(), {
    name: 'ConformanceFailure',
    message: /"Not A Name" is a lower-case word.*\[GIO GIO_USE_TLS/,
  })
})

test('conformance/filter', (t) => {
  const { tests } = plan({ filter: (title) => title.endsWith('/read-refused') })
  t.deepEqual([...tests.keys()], ['foreign/unavailable/read-refused'])
})

test('conformance/no-peer', (t) => {
  const createClient: CreateBackend = (context) => {
    const backend = new ForeignBackend(context)
    const supports = { ...backend.supports, client: true, protocolVersions: ['TLSv1.3'] }
    return Object.assign(backend, { supports })
  }
  t.throws(() => plan({ createBackend: createClient }), {
    instanceOf: TypeError,
    message: /no version in common/,
  })
})

test('expected-failures/run-as-failing', (t) => {
  const { tests, failing } = plan(
    { expectedFailures: { 'unavailable/read-refused': 'for this test' } },
    true,
  )
  t.deepEqual(
    [...failing.keys()],
    ['foreign/unavailable/read-refused (expected to fail: for this test)'],
  )
  t.false(tests.has('foreign/unavailable/read-refused'))
})

test('expected-failures/prefix-and-whole-title', (t) => {
  const expectedFailures = {
    unavailable: 'for this test',
    'foreign/backend-selection/name-can-be-preferred': 'for this test',
  }
  const { failing } = plan({ expectedFailures }, true)
  const names = [...failing.keys()].map((title) => title.split(' ')[0])
  t.true(names.includes('foreign/unavailable/handshake-refused'))
  t.true(names.includes('foreign/backend-selection/name-can-be-preferred'))
  t.false(names.includes('foreign/backend-selection/fresh-backend-each-time'))
})

test('expected-failures/whole-title-is-no-prefix', (t) => {
  const titles = ['x→x/TLSv1.2/a/b', 'x→x/TLSv1.3/a/b', 'x→x/TLSv1.3/a/b/c', 'x→x/TLSv1.3/a/bc']
  const named = (name: string) => [...expectedFailuresAmong(titles, { [name]: 'it fails' }).keys()]
  t.deepEqual(named('a/b'), titles.slice(0, 2))
  t.deepEqual(named('TLSv1.3/a/b'), titles.slice(1, 2))
  t.deepEqual(named('a'), titles)
})

test('expected-failures/turned-around-without-failing', async (t) => {
  // The foreign backend does not say which backends were tried, so this one does fail.
  const known = { 'unavailable/handshake-refused': 'it knows of no others' }
  const { tests } = plan({ expectedFailures: known })
  const failing = 'foreign/unavailable/handshake-refused (expected to fail: it knows of no others)'
  t.true(tests.has(failing))
  await t.notThrowsAsync(async () => tests.get(failing)?.())
  const wrong = { 'backend-selection/name-can-be-preferred': 'it does not fail' }
  const passing = plan({ expectedFailures: wrong }).tests
  const mended =
    'foreign/backend-selection/name-can-be-preferred (expected to fail: it does not fail)'
  await t.throwsAsync(async () => passing.get(mended)?.(), {
    message: /passes, though it was expected to fail: it does not fail/,
  })
})

test('expected-failures/without-a-reason', (t) => {
  for (const reason of ['', '  ']) {
    t.throws(() => plan({ expectedFailures: { unavailable: reason } }), { instanceOf: TypeError })
  }
})

test('expected-failures/unknown-title', (t) => {
  t.throws(() => plan({ expectedFailures: { 'close/no-such-case': 'a typo' } }), {
    instanceOf: TypeError,
    message: /close\/no-such-case/,
  })
  t.throws(() => plan({ expectedFailures: { unavail: 'no whole part' } }), {
    instanceOf: TypeError,
  })
})

test('expected-failures/known-though-filtered-out', (t) => {
  const options = { expectedFailures: { unavailable: 'for this test' }, filter: () => false }
  t.notThrows(() => plan(options))
})

test('plan/what-is-expected-of-each-case', (t) => {
  const unavailable = 'foreign/unavailable'
  const expectedFailures = { 'unavailable/read-refused': 'for this test' }
  const planned = planConformance({ createBackend, expectedFailures })
  const find = (title: string) => planned.find((one) => one.title === title)
  t.deepEqual(
    planned.map(({ title }) => title),
    [...plan().tests.keys()],
  )
  t.is(find(`${unavailable}/read-refused`)?.expects, 'refusal')
  t.is(find(`${unavailable}/read-refused`)?.expectedFailure, 'for this test')
  t.is(find(`${unavailable}/close-tolerated`)?.expects, 'success')
  t.is(find(`${unavailable}/close-tolerated`)?.expectedFailure, undefined)
})

test('plan/runs-are-raw', async (t) => {
  // The foreign backend does not say which backends were tried, so this one does fail.
  const known = { 'unavailable/handshake-refused': 'it knows of no others' }
  const planned = planConformance({ createBackend, expectedFailures: known })
  const one = planned.find(({ expectedFailure }) => expectedFailure !== undefined)
  await t.throwsAsync(async () => one?.run())
})

test('list-cases/titles-and-sources', (t) => {
  const cases = listCases()
  t.true(cases.length > 150)
  t.is(new Set(cases.map(({ title }) => title)).size, cases.length)
  for (const { title, source } of cases) {
    t.regex(title, /^[a-z0-9-]+(\/[a-z0-9-]+)+$/)
    t.true(source.length > 8, title)
  }
})
