import test from 'ava'
import { judge } from '#src/trial.js'

const mutant = { name: 'broken', breaks: 'a-rule', showsIn: { alpn: 'the same rule' } }

test('trial/killed-by-its-own-cases-only', (t) => {
  const trial = judge(mutant, ['close/a', 'close/b'], ['close/b', 'close/c', 'alpn/x'])
  t.true(trial.killed)
  t.deepEqual(trial.killedBy, ['close/b'])
  t.deepEqual(trial.alsoFailed, ['close/c', 'alpn/x'])
  t.deepEqual(trial.unrelated, [])
  t.deepEqual(trial.showsNotIn, [])
})

test('trial/survives-if-only-others-fail', (t) => {
  t.false(judge(mutant, ['close/a'], ['close/c']).killed)
  t.false(judge(mutant, ['close/a'], []).killed)
})

test('trial/unrelated-areas-are-told', (t) => {
  const { unrelated } = judge(mutant, ['close/a'], ['close/a', 'handshake/x'])
  t.deepEqual(unrelated, ['handshake/x'])
})

test('trial/areas-it-was-said-to-show-in', (t) => {
  t.deepEqual(judge(mutant, ['close/a'], ['close/a']).showsNotIn, ['alpn'])
})

test('trial/areas-that-go-by-what-it-breaks', (t) => {
  const failed = ['copy-session-state/a', 'tickets/b', 'session-resumption/c']
  const trial = judge({ name: 'broken', breaks: 'a-rule' }, ['copy-session-state/a'], failed)
  t.deepEqual(trial.alsoFailed, ['tickets/b'])
  t.deepEqual(trial.unrelated, ['session-resumption/c'])
})
