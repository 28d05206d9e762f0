import { ManualClock } from '@tlsio/conformance'
import { MemorySessionStore, TlsSession } from '@tlsio/core'
import test from 'ava'
import { makeSession } from './support/sessions.js'

function makeStore(options = {}) {
  const clock = new ManualClock()
  return { clock, store: new MemorySessionStore({ clock, ...options }) }
}

test('session-store/ticket-is-taken-once', (t) => {
  const { store } = makeStore()
  const ticket = makeSession()
  store.put('k', ticket)
  t.is(store.take('k'), ticket)
  t.is(store.take('k'), undefined)
})

test('session-store/oldest-ticket-first', (t) => {
  const { store } = makeStore()
  const [first, second] = [makeSession(), makeSession()]
  store.put('k', first)
  store.put('k', second)
  t.is(store.take('k'), first)
  t.is(store.take('k'), second)
})

test('session-store/older-session-stays-and-newest-replaces-it', (t) => {
  const { store } = makeStore()
  const newest = makeSession({ protocolVersion: 'TLSv1.2' })
  store.put('k', makeSession({ protocolVersion: 'TLSv1.2' }))
  store.put('k', newest)
  t.is(store.take('k'), newest)
  t.is(store.take('k'), newest)
})

test('session-store/tickets-come-before-an-older-session', (t) => {
  const { store } = makeStore()
  const [old, ticket] = [makeSession({ protocolVersion: 'TLSv1.2' }), makeSession()]
  store.put('k', old)
  store.put('k', ticket)
  t.is(store.take('k'), ticket)
  t.is(store.take('k'), old)
})

test('session-store/ticket-that-a-copy-offered-is-not-given', (t) => {
  const { store } = makeStore()
  const shown = makeSession()
  store.put('k', shown)
  TlsSession.reserve(shown)
  t.is(store.take('k'), undefined)
})

test('session-store/entry-lives-ten-minutes-from-its-creation', (t) => {
  const { store, clock } = makeStore()
  store.put('k', makeSession())
  clock.advance(599_999)
  store.put('k', makeSession())
  t.truthy(store.take('k'))
  clock.advance(1)
  t.is(store.take('k'), undefined, 'a ticket added late must not prolong the entry')
})

test('session-store/use-does-not-prolong', (t) => {
  const { store, clock } = makeStore()
  store.put('k', makeSession())
  clock.advance(300_000)
  t.truthy(store.take('k'))
  store.put('k', makeSession())
  clock.advance(300_000)
  t.is(store.take('k'), undefined)
})

test('session-store/nothing-beyond-the-lifetime-its-server-gave', (t) => {
  const { store, clock } = makeStore()
  store.put('k', makeSession({}, 1000))
  store.put('k', makeSession({ protocolVersion: 'TLSv1.2' }, 1000))
  clock.advance(1000)
  t.is(store.take('k'), undefined)
})

test('session-store/no-ticket-for-more-than-seven-days', (t) => {
  const week = 7 * 24 * 3_600_000
  for (const lifetime of [undefined, 2 * week]) {
    const { store, clock } = makeStore({ maxAge: 4 * week })
    store.put('k', makeSession({}, lifetime))
    store.put('k', makeSession({}, lifetime))
    clock.advance(week - 1)
    t.truthy(store.take('k'))
    clock.advance(1)
    t.is(store.take('k'), undefined)
  }
})

test('session-store/fifty-keys-and-the-oldest-goes', (t) => {
  const { store } = makeStore()
  for (let i = 0; i <= 50; i++) store.put(`k${i}`, makeSession())
  t.is(store.size, 50)
  t.is(store.take('k0'), undefined)
  t.truthy(store.take('k1'))
  t.truthy(store.take('k50'))
})

test('session-store/expired-entries-go-before-living-ones', (t) => {
  const { store, clock } = makeStore({ maxKeys: 2 })
  store.put('old', makeSession())
  clock.advance(500_000)
  store.put('young', makeSession())
  clock.advance(100_000)
  store.put('new', makeSession())
  t.truthy(store.take('young'))
  t.truthy(store.take('new'))
})

test('session-store/tickets-under-a-key-are-bounded', (t) => {
  const { store } = makeStore({ maxTickets: 2 })
  const tickets = [makeSession(), makeSession(), makeSession()]
  for (const ticket of tickets) store.put('k', ticket)
  t.is(store.take('k'), tickets[1])
  t.is(store.take('k'), tickets[2])
  t.is(store.take('k'), undefined)
})

test('session-store/removed-session-is-gone', (t) => {
  const { store } = makeStore()
  const session = makeSession({ protocolVersion: 'TLSv1.2' })
  store.put('k', session)
  store.remove('k', session)
  store.remove('other', session)
  t.is(store.take('k'), undefined)
  t.is(store.size, 0)
})

test('session-store/limits-must-make-sense', (t) => {
  for (const name of ['maxKeys', 'maxTickets', 'maxAge']) {
    t.throws(() => new MemorySessionStore({ [name]: 0 }), {
      instanceOf: RangeError,
      message: new RegExp(name),
    })
  }
})
