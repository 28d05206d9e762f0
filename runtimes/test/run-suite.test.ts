import { createNullBackend } from '@tlsio/backend-null'
import type { CreateBackend } from '@tlsio/conformance'
import test from 'ava'
import type { CaseResult, SuiteMessage } from '#src/suite/messages.js'
import { runSuite, type SuiteOptions } from '#src/suite/run-suite.js'

/** The quickest there is. */
const nullOnly: Readonly<Record<string, CreateBackend>> = { null: createNullBackend }

async function messagesOf(options: Omit<SuiteOptions, 'report'>): Promise<SuiteMessage[]> {
  const messages: SuiteMessage[] = []
  await runSuite({ ...options, report: (message) => messages.push(message) })
  return messages
}

function outcomeOf(messages: readonly SuiteMessage[], title: string): CaseResult | undefined {
  return messages.find((one): one is CaseResult => one.kind === 'case' && one.title === title)
}

test('run-suite/each-planned-case-is-reported', async (t) => {
  const messages = await messagesOf({ backends: nullOnly })
  for (const backend of Object.keys(nullOnly)) {
    const ofIt = messages.filter((message) => message.backend === backend)
    const [plan, ...rest] = ofIt
    const last = rest.pop()
    t.true(plan?.kind === 'plan' && plan.cases > 0 && plan.cases === rest.length, backend)
    t.true(last?.kind === 'report' && last.report.outcome === 'conforming', backend)
  }
})

test('run-suite/refusals-are-told-from-what-works', async (t) => {
  const messages = await messagesOf({ backends: nullOnly })
  t.is(outcomeOf(messages, 'null/unavailable/read-refused')?.outcome, 'refused')
  t.is(outcomeOf(messages, 'null/unavailable/close-tolerated')?.outcome, 'passed')
})

test('run-suite/failures', async (t) => {
  const createUnnamed: CreateBackend = (context) =>
    Object.assign(createNullBackend(context), { name: 'No Name' })
  const title = 'No Name/backend-selection/name-can-be-preferred'
  const backends = { unnamed: createUnnamed }
  const failed = outcomeOf(await messagesOf({ backends }), title)
  t.is(failed?.outcome, 'failed')
  t.regex(failed?.reason ?? '', /lower-case word/)

  const known = { 'backend-selection/name-can-be-preferred': 'for this test' }
  const expected = outcomeOf(
    await messagesOf({ backends, knownDefects: { unnamed: { failing: known } } }),
    title,
  )
  t.is(expected?.outcome, 'expected-failure')
  t.is(expected?.reason, 'for this test')
})

test('run-suite/expected-failure-that-is-mended', async (t) => {
  const known = { 'unavailable/read-refused': 'for this test' }
  const messages = await messagesOf({
    backends: nullOnly,
    knownDefects: { null: { failing: known } },
  })
  const mended = outcomeOf(messages, 'null/unavailable/read-refused')
  t.is(mended?.outcome, 'failed')
  t.regex(mended?.reason ?? '', /passes, though expected to fail: for this test/)
})

test('run-suite/unstable-case-is-not-run', async (t) => {
  const unstable = { 'backend-selection/name-can-be-preferred': 'for this test' }
  const messages = await messagesOf({
    backends: nullOnly,
    knownDefects: { null: { unstable } },
  })
  const one = outcomeOf(messages, 'null/backend-selection/name-can-be-preferred')
  t.is(one?.outcome, 'not-run')
  t.is(one?.reason, 'for this test')
  const last = messages.at(-1)
  t.true(last?.kind === 'report' && last.report.outcome === 'partial', 'and the report says so')
})
