import { TlsError, type TlsInteraction, type TlsPassword, TlsPasswordFlags } from '@tlsio/core'
import { askPassword, type GivenPin, type TokenOutcome } from '@tlsio/core/backend'
import test from 'ava'
import { requirePkcs11Uri, splitPin } from '#src/pkcs11-uri.js'
import { TokenPins } from '#src/token-pins.js'

const { RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER } = TlsPasswordFlags
const URI = 'pkcs11:object=a'
const refused = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }

/** A token that stays open once it got its PIN, and counts what it was shown. */
class ScriptedToken {
  readonly shown: string[] = []
  readonly #pin: string
  readonly #label: string
  #isOpen = false

  constructor(pin: string, label = 'mine') {
    this.#pin = pin
    this.#label = label
  }

  readonly open = (uri: string, pin: GivenPin | undefined): TokenOutcome<string> => {
    if (uri !== URI) throw new Error(`The token is opened by ${uri}.`)
    if (pin !== undefined) this.shown.push(new TextDecoder().decode(pin.value))
    if (this.#isOpen || this.shown.at(-1) === this.#pin) {
      this.#isOpen = true
      return { opened: this.#label }
    }
    const wrong = pin === undefined ? 0 : RETRY
    const few = this.shown.length > 1 ? MANY_TRIES : 0
    return {
      wants: {
        token: `pkcs11:${this.#label}`,
        label: this.#label,
        flags: PKCS11_USER | wrong | few,
      },
    }
  }
}

/** Gives one PIN after the other, and the last one again and again. */
class Giving implements TlsInteraction {
  readonly asked: { readonly flags: number; readonly description: string }[] = []
  readonly passwords: TlsPassword[] = []
  readonly #pins: string[]

  constructor(...pins: string[]) {
    this.#pins = pins
  }

  async askPassword(password: TlsPassword) {
    this.asked.push({ flags: password.flags, description: password.description })
    this.passwords.push(password)
    const pin = this.#pins.length > 1 ? this.#pins.shift() : this.#pins[0]
    if (pin === undefined) return 'unhandled' as const
    password.setValue(pin)
    return 'handled' as const
  }

  get flags(): number[] {
    return this.asked.map(({ flags }) => flags)
  }
}

/** Gives a PIN when it is told to. */
class GivingLate implements TlsInteraction {
  readonly #pin: string
  #answer: () => void = () => {}

  constructor(pin: string) {
    this.#pin = pin
  }

  askPassword(password: TlsPassword): Promise<'handled'> {
    return new Promise((resolve) => {
      this.#answer = () => {
        password.setValue(this.#pin)
        resolve('handled')
      }
    })
  }

  answer(): void {
    this.#answer()
  }
}

function sourceOf(interaction: TlsInteraction | null, signal?: AbortSignal) {
  return {
    ask: (password: TlsPassword) => askPassword(interaction, password, { signal }),
    signal,
  }
}

test('token-pins/open-without-one', async (t) => {
  const interaction = new Giving('1234')
  const open = () => ({ opened: 1 })
  t.is(await new TokenPins().open(URI, open, sourceOf(interaction)), 1)
  t.deepEqual(interaction.asked, [])
})

test('token-pins/right-at-once', async (t) => {
  const token = new ScriptedToken('1234')
  const interaction = new Giving('1234')
  t.is(await new TokenPins().open(URI, token.open, sourceOf(interaction)), 'mine')
  t.deepEqual(interaction.asked, [{ flags: PKCS11_USER, description: 'the token "mine"' }])
  t.true(interaction.passwords.every(({ value }) => value === null))
})

test('token-pins/asked-again-when-wrong', async (t) => {
  const token = new ScriptedToken('1234')
  const interaction = new Giving('1', '2', '1234')
  await new TokenPins().open(URI, token.open, sourceOf(interaction))
  t.deepEqual(token.shown, ['1', '2', '1234'])
  const again = PKCS11_USER | RETRY
  t.deepEqual(interaction.flags, [PKCS11_USER, again, again | MANY_TRIES | FINAL_TRY])
})

test('token-pins/not-asked-for-ever', async (t) => {
  const token = new ScriptedToken('1234')
  const interaction = new Giving('1', '2', '3', '1234')
  const error = await t.throwsAsync(
    new TokenPins().open(URI, token.open, sourceOf(interaction)),
    refused,
  )
  t.is(error?.message, 'The PIN for the token "mine" is wrong.')
  t.deepEqual(token.shown, ['1', '2', '3'])
})

test('token-pins/refused-once-is-not-shown-again', async (t) => {
  const token = new ScriptedToken('1234')
  const pins = new TokenPins()
  const stubborn = new Giving('9999')
  for (let count = 0; count < 5; count++) {
    await t.throwsAsync(pins.open(URI, token.open, sourceOf(stubborn)), refused)
  }
  t.deepEqual(token.shown, ['9999'])
  t.is(stubborn.asked.length, 15)
  const other = new ScriptedToken('9999', 'other')
  t.is(await pins.open(URI, other.open, sourceOf(stubborn)), 'other')
  t.is(await pins.open(URI, token.open, sourceOf(new Giving('9999', '1234'))), 'mine')
  t.deepEqual(token.shown, ['9999', '1234'])
})

test('token-pins/a-token-that-was-opened-takes-all-again', async (t) => {
  const pins = new TokenPins()
  const before = new ScriptedToken('1234')
  await pins.open(URI, before.open, sourceOf(new Giving('5678', '1234')))
  const changed = new ScriptedToken('5678')
  t.is(await pins.open(URI, changed.open, sourceOf(new Giving('5678'))), 'mine')
})

test('token-pins/one-in-the-uri', async (t) => {
  const withPin = `${URI}?pin-value=12%334`
  const interaction = new Giving('1234')
  const token = new ScriptedToken('1234')
  t.is(await new TokenPins().open(withPin, token.open, sourceOf(interaction)), 'mine')
  t.deepEqual(token.shown, ['1234'])
  t.deepEqual(interaction.asked, [])
})

test('token-pins/wrong-one-in-the-uri', async (t) => {
  const pins = new TokenPins()
  const token = new ScriptedToken('1234')
  const open = (interaction: TlsInteraction | null) =>
    pins.open(`${URI}?pin-value=9999`, token.open, sourceOf(interaction))
  for (let count = 0; count < 5; count++) await t.throwsAsync(open(null), refused)
  t.deepEqual(token.shown, ['9999'])
  const interaction = new Giving('1234')
  t.is(await open(interaction), 'mine')
  t.deepEqual(interaction.flags, [PKCS11_USER | RETRY])
})

test('token-pins/uris', (t) => {
  const split = (uri: string) => {
    const { pin, uri: rest } = splitPin(uri)
    return [rest, pin && [...pin]]
  }
  t.deepEqual(split('pkcs11:object=a'), ['pkcs11:object=a', undefined])
  t.deepEqual(split('pkcs11:a?pin-value='), ['pkcs11:a', []])
  t.deepEqual(split('pkcs11:a?pin-value=1%ff2'), ['pkcs11:a', [0x31, 0xff, 0x32]])
  t.deepEqual(split('pkcs11:a?x=1&pin-value=%31&y'), ['pkcs11:a?x=1&y', [0x31]])
  for (const uri of ['pkcs11:', 'pkcs11:object=a%20b;pin=1?pin-value=%31&x=pin-value']) {
    t.is(requirePkcs11Uri('It', uri), uri)
  }
})

const refusals: Readonly<Record<string, readonly string[]>> = {
  'in-the-path': [
    'pkcs11:pin-value=secret',
    'pkcs11:object=a;pin-value=secret',
    'pkcs11:object=a;;pin-value=secret&x=1',
    'pkcs11:object=a;pin-value=secret?pin-value=1',
    'pkcs11:object=a?x=1;pin-value=secret',
    'pkcs11:object=a?x=1?pin-value=secret',
  ],
  'to-be-read-elsewhere': [
    'pkcs11:object=a?pin-source=file:secret',
    'pkcs11:object=a;pin-source=file:secret',
    'pkcs11:object=a?x=1&pinfile=secret',
    'pkcs11:pinfile=secret;object=a',
  ],
  'between-whitespace': [
    'pkcs11:object=a;pin-va lue=secret',
    'pkcs11:object=a?\tpin-value=secret',
    'pkcs11:object=a; pin-source=secret',
    'pkcs11:object=a?pin-value=sec\nret',
    'pkcs11:object=secret\0',
  ],
  twice: ['pkcs11:object=a?pin-value=secret&pin-value=1'],
  'badly-encoded': ['pkcs11:object=a?pin-value=secret%', 'pkcs11:object=a?pin-value=secret%4'],
}

test('token-pins/uris/refused', (t) => {
  for (const [where, uris] of Object.entries(refusals)) {
    for (const uri of uris) {
      const told = `${where}: ${uri}`
      const error = t.throws(() => requirePkcs11Uri('It', uri), { instanceOf: TypeError }, told)
      t.notRegex(String(error), /sec|ret/, told)
    }
  }
})

test('token-pins/nobody-gives-one', async (t) => {
  const message = 'A PIN is needed for the token "mine", and nobody gave one.'
  for (const interaction of [null, {}, new Giving()]) {
    const token = new ScriptedToken('1234')
    const opening = new TokenPins().open(URI, token.open, sourceOf(interaction))
    await t.throwsAsync(opening, { ...refused, message })
    t.deepEqual(token.shown, [])
  }
})

test('token-pins/nobody-gives-another', async (t) => {
  const token = new ScriptedToken('1234')
  const shy: TlsInteraction = {
    async askPassword(password) {
      if (password.flags & RETRY) return 'unhandled'
      password.setValue('1')
      return 'handled'
    },
  }
  const message = 'The PIN for the token "mine" is wrong.'
  await t.throwsAsync(new TokenPins().open(URI, token.open, sourceOf(shy)), { ...refused, message })
})

test('token-pins/failures-pass-and-the-pin-is-erased', async (t) => {
  const failure = new TlsError('TLS_MISC', 'The module has failed.')
  const { wants } = new ScriptedToken('1').open(URI, undefined) as { wants: never }
  let kept: Uint8Array | undefined
  const open = (_: string, pin: GivenPin | undefined) => {
    if (pin === undefined) return { wants }
    kept = pin.value
    throw failure
  }
  const opening = new TokenPins().open(URI, open, sourceOf(new Giving('1234')))
  t.is(await t.throwsAsync(opening), failure)
  t.deepEqual(kept, new Uint8Array(4))
})

test('token-pins/one-at-a-time', async (t) => {
  const token = new ScriptedToken('1234')
  const other = new ScriptedToken('5678', 'other')
  const pins = new TokenPins()
  const interaction = new Giving('1234')
  const opened = await Promise.all([
    ...[1, 2, 3].map(() => pins.open(URI, token.open, sourceOf(interaction))),
    pins.open(URI, other.open, sourceOf(new Giving('5678'))),
  ])
  t.deepEqual(opened, ['mine', 'mine', 'mine', 'other'])
  t.is(interaction.asked.length, 1)
})

test('token-pins/the-next-one-asks-if-the-first-gives-up', async (t) => {
  const token = new ScriptedToken('1234')
  const pins = new TokenPins()
  const [first, second] = await Promise.allSettled([
    pins.open(URI, token.open, sourceOf(new Giving())),
    pins.open(URI, token.open, sourceOf(new Giving('1234'))),
  ])
  t.is(first?.status, 'rejected')
  t.is(second?.status, 'fulfilled')
})

test('token-pins/abort-ends-the-wait-for-ones-turn', async (t) => {
  const token = new ScriptedToken('1234')
  const pins = new TokenPins()
  const slow = new GivingLate('1234')
  const first = pins.open(URI, token.open, sourceOf(slow))
  const controller = new AbortController()
  const hasty = new Giving('1234')
  const second = pins.open(URI, token.open, sourceOf(hasty, controller.signal))
  await new Promise(setImmediate)
  const reason = new Error('no longer')
  controller.abort(reason)
  t.is(await t.throwsAsync(second), reason)
  slow.answer()
  t.is(await first, 'mine')
  t.deepEqual(hasty.asked, [])
  t.is(await t.throwsAsync(pins.open(URI, token.open, sourceOf(hasty, controller.signal))), reason)
})

test('token-pins/abort-behind-the-answer-shows-no-pin', async (t) => {
  const controller = new AbortController()
  const reason = new Error('no longer')
  const token = new ScriptedToken('1234')
  const source = {
    async ask(password: TlsPassword) {
      password.setValue('1234')
      queueMicrotask(() => controller.abort(reason))
      return 'handled' as const
    },
    signal: controller.signal,
  }
  t.is(await t.throwsAsync(new TokenPins().open(URI, token.open, source)), reason)
  t.deepEqual(token.shown, [])
})

test('token-pins/what-was-opened-is-the-callers-in-spite-of-an-abort', async (t) => {
  const controller = new AbortController()
  const { wants } = new ScriptedToken('1').open(URI, undefined) as { wants: never }
  const open = async (_: string, pin: GivenPin | undefined) => {
    if (pin === undefined) return { wants }
    controller.abort()
    await new Promise(setImmediate)
    return { opened: 'a handle' }
  }
  const source = sourceOf(new Giving('1234'), controller.signal)
  t.is(await new TokenPins().open(URI, open, source), 'a handle')
})

test('token-pins/who-gives-up-lets-nobody-pass', async (t) => {
  const token = new ScriptedToken('1234')
  const pins = new TokenPins()
  const slow = new GivingLate('1234')
  const controller = new AbortController()
  const last = new Giving('1234')
  const first = pins.open(URI, token.open, sourceOf(slow))
  const second = pins.open(URI, token.open, sourceOf(last, controller.signal))
  await new Promise(setImmediate)
  const reason = new Error('no longer')
  controller.abort(reason)
  t.is(await t.throwsAsync(second), reason)
  const third = pins.open(URI, token.open, sourceOf(last))
  await new Promise(setImmediate)
  t.deepEqual(last.asked, [])
  slow.answer()
  t.deepEqual(await Promise.all([first, third]), ['mine', 'mine'])
  t.deepEqual(last.asked, [])
})
