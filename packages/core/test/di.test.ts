import type { BackendContext, Clock, TlsBackend } from '@tlsio/core'
import {
  BACKEND_PREFERENCE,
  BackendSelector,
  CLOCK,
  createTlsContainer,
  registerBackend,
  TLS_BACKEND,
} from '@tlsio/core/di'
import test from 'ava'

function named(name: string, priority: number, seen: BackendContext[] = []) {
  return {
    name,
    priority,
    create(context: BackendContext) {
      seen.push(context)
      return { name } as TlsBackend
    },
  }
}

test('di/container-selects-by-the-same-rules', (t) => {
  const container = createTlsContainer(
    (c) => registerBackend(c, named('low', -1)),
    (c) => registerBackend(c, named('high', 1)),
    (c) => c.register(BACKEND_PREFERENCE, { useValue: 'low' }),
  )
  t.is(container.resolve(TLS_BACKEND).name, 'low')
  t.is(container.resolve(TLS_BACKEND), container.resolve(TLS_BACKEND))
  t.is(container.resolve(BackendSelector).explain()[0]?.outcome, 'chosen')
})

test('di/containers-are-apart', (t) => {
  const one = createTlsContainer((c) => registerBackend(c, named('one', 0)))
  const two = createTlsContainer((c) => registerBackend(c, named('two', 0)))
  t.is(one.resolve(TLS_BACKEND).name, 'one')
  t.is(two.resolve(TLS_BACKEND).name, 'two')
})

test('di/backends-get-what-the-container-has', (t) => {
  const clock = {} as Clock
  const seen: BackendContext[] = []
  const container = createTlsContainer(
    (c) => registerBackend(c, named('one', 0, seen)),
    (c) => c.register(CLOCK, { useValue: clock }),
  )
  container.resolve(TLS_BACKEND)
  t.is(seen[0]?.clock, clock)
  t.is(seen[0]?.sessionStore, undefined)
})

test('di/empty-container-says-what-to-do', (t) => {
  t.throws(() => createTlsContainer().resolve(TLS_BACKEND), { message: /register one/ })
})
