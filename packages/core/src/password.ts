import { PIN_FLAGS, requirePasswordFlags, TlsPasswordFlags } from './password-flags.js'

/** What a {@link TlsPassword} starts with. */
export interface TlsPasswordOptions {
  /** Bits of {@link TlsPasswordFlags}. Default: `NONE`. */
  readonly flags?: number | undefined
  /** What it is for, for people. Default: an empty text. */
  readonly description?: string | undefined
}

/** Names of the properties that announce a change by an event `change:NAME`. */
export type TlsPasswordChangeEvent = 'change:flags' | 'change:description' | 'change:warning'

/**
 * A password that somebody is asked for: what is known about it, and then its value.
 *
 * The value is bytes, which can be overwritten, unlike text. It shows nowhere but in
 * {@link TlsPassword.value}: not in JSON, nor in text, nor where the object is inspected. Whoever
 * asked clears it after use.
 *
 * To be subclassed by who keeps passwords elsewhere: override `value`, `setValue` and `clear`, or
 * `defaultWarning`.
 *
 * @see GIO `GTlsPassword`
 */
export class TlsPassword extends EventTarget {
  #flags: number
  #description: string
  #warning: string | null = null
  #value: Uint8Array | null = null

  /**
   * Makes one without a value.
   *
   * @throws TypeError for flags that are no whole number, or a description that is no text.
   * @throws RangeError for bits that are none of {@link TlsPasswordFlags}.
   * @see GIO `g_tls_password_new()`
   */
  constructor(options: TlsPasswordOptions = {}) {
    super()
    this.#flags = requirePasswordFlags(options.flags ?? TlsPasswordFlags.NONE)
    this.#description = requireText(options.description ?? '', 'description')
  }

  /**
   * Bits of {@link TlsPasswordFlags}.
   *
   * @see GIO `GTlsPassword:flags`
   */
  get flags(): number {
    return this.#flags
  }

  /**
   * Dispatches `change:flags`.
   *
   * @throws TypeError for what is no whole number.
   * @throws RangeError for bits that are none of {@link TlsPasswordFlags}.
   */
  set flags(flags: number) {
    this.#flags = requirePasswordFlags(flags)
    this.#notify('change:flags')
  }

  /**
   * What the password is for, to be shown to a person. It may come from a file or a token: escape
   * control characters where they do harm.
   *
   * @see GIO `GTlsPassword:description`
   */
  get description(): string {
    return this.#description
  }

  /**
   * Dispatches `change:description`.
   *
   * @throws TypeError for what is no text.
   */
  set description(description: string) {
    this.#description = requireText(description, 'description')
    this.#notify('change:description')
  }

  /**
   * What else to tell the person, or `null`. Unless it was set, it follows from the flags:
   * {@link TlsPassword.defaultWarning}.
   *
   * @see GIO `GTlsPassword:warning`
   */
  get warning(): string | null {
    return this.#warning ?? this.defaultWarning()
  }

  /**
   * Dispatches `change:warning`; `null` goes back to the default.
   *
   * @throws TypeError for what is neither text nor `null`.
   */
  set warning(warning: string | null) {
    this.#warning = warning === null ? null : requireText(warning, 'warning')
    this.#notify('change:warning')
  }

  /**
   * The password, or `null` if it has none yet. These are its own bytes, no copy that somebody
   * would have to erase: they turn into zeros when it is cleared or set again, and are not to be
   * changed.
   *
   * @see GIO `g_tls_password_get_value()`
   */
  get value(): Uint8Array | null {
    return this.#value
  }

  /**
   * Gives it a value, and fills the former one with zeros.
   *
   * @param value - bytes, which are copied, all of them: a zero among them ends nothing. Text is
   *   taken as UTF-8; it leaves a copy behind that nobody can erase, so give bytes if you can.
   * @throws TypeError for anything else, and for text with half a surrogate pair.
   * @see GIO `g_tls_password_set_value()`
   */
  setValue(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? encode(value) : copy(value)
    this.#erase()
    this.#value = bytes
  }

  /** Fills the value with zeros and forgets it. Does nothing if there is none. */
  clear(): void {
    this.#erase()
  }

  /**
   * The warning where none was set: about the last try, else many tries, else a wrong password, by
   * the flags; `null` without any of those. To be overridden, say by a translation.
   *
   * @see GIO `GTlsPasswordClass.get_default_warning`
   */
  defaultWarning(): string | null {
    const isPin = (this.#flags & PIN_FLAGS) !== 0
    const found = warnings.find(([flag]) => (this.#flags & flag) !== 0)
    return found === undefined ? null : found[1](isPin ? 'PIN' : 'password')
  }

  #erase(): void {
    this.#value?.fill(0)
    this.#value = null
  }

  #notify(name: TlsPasswordChangeEvent): void {
    this.dispatchEvent(new Event(name))
  }
}

function requireText(text: unknown, what: string): string {
  if (typeof text !== 'string') throw new TypeError(`The ${what} of a password is a text.`)
  return text
}

function encode(text: string): Uint8Array {
  // It would be encoded as another password, silently.
  if (/\p{Surrogate}/u.test(text)) {
    throw new TypeError('A password as text must not have half a surrogate pair.')
  }
  return new TextEncoder().encode(text)
}

function copy(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('A password is a Uint8Array or a text.')
  return Uint8Array.from(bytes)
}

/** The gravest first. */
const warnings: readonly (readonly [flag: number, say: (what: string) => string])[] = [
  [TlsPasswordFlags.FINAL_TRY, (what) => `There is no further try: this ${what} has to be right.`],
  [TlsPasswordFlags.MANY_TRIES, (what) => `The ${what} was wrong, and there are few tries left.`],
  [TlsPasswordFlags.RETRY, (what) => `The ${what} was wrong.`],
]
