import { type BackendRegistration, BackendRegistry, type TlsBackend } from '@tlsio/core'
import test from 'ava'

function registration(name: string, priority: number, failure?: string): BackendRegistration {
  return {
    name,
    priority,
    create() {
      if (failure !== undefined) throw new Error(failure)
      return { name } as TlsBackend
    },
  }
}

function makeRegistry(preference?: string) {
  const warnings: string[] = []
  const registry = new BackendRegistry({
    preference: () => preference,
    warn: (line) => warnings.push(line),
  })
  return { registry, warnings }
}

test('backend-registry/highest-priority-wins', (t) => {
  const { registry } = makeRegistry()
  for (const [name, priority] of [
    ['low', -1],
    ['high', 1],
    ['middle', 0],
  ] as const) {
    registry.register(registration(name, priority))
  }
  t.is(registry.getDefault().name, 'high')
  t.is(registry.getDefault(), registry.getDefault())
})

test('backend-registry/first-registered-wins-among-equals', (t) => {
  const { registry } = makeRegistry()
  registry.register(registration('one', 0))
  registry.register(registration('two', 0))
  t.is(registry.getDefault().name, 'one')
})

test('backend-registry/preference-is-tried-first', (t) => {
  const { registry, warnings } = makeRegistry(' two , one ')
  registry.register(registration('one', 5))
  registry.register(registration('two', 0))
  t.is(registry.getDefault().name, 'two')
  t.deepEqual(warnings, [])
})

test('backend-registry/unknown-preference-warns-and-falls-through', (t) => {
  const { registry, warnings } = makeRegistry('nonesuch')
  registry.register(registration('one', 0))
  t.is(registry.getDefault().name, 'one')
  t.is(warnings.length, 1)
  t.regex(warnings[0] as string, /"nonesuch".*one/)
})

test('backend-registry/unusable-candidate-falls-through', (t) => {
  const { registry } = makeRegistry('broken')
  registry.register(registration('broken', 5, 'its library is missing'))
  registry.register(registration('one', 0))
  t.is(registry.getDefault().name, 'one')
  t.deepEqual(
    registry.explain().map(({ name, outcome, reason }) => `${name} ${outcome}: ${reason}`),
    ['broken refused: its library is missing', 'one chosen: It is the first that works.'],
  )
})

test('backend-registry/help-lists-and-then-selects', (t) => {
  const { registry, warnings } = makeRegistry('help')
  registry.register(registration('one', 0))
  t.is(registry.getDefault().name, 'one')
  t.true(warnings.some((line) => line.includes('one (priority 0)')))
})

test('backend-registry/none-that-works-is-an-error-that-says-why', (t) => {
  const { registry } = makeRegistry()
  registry.register(registration('broken', 0, 'its library is missing'))
  t.throws(() => registry.getDefault(), {
    code: 'TLS_UNAVAILABLE',
    message: /broken \(its library is missing\)/,
  })
  t.throws(() => makeRegistry().registry.getDefault(), { message: /register one/ })
})

test('backend-registry/explain-chooses-and-names-those-not-tried', (t) => {
  const { registry } = makeRegistry()
  registry.register(registration('one', 0))
  registry.register(registration('null', -100))
  t.deepEqual(
    registry.explain().map(({ name, outcome }) => [name, outcome]),
    [
      ['one', 'chosen'],
      ['null', 'not-tried'],
    ],
  )
})

test('backend-registry/a-name-is-taken-once', (t) => {
  const { registry } = makeRegistry()
  const one = registration('one', 0)
  registry.register(one)
  registry.register(one)
  t.is(registry.registrations.length, 1)
  t.throws(() => registry.register(registration('one', 1)), { instanceOf: TypeError })
  for (const name of ['', 'One', 'help', 'a,b']) {
    t.throws(() => registry.register(registration(name, 0)), { instanceOf: TypeError })
  }
})
