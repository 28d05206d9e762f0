import {
  TlsError,
  type TlsInteraction,
  type TlsInteractionResult,
  TlsPassword,
  TlsPasswordFlags,
} from '@tlsio/core'
import { askPassword, tryPasswords } from '@tlsio/core/backend'
import test from 'ava'

const { NONE, RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER } = TlsPasswordFlags

/** Gives the same answer each time, and keeps what it was asked. */
class Answering implements TlsInteraction {
  readonly asked: { readonly flags: number; readonly description: string }[] = []
  readonly passwords: TlsPassword[] = []
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  async askPassword(password: TlsPassword): Promise<TlsInteractionResult> {
    this.asked.push({ flags: password.flags, description: password.description })
    this.passwords.push(password)
    password.setValue(this.#value)
    return 'handled'
  }

  get flags(): number[] {
    return this.asked.map(({ flags }) => flags)
  }
}

const description = 'the key of a test'
const wrong = () => Promise.reject(new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', 'It is wrong.'))
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('ask-password/other-words-are-a-mistake', async (t) => {
  for (const word of ['HANDLED', undefined, true]) {
    const interaction = { askPassword: async () => word as TlsInteractionResult }
    await t.throwsAsync(askPassword(interaction, new TlsPassword()), { instanceOf: TypeError })
  }
})

test('ask-password/a-throw-is-a-rejection', async (t) => {
  const failure = new Error('The dialogue has no window.')
  const interaction = {
    askPassword() {
      throw failure
    },
  }
  t.is(await t.throwsAsync(askPassword(interaction, new TlsPassword())), failure)
})

test('ask-password/a-value-given-without-need-is-erased', async (t) => {
  const given: Uint8Array[] = []
  const give = (password: TlsPassword) => {
    password.setValue('secret')
    given.push(password.value as Uint8Array)
  }
  const password = new TlsPassword()
  const shy = {
    async askPassword(asked: TlsPassword) {
      give(asked)
      return 'unhandled' as const
    },
  }
  t.is(await askPassword(shy, password), 'unhandled')
  t.is(password.value, null)
  const failing = {
    async askPassword(asked: TlsPassword): Promise<TlsInteractionResult> {
      give(asked)
      throw new Error('The person has left.')
    },
  }
  await t.throwsAsync(askPassword(failing, password))
  t.is(password.value, null)
  t.deepEqual(
    given.map((bytes) => [...bytes]),
    Array(2).fill([0, 0, 0, 0, 0, 0]),
  )
})

test('ask-password/an-abort-does-not-wait-and-leaves-nothing-behind', async (t) => {
  const controller = new AbortController()
  const reason = new Error('No longer wanted.')
  let answer = () => {}
  const late = new Promise<void>((resolve) => {
    answer = resolve
  })
  const settled: Promise<unknown>[] = []
  const deaf = {
    askPassword(asked: TlsPassword) {
      const result = late.then(() => {
        asked.setValue('secret')
        return 'handled' as const
      })
      settled.push(result)
      return result
    },
  }
  const password = new TlsPassword()
  const asking = askPassword(deaf, password, { signal: controller.signal })
  controller.abort(reason)
  t.is(await t.throwsAsync(asking), reason)
  answer()
  await Promise.all(settled)
  await new Promise(setImmediate)
  t.is(password.value, null)
  const { signal } = controller
  t.is(await t.throwsAsync(askPassword(deaf, password, { signal })), reason)
  t.is(settled.length, 1, 'Nobody is asked after an abort.')
})

test('try-passwords/right-at-once', async (t) => {
  const interaction = new Answering('right')
  t.is(await tryPasswords({ interaction, description }, text), 'right')
  t.deepEqual(interaction.asked, [{ flags: NONE, description }])
})

test('try-passwords/flags-of-each-attempt', async (t) => {
  const flagsFor = async (attempts?: number, flags?: number) => {
    const interaction = new Answering('wrong')
    const asking = tryPasswords({ interaction, description, attempts, flags }, wrong)
    await t.throwsAsync(asking, { code: 'TLS_BAD_CERTIFICATE_PASSWORD', message: 'It is wrong.' })
    return interaction.flags
  }
  const last = RETRY | MANY_TRIES | FINAL_TRY
  t.deepEqual(await flagsFor(), [NONE, RETRY | MANY_TRIES, last])
  t.deepEqual(await flagsFor(1), [FINAL_TRY])
  t.deepEqual(await flagsFor(2, PKCS11_USER), [PKCS11_USER, PKCS11_USER | last])
  const long = [NONE, ...Array(4).fill(RETRY), RETRY | FINAL_TRY, RETRY | FINAL_TRY]
  t.deepEqual(await flagsFor(9), [...long, last, last])
})

test('try-passwords/each-is-erased-after-use', async (t) => {
  const interaction = new Answering('secret')
  const seen: Uint8Array[] = []
  await t.throwsAsync(
    tryPasswords({ interaction, description }, (password) => {
      seen.push(password)
      t.is(text(password), 'secret')
      return wrong()
    }),
  )
  t.is(seen.length, 3)
  t.true(seen.every((bytes) => bytes.every((byte) => byte === 0)))
  t.true(interaction.passwords.every(({ value }) => value === null))
})

test('try-passwords/other-errors-end-it', async (t) => {
  const broken = new TlsError('TLS_BAD_CERTIFICATE', 'It is no key.')
  const interaction = new Answering('right')
  const asking = tryPasswords({ interaction, description }, () => Promise.reject(broken))
  t.is(await t.throwsAsync(asking), broken)
  t.is(interaction.asked.length, 1)
  const failure = new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', 'The key ring says so.')
  let asked = 0
  const failing = {
    askPassword() {
      asked++
      return Promise.reject(failure)
    },
  }
  t.is(await t.throwsAsync(tryPasswords({ interaction: failing, description }, text)), failure)
  t.is(asked, 1, 'What the interaction rejects with is no wrong password.')
})

test('try-passwords/nobody-answers', async (t) => {
  for (const interaction of [undefined, null, {}]) {
    await t.throwsAsync(tryPasswords({ interaction, description }, text), {
      code: 'TLS_BAD_CERTIFICATE_PASSWORD',
      message: `A password is needed for ${description}, and nobody gave one.`,
    })
  }
})

test('try-passwords/who-gives-up-is-told-that-it-was-wrong', async (t) => {
  const once = new Answering('wrong')
  const interaction: TlsInteraction = {
    askPassword: async (password) =>
      once.asked.length === 0 ? once.askPassword(password) : 'unhandled',
  }
  await t.throwsAsync(tryPasswords({ interaction, description }, wrong), {
    code: 'TLS_BAD_CERTIFICATE_PASSWORD',
    message: 'It is wrong.',
  })
})

test('try-passwords/an-abort-ends-it-between-attempts', async (t) => {
  const controller = new AbortController()
  const reason = new Error('No longer wanted.')
  const interaction = new Answering('wrong')
  const asking = tryPasswords({ interaction, description, signal: controller.signal }, () => {
    controller.abort(reason)
    return wrong()
  })
  t.is(await t.throwsAsync(asking), reason)
  t.is(interaction.asked.length, 1)
})

test('try-passwords/at-least-one-attempt', async (t) => {
  const interaction = new Answering('right')
  for (const attempts of [0, -1, 1.5, Number.NaN]) {
    const asking = tryPasswords({ interaction, description, attempts }, text)
    await t.throwsAsync(asking, { instanceOf: RangeError })
  }
})
