import {
  TlsCertificate,
  TlsError,
  type TlsInteraction,
  TlsPassword,
  TlsPasswordFlags,
  type UnlockOptions,
} from '@tlsio/core'
import { tryPasswords } from '@tlsio/core/backend'
import { withLibrary } from '../breaking/good.js'
import { overrideGetter, overrideMethod, overrideSetter } from '../breaking/override.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const { prototype } = TlsPassword
const { RETRY, MANY_TRIES, FINAL_TRY } = TlsPasswordFlags

/** What is known of a password, and its value. */
const passwords: readonly Mutant[] = [
  {
    name: 'password-flags-unchecked',
    breaks: 'password-description-and-flags',
    create: withLibrary(() => {
      const unknown = new WeakMap<TlsPassword, number>()
      overrideGetter(prototype, 'flags', (password, former) => unknown.get(password) ?? former())
      overrideSetter(prototype, 'flags', (password, flags, former) => {
        unknown.delete(password)
        try {
          former(flags)
        } catch {
          unknown.set(password, flags)
        }
      })
    }),
  },
  {
    name: 'password-value-told',
    breaks: 'password-changes-told',
    create: withLibrary(() =>
      overrideMethod(prototype, 'setValue', (password, setValue) => (value) => {
        setValue(value)
        password.dispatchEvent(new Event('change:warning'))
      }),
    ),
  },
  {
    name: 'password-flags-change-not-told',
    breaks: 'password-changes-told',
    create: withLibrary(() =>
      overrideMethod(
        prototype,
        'dispatchEvent',
        (_, dispatch) => (event) => event.type === 'change:flags' || dispatch(event),
      ),
    ),
  },
  {
    name: 'password-warning-mildest-first',
    breaks: 'password-warning-by-flags',
    create: withLibrary(() =>
      overrideMethod(prototype, 'defaultWarning', ({ flags }) => () => {
        if ((flags & RETRY) !== 0) return 'It was wrong.'
        if ((flags & MANY_TRIES) !== 0) return 'There are few tries left.'
        return (flags & FINAL_TRY) === 0 ? null : 'It is the last try.'
      }),
    ),
  },
  {
    name: 'password-warning-lost-with-new-flags',
    breaks: 'password-warning-by-flags',
    create: withLibrary(() =>
      overrideSetter(prototype, 'flags', (password, flags, former) => {
        former(flags)
        password.warning = null
      }),
    ),
  },
  {
    name: 'password-warning-of-its-own-class',
    breaks: 'password-overridable',
    create: withLibrary(() =>
      overrideGetter(prototype, 'warning', (password, former) => {
        const usual = password.defaultWarning()
        return former() === usual ? prototype.defaultWarning.call(password) : former()
      }),
    ),
  },
  {
    name: 'password-ends-at-a-zero',
    breaks: 'password-value-as-given',
    create: withValue((value) => {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value
      const end = bytes.indexOf(0)
      return end < 0 ? value : bytes.subarray(0, end)
    }),
  },
  {
    name: 'password-in-latin-1',
    breaks: 'password-value-as-given',
    create: withValue((value) =>
      typeof value === 'string' ? Buffer.from(value, 'latin1') : value,
    ),
  },
  {
    name: 'password-not-copied',
    breaks: 'password-value-as-given',
    create: withLibrary(() =>
      keepValues(
        (value) => (typeof value === 'string' ? Buffer.from(value) : value),
        (former) => former.fill(0),
      ),
    ),
  },
  {
    name: 'password-dropped-but-not-erased',
    breaks: 'password-erased',
    create: withLibrary(() => keepValues((value) => Uint8Array.from(Buffer.from(value)))),
  },
  {
    name: 'password-kept-after-use',
    breaks: 'password-erased',
    create: withLibrary(() => overrideMethod(prototype, 'clear', () => () => {})),
  },
  {
    name: 'password-in-json',
    breaks: 'password-value-secret',
    create: withLibrary(() =>
      Object.defineProperty(prototype, 'toJSON', {
        value(this: TlsPassword) {
          const { description, flags, value } = this
          return { description, flags, value: value && String.fromCharCode(...value) }
        },
      }),
    ),
  },
]

/** Who is asked for one. */
const interactions: readonly Mutant[] = [
  {
    name: 'password-without-value-taken-for-an-empty-one',
    breaks: 'interaction-held-to-its-word',
    showsIn: { password: 'one without a value has an empty one then' },
    create: withLibrary(() =>
      overrideGetter(prototype, 'value', (_, former) => former() ?? new Uint8Array(0)),
    ),
  },
  {
    name: 'interaction-not-told-of-the-abort',
    breaks: 'interaction-failure-and-abort-passed-on',
    create: withUnlock((open, { signal: _, ...options }) => open(options)),
  },
  {
    name: 'interaction-failure-taken-for-no-answer',
    breaks: 'interaction-failure-and-abort-passed-on',
    create: withInteraction((ask) => async (password, options) => {
      try {
        return await ask(password, options)
      } catch (error) {
        if (options.signal?.aborted) throw error
        return 'unhandled'
      }
    }),
  },
  {
    name: 'password-asked-once',
    breaks: 'password-asked-again-when-wrong',
    create: withInteraction(
      (ask) => async (password, options) =>
        (password.flags & RETRY) === 0 ? ask(password, options) : 'unhandled',
    ),
  },
  {
    name: 'password-last-try-not-said',
    breaks: 'password-asked-again-when-wrong',
    create: withInteraction((ask) => (password, options) => {
      password.flags &= ~FINAL_TRY
      return ask(password, options)
    }),
  },
  {
    name: 'password-asked-without-end',
    breaks: 'password-asked-again-when-wrong',
    create: withUnlock(async (open, options) => {
      const { interaction, password, signal } = options
      if (!interaction?.askPassword || password !== undefined) return open(options)
      const asking = { interaction, description: 'it', attempts: 1000, signal }
      return open({}).catch((error) => {
        if (!isWrongPassword(error)) throw error
        return tryPasswords(asking, (given) => open({ password: given }))
      })
    }),
  },
  {
    name: 'interaction-never-asked',
    breaks: 'password-asked-when-needed',
    create: withUnlock((open, { interaction: _, ...options }) => open(options)),
  },
  {
    name: 'password-asked-without-saying-what-for',
    breaks: 'password-asked-when-needed',
    create: withInteraction((ask) => (password, options) => {
      password.description = ''
      return ask(password, options)
    }),
  },
  {
    name: 'no-password-given-taken-for-damage',
    breaks: 'password-asked-when-needed',
    create: withUnlock(async (open, options) => {
      try {
        return await open(options)
      } catch (cause) {
        const nobodyAnswers = options.interaction && !options.interaction.askPassword
        if (!nobodyAnswers || !isWrongPassword(cause)) throw cause
        throw new TlsError('TLS_BAD_CERTIFICATE', 'It cannot be read.', { cause })
      }
    }),
  },
  {
    name: 'interaction-asked-in-place-of-a-wrong-password',
    breaks: 'password-not-asked-without-need',
    create: withUnlock(async (open, options) => {
      try {
        return await open(options)
      } catch (error) {
        if (options.password === undefined || !isWrongPassword(error)) throw error
        return open({ ...options, password: undefined })
      }
    }),
  },
  {
    name: 'interaction-asked-to-begin-with',
    breaks: 'password-not-asked-without-need',
    create: withUnlock(async (open, options) => {
      const { interaction, password, signal } = options
      if (!interaction?.askPassword || password !== undefined) return open(options)
      const asking = { interaction, description: 'it', signal }
      return tryPasswords(asking, (given) => open({ password: given }))
    }),
  },
]

export const passwordsMutants: readonly Mutant[] = [...passwords, ...interactions]

function withValue(change: (value: Uint8Array | string) => Uint8Array | string): Mutant['create'] {
  return withLibrary(() =>
    overrideMethod(
      prototype,
      'setValue',
      (_, setValue) => (value) =>
        setValue(typeof value === 'string' || value instanceof Uint8Array ? change(value) : value),
    ),
  )
}

/** Values are kept beside their passwords, as `keep` makes them, and dropped as `forget` does. */
function keepValues(
  keep: (value: Uint8Array | string) => Uint8Array,
  forget: (former: Uint8Array) => void = () => {},
): void {
  const values = new WeakMap<TlsPassword, Uint8Array>()
  const drop = (password: TlsPassword) => {
    const former = values.get(password)
    if (former !== undefined) forget(former)
    values.delete(password)
  }
  overrideMethod(prototype, 'setValue', (password, setValue) => (value) => {
    setValue(value)
    drop(password)
    values.set(password, keep(value))
  })
  overrideMethod(prototype, 'clear', (password) => () => drop(password))
  overrideGetter(prototype, 'value', (password) => values.get(password) ?? null)
}

/** Whatever is opened by a password, with what it is given to come by one. */
function withUnlock(
  change: (
    open: (options: UnlockOptions) => Promise<TlsCertificate>,
    options: UnlockOptions,
  ) => Promise<TlsCertificate>,
): Mutant['create'] {
  return withLibrary(() => {
    replace(
      TlsCertificate,
      'fromPkcs12',
      (read) =>
        (bytes, options = {}) =>
          change((changed) => read(bytes, changed), options),
    )
    replace(
      TlsCertificate,
      'fromEncryptedPem',
      (read) =>
        async (text, options = {}) =>
          change((changed) => read(text, changed), options),
    )
  })
}

type AskPassword = NonNullable<TlsInteraction['askPassword']>

/** Whoever is asked for a password is asked in another way. */
function withInteraction(change: (ask: AskPassword) => AskPassword): Mutant['create'] {
  return withUnlock((open, options) => {
    const ask = options.interaction?.askPassword?.bind(options.interaction)
    return open(ask ? { ...options, interaction: { askPassword: change(ask) } } : options)
  })
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof TlsError && error.code === 'TLS_BAD_CERTIFICATE_PASSWORD'
}
