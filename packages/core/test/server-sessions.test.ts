import { ManualClock } from '@tlsio/conformance'
import { TicketKeys } from '@tlsio/core'
import test from 'ava'
import { ServerSessions } from '#src/session/server-sessions.js'

const id = Uint8Array.of(1, 2, 3)
const data = Uint8Array.of(9)

function server(keys = TicketKeys.generate(), context = 'c') {
  const clock = new ManualClock()
  const connection = () => new ServerSessions(keys, context, clock)
  return { clock, keys, connection }
}

test('server-sessions/kept-once-the-client-is-accepted', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(id, data)
  t.is(connection().get(id), undefined)
  first.commit()
  t.is(connection().get(id), data)
  t.is(connection().get(id), data, 'a session is good for many connections')
})

test('server-sessions/an-empty-id-is-nobodys', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(new Uint8Array(0), data)
  first.commit()
  t.is(connection().get(new Uint8Array(0)), undefined)
})

test('server-sessions/other-keys-or-settings-find-nothing', (t) => {
  const clock = new ManualClock()
  const keys = TicketKeys.generate()
  const first = new ServerSessions(keys, 'nobody is asked', clock)
  first.put(id, data)
  first.commit()
  t.is(new ServerSessions(keys, 'a certificate is required', clock).get(id), undefined)
  t.is(new ServerSessions(TicketKeys.generate(), 'nobody is asked', clock).get(id), undefined)
  t.is(new ServerSessions(keys, 'nobody is asked', clock).get(id), data)
})

test('server-sessions/time-ends-them-and-use-does-not-prolong', (t) => {
  const { connection, clock } = server()
  const first = connection()
  first.put(id, data)
  first.commit()
  clock.advance(599_999)
  t.is(connection().get(id), data)
  clock.advance(1)
  t.is(connection().get(id), undefined)
})

test('server-sessions/a-broken-connection-takes-its-own-along', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(id, data)
  first.commit()
  first.forget()
  t.is(connection().get(id), undefined)
})

test('server-sessions/a-broken-resumption-takes-what-it-resumed-along', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(id, data)
  first.commit()
  const second = connection()
  second.get(id)
  second.commit()
  second.forget()
  t.is(connection().get(id), undefined)
})

test('server-sessions/what-was-not-resumed-in-the-end-stays', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(id, data)
  first.commit()
  const second = connection()
  second.get(id)
  second.put(Uint8Array.of(4), data)
  second.commit()
  second.forget()
  t.is(connection().get(id), data)
})

test('server-sessions/too-large-is-not-kept', (t) => {
  const { connection } = server()
  const first = connection()
  first.put(id, new Uint8Array(16_385))
  first.commit()
  t.is(connection().get(id), undefined)
})

test('server-sessions/oldest-out', (t) => {
  const { connection } = server()
  const ids = Array.from({ length: 2001 }, (_, at) => Uint8Array.of(at >> 8, at & 255))
  for (const each of ids) {
    const one = connection()
    one.put(each, data)
    one.commit()
  }
  t.is(connection().get(ids[0] as Uint8Array), undefined)
  t.is(connection().get(ids[1] as Uint8Array), data)
  t.is(connection().get(ids[2000] as Uint8Array), data)
})
