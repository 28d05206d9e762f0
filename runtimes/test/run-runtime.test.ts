import test from 'ava'
import { whyNotOnThisMachine } from '#src/native-backend.js'
import { formatFailures, formatKnownDefects, formatResults } from '#src/report.js'
import { runRuntime } from '#src/run-runtime.js'
import { NotInstalled, type RunContext, type Runtime } from '#src/runtime.js'
import type { Outcome } from '#src/suite/messages.js'
import { runSuiteProcess } from '#src/suite-process.js'

const noGnutls = await whyNotOnThisMachine('gnutls')
const withGnutls = noGnutls === undefined ? test : test.skip
const suffix = noGnutls === undefined ? '' : ` (${noGnutls})`

const context = { signal: new AbortController().signal, short: false }

function runtime(runSuite: Runtime['runSuite']): Runtime {
  return { name: 'test', label: 'Test', runSuite }
}

function end({ report }: RunContext, title: string, outcome: Outcome, reason?: string): void {
  report({ kind: 'case', backend: 'x', title, outcome, reason })
}

test('run-runtime/counts', async (t) => {
  const results = await runRuntime(
    {
      ...runtime(async (context) => {
        context.identify('Test 1.2')
        context.report({ kind: 'plan', backend: 'x', cases: 6 })
        end(context, 'x/a', 'passed')
        end(context, 'x/b', 'passed')
        end(context, 'x/c', 'refused')
        end(context, 'x/d', 'failed', 'It broke.')
        end(context, 'x/e', 'expected-failure', 'It is known.')
        end(context, 'x/f', 'not-run', 'It varies.')
      }),
      runAllTests: async () => ({ passed: 7, failed: 1, skipped: 2 }),
    },
    context,
  )
  t.deepEqual(formatResults(results.rows(), false).split('\n').map(words), [
    'Runtime Backend Passed Refused Failed Expected failures Note',
    'Test 1.2 (all tests) 7 0 1 0 2 skipped',
    'Test 1.2 x 2 1 1 1 1 not run',
  ])
  t.deepEqual(formatFailures(results), ['not ok Test 1.2 x/d\n  It broke.'])
  t.deepEqual(formatKnownDefects([results]), [
    'expected to fail: Test 1.2, x: It is known. (1)',
    'not run: Test 1.2, x: It varies. (1)',
  ])
})

test('run-runtime/not-installed-is-no-failure', async (t) => {
  const results = await runRuntime(
    runtime(async () => {
      throw new NotInstalled('There is none.')
    }),
    context,
  )
  const [row, ...others] = results.rows()
  t.is(row?.failed, 0)
  t.is(row?.note, 'not installed: There is none.')
  t.deepEqual(others, [])
})

test('run-runtime/one-that-dies-has-failed', async (t) => {
  const results = await runRuntime(
    runtime(async (context) => {
      context.report({ kind: 'plan', backend: 'x', cases: 3 })
      end(context, 'x/a', 'passed')
      throw new Error('It is gone.')
    }),
    context,
  )
  const [breakdown, suite] = results.rows()
  t.is(breakdown?.failed, 1)
  t.is(breakdown?.note, 'It is gone.')
  t.is(suite?.failed, 2)
  t.is(suite?.note, '2 never ended')
})

test('run-runtime/process-that-fails', async (t) => {
  const run = (args: string[]) =>
    runRuntime(
      runtime((context) =>
        runSuiteProcess({ runtime: 'test', binary: process.execPath, args }, context),
      ),
      context,
    )
  const [row] = (await run(['--eval', 'process.exit(3)', '--'])).rows()
  t.regex(row?.note ?? '', /^It ended with 3, running node, forge, null\./)
  const silent = await run(['--eval', '0', '--'])
  t.is(silent.rows()[0]?.note, 'It told nothing.')
})

test('run-runtime/backend-that-is-not-here-is-no-failure', async (t) => {
  const results = await runRuntime(
    runtime(async (context) => {
      context.report({ kind: 'absence', backend: 'y', reason: 'cannot run: it calls C' })
      context.report({ kind: 'plan', backend: 'x', cases: 1 })
      end(context, 'x/a', 'passed')
    }),
    context,
  )
  const [row, absent] = results.rows()
  t.like(row, { backend: 'x', passed: 1, failed: 0 })
  t.like(absent, { backend: 'y', passed: 0, failed: 0, note: 'cannot run: it calls C' })
})

withGnutls(`run-runtime/crash-of-a-native-library-takes-no-other-along${suffix}`, async (t) => {
  const script = `
    const backends = process.argv.slice(3)
    for (const backend of backends) console.log(JSON.stringify({ kind: 'plan', backend, cases: 1 }))
    if (backends.includes('gnutls')) process.kill(process.pid, 'SIGSEGV')
    const ended = { kind: 'case', title: 'a', outcome: 'passed' }
    for (const backend of backends) console.log(JSON.stringify({ ...ended, backend }))`
  const args = ['--eval', script, '--']
  const results = await runRuntime(
    runtime((context) =>
      runSuiteProcess({ runtime: 'test', binary: process.execPath, args }, context),
    ),
    context,
  )
  const summary = results.rows().map(({ backend, passed, failed }) => [backend, passed, failed])
  t.deepEqual(summary, [
    ['–', 0, 1],
    ['node', 1, 0],
    ['forge', 1, 0],
    ['null', 1, 0],
    ['gnutls', 0, 1],
  ])
  t.is(results.rows()[0]?.note, 'It ended with SIGSEGV, running gnutls.')
})

test('run-runtime/process-ends-when-stopped', async (t) => {
  const stop = new AbortController()
  const running = runRuntime(
    runtime((context) => {
      const binary = process.execPath
      const args = ['--eval', 'setInterval(() => {}, 1000)', '--']
      return runSuiteProcess({ runtime: 'test', binary, args }, context)
    }),
    { signal: stop.signal, short: false },
  )
  stop.abort()
  t.is((await running).rows()[0]?.failed, 1)
})

function words(line: string): string {
  return line.trim().replace(/\s+/g, ' ')
}
