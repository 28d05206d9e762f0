import test from 'ava'
import { resultOf, shortcomings, tallies } from '#src/results.js'
import type { VectorCase } from '#src/vector-case.js'

const yes = { isAccepted: true, reasons: [] }
const no = { isAccepted: false, reasons: ['expired'] }

function caseOf(isValid: boolean, more: Partial<VectorCase> = {}): VectorCase {
  const nothing = new Uint8Array()
  return {
    suite: 'limbo',
    id: 'a',
    leaf: nothing,
    others: [],
    anchors: [],
    time: 0,
    host: 'a.test',
    maxIntermediates: undefined,
    profile: 'rfc5280',
    isValid,
    isArguable: false,
    ...more,
  }
}

test('results/one-that-must-be-rejected-is-one-too-many', (t) => {
  const good = Array.from({ length: 1000 }, () => resultOf(caseOf(true), yes, undefined))
  t.deepEqual(shortcomings(good), [])
  const bad = resultOf(caseOf(false, { id: 'bad' }), yes, undefined)
  t.deepEqual(shortcomings([...good, bad]), ['limbo bad must be rejected.'])
})

test('results/rejected-without-a-reason-that-is-known', (t) => {
  const good = Array.from({ length: 99 }, () => resultOf(caseOf(true), yes, undefined))
  const bad = resultOf(caseOf(true, { id: 'b' }), no, undefined)
  t.deepEqual(shortcomings([...good, bad]), ['limbo b must be accepted: expired'])
  const known = caseOf(true, { id: 'rfc5280::nc::permitted-dn-match' })
  t.deepEqual(shortcomings([...good, resultOf(known, no, undefined)]), [])
  t.is(shortcomings([...good, resultOf(known, yes, undefined)]).length, 1)
})

test('results/too-little-accepted', (t) => {
  const known = caseOf(true, { id: 'rfc5280::nc::permitted-dn-match' })
  t.deepEqual(
    shortcomings([resultOf(known, no, undefined), resultOf(caseOf(true), yes, undefined)]),
    ['limbo: 50.0 % is too little.'],
  )
})

test('results/arguable-and-the-other-one', (t) => {
  const arguable = caseOf(false, { isArguable: true })
  const results = [resultOf(arguable, yes, no), resultOf(caseOf(false), no, yes)]
  t.deepEqual(shortcomings(results), [])
  t.is(tallies(results, 'own')[0]?.counts.arguable, 1)
  t.is(tallies(results, 'openssl')[0]?.counts['wrongly-accepted'], 1)
})
