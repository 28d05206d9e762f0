import test from 'ava'
import { stepsOf } from '#src/report/flights.js'
import { timeline } from '#src/report/timeline.js'
import type { TracedRecord, WireTrace } from '#src/wire/trace.js'

function record(changes: Partial<TracedRecord>): TracedRecord {
  return {
    index: 0,
    from: 'client',
    sentAt: 0,
    receivedAt: null,
    type: 22,
    length: 100,
    messages: [],
    alert: null,
    clientHello: null,
    serverHello: null,
    ...changes,
  }
}

function traceOf(records: readonly TracedRecord[], ends: WireTrace['ends'] = []): WireTrace {
  return { stream: 1, records, omitted: 0, ends, problems: [] }
}

/** Steps in short. */
function wordsOf(trace: WireTrace) {
  return stepsOf(trace).map((step) =>
    step.kind === 'end'
      ? `${step.end.from} ${step.end.how}`
      : `${step.from}: ${step.boxes.map(({ label }) => label).join(' | ')}`,
  )
}

test('flights/each-turn-is-one', (t) => {
  const trace = traceOf([
    record({ messages: [1] }),
    record({ from: 'server', messages: [2], sentAt: 1, receivedAt: 4 }),
    record({ from: 'server', messages: [11, 14], sentAt: 2, receivedAt: 5 }),
    record({ type: 21, alert: 48, length: 2, sentAt: 6 }),
  ])
  t.deepEqual(wordsOf(trace), [
    'client: ClientHello',
    'server: ServerHello | Certificate, ServerHelloDone',
    'client: Alert unknown_ca',
  ])
  const [, second, third] = stepsOf(trace)
  t.like(second, { sentAt: 1, receivedAt: 5 })
  t.like(third, { receivedAt: null })
})

test('flights/what-is-encrypted', (t) => {
  const trace = traceOf([
    record({ type: 22 }),
    record({ type: 20, length: 1 }),
    record({ type: 22 }),
    record({ type: 21, length: 26 }),
    record({ type: 23, length: 900 }),
    record({ type: 23, length: 19 }),
  ])
  t.deepEqual(wordsOf(trace), [
    'client: Part of a handshake message | ChangeCipherSpec | Handshake, encrypted | Alert, encrypted | Encrypted | Encrypted, as short as an alert',
  ])
})

test('flights/alike-in-a-row-are-one-box', (t) => {
  const trace = traceOf([1, 2, 3].map((sentAt) => record({ type: 23, length: 100, sentAt })))
  const [flight] = stepsOf(trace)
  t.deepEqual(flight?.kind === 'flight' && flight.boxes, [
    { look: 'data', label: 'Encrypted × 3', length: 300 },
  ])
})

test('flights/ends-in-their-place', (t) => {
  const records = [record({ sentAt: 1, messages: [1] }), record({ sentAt: 5, messages: [16] })]
  const ends = [
    { from: 'server', how: 'close-write', at: 3 },
    { from: 'server', how: 'abort', at: 9 },
  ] as const
  t.deepEqual(wordsOf(traceOf(records, ends)), [
    'client: ClientHello',
    'server close-write',
    'client: ClientKeyExchange',
    'server abort',
  ])
})

test('timeline/whatever-happened-can-be-drawn', (t) => {
  const records = [
    record({ messages: [1], sentAt: 0, receivedAt: 0 }),
    record({ from: 'server', messages: Array(30).fill(11), sentAt: 10_000, receivedAt: null }),
  ]
  const drawing = timeline(traceOf(records, [{ from: 'client', how: 'close', at: 60_000 }])).text
  t.regex(drawing, /never read/)
  t.regex(drawing, /client closes the stream/)
  t.notRegex(drawing, /NaN|Infinity|undefined/)
  t.notRegex(timeline(traceOf([])).text, /NaN|Infinity|undefined/)
})
