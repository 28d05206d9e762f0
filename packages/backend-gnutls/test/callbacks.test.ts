import { readdir, readFile } from 'node:fs/promises'
import test from 'ava'
import type { Callee } from '#src/ffi/callbacks.js'
import { Code, Init } from '#src/ffi/constants.js'
import { Ledger } from '#src/ffi/ledger.js'
import type { Address } from '#src/ffi/symbols.js'
import { openGnutls } from '#src/gnutls.js'
import { Priorities } from '#src/priority.js'

const gnutls = openGnutls()
const { functions, callbacks } = gnutls

const nothing: Callee = {
  push: () => {},
  pull: () => undefined,
  unpull: () => {},
  hasIncoming: false,
  hook: () => {},
  keyLog: () => {},
  retrieve: () => undefined,
  pin: () => undefined,
}

for (const name of ['push', 'pull'] as const) {
  test(`callbacks/${name}/what-is-thrown-comes-back`, (t) => {
    const session = openSession()
    const failure = new Error('thrown in a callback')
    const callee: Callee = {
      ...nothing,
      [name]: () => {
        throw failure
      },
    }
    // From C it would never come back.
    t.is(
      t.throws(() => callbacks.during(callee, () => functions.handshake(session))),
      failure,
    )
    functions.deinit(session)
  })
}

test('callbacks/nested/each-call-has-its-own-session', (t) => {
  const [outer, inner] = [openSession(), openSession()]
  const heard: string[] = []
  const named = (name: string): Callee => ({ ...nothing, push: () => heard.push(name) })
  const outerCallee: Callee = {
    ...nothing,
    push: () => {
      heard.push('outer')
      callbacks.during(named('inner'), () => functions.handshake(inner))
    },
    pull: () => {
      heard.push('outer pulls')
      return undefined
    },
  }
  const code = callbacks.during(outerCallee, () => functions.handshake(outer))
  t.is(code, Code.AGAIN)
  t.deepEqual(heard, ['outer', 'inner', 'outer pulls'])
  for (const session of [outer, inner]) functions.deinit(session)
})

test('callbacks/outside-a-call/nothing-is-called', (t) => {
  const session = openSession()
  t.true(functions.handshake(session) < 0)
  functions.deinit(session)
})

test('callbacks/registered-in-one-place-and-guarded', async (t) => {
  const folder = new URL('../../src/', import.meta.url)
  const files = await readdir(folder, { recursive: true })
  const registering: string[] = []
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = await readFile(new URL(file, folder), 'utf8')
    const count = text.match(/\.register\(guarded, |koffi\.register\(/g)?.length ?? 0
    if (count > 0) registering.push(`${file}: ${count}`)
  }
  t.deepEqual(registering, ['ffi/callbacks.ts: 1'])
})

test('ledger/freed-once', (t) => {
  const ledger = new Ledger()
  const owner = {}
  let freed = 0
  const free = ledger.own(owner, 'session', () => freed++)
  t.deepEqual(ledger.live, { session: 1 })
  free()
  free()
  t.is(freed, 1)
  t.deepEqual(ledger.live, {})
})

test('ledger/all-at-once/sessions-first', (t) => {
  const ledger = new Ledger()
  const owners = [{}, {}, {}]
  const freed: string[] = []
  for (const [at, kind] of (['identity', 'credentials', 'session'] as const).entries()) {
    ledger.own(owners[at] as object, kind, () => freed.push(kind))
  }
  ledger.freeAll()
  ledger.freeAll()
  t.deepEqual(freed, ['session', 'credentials', 'identity'])
  t.deepEqual(ledger.live, {})
})

function openSession(): Address {
  const session = gnutls.handle((made) => functions.init(made, Init.CLIENT | Init.NONBLOCK))
  functions.transport_set_ptr2(session, session, session)
  functions.transport_set_push_function(session, callbacks.push)
  functions.transport_set_pull_function(session, callbacks.pull)
  functions.session_set_keylog_function(session, null)
  const range = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const
  gnutls.require(functions.priority_set(session, new Priorities(gnutls).get(range)))
  return session
}
