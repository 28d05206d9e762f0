import { ManualClock } from '@tlsio/conformance'
import { TlsSession } from '@tlsio/core'
import test from 'ava'
import { SessionFamily } from '#src/session/session-family.js'
import { makeSession } from './support/sessions.js'

const source = { name: 'control' }
const other = { name: 'data' }
const clock = new ManualClock()

test('session-family/newest-unused-of-the-source-first', (t) => {
  const family = new SessionFamily()
  const [old, young, foreign] = [makeSession(), makeSession(), makeSession()]
  family.add(old, source)
  family.add(young, source)
  family.add(foreign, other)
  t.deepEqual(family.candidates(source, clock), [young, old, foreign])
})

test('session-family/unused-of-the-family-before-used-of-the-source', (t) => {
  const family = new SessionFamily()
  const [used, foreign] = [makeSession(), makeSession()]
  family.add(used, source)
  family.add(foreign, other)
  TlsSession.reserve(used)
  t.deepEqual(family.candidates(source, clock), [foreign, used])
})

test('session-family/last-used-is-offered-again-when-nothing-else-is-left', (t) => {
  const family = new SessionFamily()
  const [first, last] = [makeSession(), makeSession()]
  for (const session of [first, last]) {
    family.add(session, source)
    TlsSession.reserve(session)
  }
  t.is(family.candidates(source, clock)[0], last)
})

test('session-family/older-sessions-count-as-unused', (t) => {
  const family = new SessionFamily()
  const session = makeSession({ protocolVersion: 'TLSv1.2' })
  family.add(session, source)
  family.add(makeSession({ protocolVersion: 'TLSv1.2' }), other)
  TlsSession.reserve(session)
  t.is(family.candidates(source, clock)[0], session)
})

test('session-family/what-a-handshake-failed-with-comes-last', (t) => {
  const family = new SessionFamily()
  const [good, bad] = [makeSession(), makeSession()]
  family.add(good, other)
  family.add(bad, source)
  TlsSession.reserve(good)
  family.demote(bad)
  t.deepEqual(family.candidates(source, clock), [good, bad])
})

test('session-family/expired-sessions-are-no-candidates', (t) => {
  const late = new ManualClock()
  const family = new SessionFamily()
  family.add(makeSession({}, 10), source)
  late.advance(10)
  t.deepEqual(family.candidates(source, late), [])
})

test('session-family/bounded', (t) => {
  const family = new SessionFamily()
  for (let i = 0; i < 40; i++) family.add(makeSession(), source)
  t.is(family.candidates(source, clock).length, 16)
})
