import { TlsError, type TlsInteraction, TlsPassword, TlsPasswordFlags } from '@tlsio/core'
import { askPassword, tryPasswords } from '@tlsio/core/backend'
import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { unlocking } from './unlock.js'

const { NONE, RETRY, MANY_TRIES, FINAL_TRY, PKCS11_USER } = TlsPasswordFlags

const ask = 'GIO g_tls_interaction_ask_password()'
const pins = 'GIO GTlsPasswordFlags, as glib-networking sets them for PINs'
const description = 'the key of a test'

/** Answers with these, one after the other, and keeps the flags it was asked with. */
function answering(...values: readonly string[]): TlsInteraction & { readonly flags: number[] } {
  const left = [...values]
  const flags: number[] = []
  return {
    flags,
    async askPassword(password) {
      flags.push(password.flags)
      const value = left.shift()
      if (value === undefined) return 'unhandled'
      password.setValue(value)
      return 'handled'
    },
  }
}

/** Takes `right` and nothing else. */
function unlock(password: Uint8Array): string {
  const text = new TextDecoder().decode(password)
  if (text === 'right') return 'open'
  throw new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', 'It is wrong.')
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'ask-password/nobody-handles-it',
    source: 'GIO GTlsInteraction: a bare one answers UNHANDLED to everything',
    async run() {
      for (const interaction of [{}, null, undefined]) {
        equal(await askPassword(interaction, new TlsPassword()), 'unhandled', 'The answer')
      }
    },
  },
  {
    title: 'ask-password/handled',
    source: `${ask}: HANDLED means that the password has a value`,
    async run() {
      const password = new TlsPassword({ description })
      let asked: TlsPassword | undefined
      const interaction: TlsInteraction = {
        async askPassword(given) {
          asked = given
          given.setValue('secret')
          return 'handled'
        },
      }
      equal(await askPassword(interaction, password), 'handled', 'The answer')
      ok(asked === password, 'it is asked with that very password')
      sameList(password.value ?? [], bytesOf('secret'), 'Its value')
    },
  },
  {
    title: 'ask-password/handled-without-a-value',
    source: `${ask}: HANDLED means that the password has a value`,
    async run() {
      const interaction: TlsInteraction = { askPassword: async () => 'handled' }
      const asking = askPassword(interaction, new TlsPassword())
      await rejects(asking, { name: 'TypeError' }, 'Asking')
    },
  },
  {
    title: 'ask-password/unhandled',
    source: 'GIO G_TLS_INTERACTION_UNHANDLED',
    async run() {
      const password = new TlsPassword()
      equal(await askPassword(answering(), password), 'unhandled', 'The answer')
      equal(password.value, null, 'Its value')
    },
  },
  {
    title: 'ask-password/other-answers-are-a-mistake',
    source: 'GIO GTlsInteractionResult',
    async run() {
      const interaction = { askPassword: async () => 'yes' as never }
      const asking = askPassword(interaction, new TlsPassword())
      await rejects(asking, { name: 'TypeError' }, 'Asking')
    },
  },
  {
    title: 'ask-password/failed',
    source: 'GIO G_TLS_INTERACTION_FAILED',
    async run() {
      const failure = new Error('The dialogue has no window.')
      const interaction: TlsInteraction = { askPassword: () => Promise.reject(failure) }
      const asking = askPassword(interaction, new TlsPassword())
      await rejects(asking, { value: failure }, 'Asking')
    },
  },
  {
    title: 'ask-password/cancelled',
    source: `${ask}: cancellable`,
    async run() {
      const controller = new AbortController()
      const reason = new Error('No longer wanted.')
      let given: AbortSignal | undefined
      const interaction: TlsInteraction = {
        askPassword(_, { signal }) {
          given = signal
          return new Promise(() => {})
        },
      }
      const { signal } = controller
      const asking = askPassword(interaction, new TlsPassword(), { signal })
      const cancelled = rejects(asking, { value: reason }, 'Asking')
      controller.abort(reason)
      await deadline(cancelled, 'The end of asking')
      ok(given?.aborted === true, 'the interaction is told')
      let asked = 0
      const counting: TlsInteraction = {
        async askPassword() {
          asked++
          return 'unhandled'
        },
      }
      const late = askPassword(counting, new TlsPassword(), { signal })
      await rejects(late, { value: reason }, 'Asking after the abort')
      equal(asked, 0, 'How often it is asked after the abort')
    },
  },
  {
    title: 'passwords/right-at-once',
    source: pins,
    async run() {
      const interaction = answering('right')
      equal(await tryPasswords({ interaction, description }, unlock), 'open', 'The result')
      sameList(interaction.flags, [NONE], 'The flags')
    },
  },
  {
    title: 'passwords/asked-again-when-wrong',
    source: `${pins}: RETRY after a wrong one, MANY_TRIES when few are left`,
    async run() {
      const interaction = answering('wrong', 'wrong', 'right')
      const asking = tryPasswords({ interaction, description, attempts: 4 }, unlock)
      equal(await asking, 'open', 'The result')
      sameList(interaction.flags, [NONE, RETRY, RETRY | MANY_TRIES], 'The flags')
    },
  },
  {
    title: 'passwords/last-try',
    source: `${pins}: FINAL_TRY for the last`,
    async run() {
      const interaction = answering('wrong', 'wrong', 'wrong', 'right')
      const asking = tryPasswords({ interaction, description }, unlock)
      await rejects(asking, { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }, 'Three wrong ones')
      equal(interaction.flags.length, 3, 'How often it was asked')
      const last = RETRY | MANY_TRIES | FINAL_TRY
      equal(interaction.flags.at(-1), last, 'The last flags')
    },
  },
  {
    title: 'passwords/after-five-each-may-be-the-last',
    source: `${pins}: FINAL_TRY after more than five`,
    async run() {
      const interaction = answering(...Array<string>(6).fill('wrong'))
      const attempts = 20
      const asking = tryPasswords({ interaction, description, attempts }, unlock)
      await rejects(asking, { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }, 'Giving up')
      const five = [NONE, RETRY, RETRY, RETRY, RETRY]
      sameList(
        interaction.flags,
        [...five, RETRY | FINAL_TRY, RETRY | FINAL_TRY],
        'The flags of all',
      )
    },
  },
  {
    title: 'passwords/kind-of-pin',
    source: `${pins}: the kind of PIN beside them`,
    async run() {
      const interaction = answering('wrong', 'right')
      const options = { interaction, description, flags: PKCS11_USER, attempts: 5 }
      equal(await tryPasswords(options, unlock), 'open', 'The result')
      sameList(interaction.flags, [PKCS11_USER, PKCS11_USER | RETRY], 'The flags')
    },
  },
  {
    title: 'passwords/nobody-gives-one',
    source: 'GIO G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD',
    async run() {
      for (const interaction of [null, {}, answering()]) {
        const asking = tryPasswords({ interaction, description }, unlock)
        const expected = { code: 'TLS_BAD_CERTIFICATE_PASSWORD' }
        const error = await rejects(asking, expected, 'Asking nobody')
        ok((error as Error).message.includes(description), 'the message says for what')
      }
    },
  },
  {
    title: 'passwords/erased-after-use',
    source: 'TlsPassword.clear(): whatever came of it',
    async run() {
      const seen: Uint8Array[] = []
      const interaction = answering('wrong', 'right')
      await tryPasswords({ interaction, description }, (password) => {
        seen.push(password)
        return unlock(password)
      })
      equal(seen.length, 2, 'How many were tried')
      for (const bytes of seen) sameList(bytes, [0, 0, 0, 0, 0], 'One that was tried')
    },
  },
]

/**
 * How core asks for passwords, and holds the answer to its word. The same for all backends. What is
 * asked for a certificate is in the area `client-authentication`.
 */
export const passwordInteraction: ConformanceArea = {
  name: 'interaction',
  scope: 'backend',
  applies: () => true,
  cases: [...cases, ...unlocking],
}
