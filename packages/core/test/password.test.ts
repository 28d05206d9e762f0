import { inspect } from 'node:util'
import { TlsPassword, TlsPasswordFlags } from '@tlsio/core'
import test from 'ava'

const { NONE, RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER } = TlsPasswordFlags

test('password/flags-have-the-numbers-of-gio', (t) => {
  t.deepEqual(TlsPasswordFlags, {
    NONE: 0,
    RETRY: 2,
    MANY_TRIES: 4,
    FINAL_TRY: 8,
    PKCS11_USER: 16,
    PKCS11_SECURITY_OFFICER: 32,
    PKCS11_CONTEXT_SPECIFIC: 64,
  })
  t.true(Object.isFrozen(TlsPasswordFlags))
})

test('password/arguments-are-checked', (t) => {
  const password = new TlsPassword()
  for (const flags of [1.5, Number.NaN, '2', {}]) {
    t.throws(() => new TlsPassword({ flags: flags as number }), { instanceOf: TypeError })
    t.throws(() => Object.assign(password, { flags }), { instanceOf: TypeError })
  }
  for (const flags of [1, 128, -2, 2 ** 32 + 2]) {
    t.throws(() => new TlsPassword({ flags }), { instanceOf: RangeError })
    t.throws(() => Object.assign(password, { flags }), { instanceOf: RangeError })
  }
  t.throws(() => new TlsPassword({ description: 1 as never }), { instanceOf: TypeError })
  t.throws(() => Object.assign(password, { description: null }), { instanceOf: TypeError })
  t.throws(() => Object.assign(password, { warning: undefined }), { instanceOf: TypeError })
  t.is(password.flags, NONE)
})

test('password/text-that-utf-8-would-change-is-refused', (t) => {
  const password = new TlsPassword()
  const error = t.throws(() => password.setValue('half \ud800 pair'), { instanceOf: TypeError })
  t.false(error?.message.includes('half \ud800'))
  password.setValue('pair \u{1f511}')
  t.is(new TextDecoder().decode(password.value ?? undefined), 'pair \u{1f511}')
  for (const value of [null, 5, [1, 2], new ArrayBuffer(2)]) {
    t.throws(() => password.setValue(value as never), { instanceOf: TypeError })
  }
  t.not(password.value, null, 'What was there stays.')
})

test('password/a-buffer-is-copied-out-of-its-pool', (t) => {
  const given = Buffer.from('secret')
  const password = new TlsPassword()
  password.setValue(given)
  given.fill(0)
  const { value } = password
  t.is(Buffer.from(value ?? []).toString(), 'secret')
  t.not(value?.buffer, given.buffer)
  t.is(Object.getPrototypeOf(value), Uint8Array.prototype)
})

test('password/its-own-value-can-be-set-again', (t) => {
  const password = new TlsPassword()
  password.setValue('secret')
  const first = password.value as Uint8Array
  password.setValue(first.subarray(0, 3))
  t.deepEqual([...first], [0, 0, 0, 0, 0, 0])
  t.is(Buffer.from(password.value ?? []).toString(), 'sec')
})

test('password/default-warning-by-priority', (t) => {
  const warningOf = (flags: number): unknown => new TlsPassword({ flags }).warning
  t.is(warningOf(NONE), null)
  t.is(warningOf(PKCS11_USER), null)
  const [wrong, few, last] = [RETRY, MANY_TRIES, FINAL_TRY].map(warningOf)
  t.is(new Set([wrong, few, last]).size, 3)
  t.is(warningOf(RETRY | MANY_TRIES), few)
  t.is(warningOf(RETRY | MANY_TRIES | FINAL_TRY), last)
  t.regex(String(warningOf(PKCS11_USER | RETRY)), /PIN/)
})

test('password/shows-nowhere', (t) => {
  class Kept extends TlsPassword {
    override get value() {
      return Buffer.from('swordfish')
    }
  }
  for (const password of [new TlsPassword({ description: 'a key' }), new Kept()]) {
    password.setValue('swordfish')
    const shown = [
      String(password),
      JSON.stringify(password),
      JSON.stringify({ password }),
      inspect(password),
      inspect(password, { showHidden: true, getters: true, depth: 9 }),
      JSON.stringify(Object.entries(password)),
      inspect(structuredCloneOf(password)),
    ].join('\n')
    t.false(shown.includes('swordfish'))
    t.false(/115, ?119|73 77/.test(shown), 'nor do its bytes')
  }
})

/** What is left of it in a message to another thread, if anything. */
function structuredCloneOf(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return undefined
  }
}
