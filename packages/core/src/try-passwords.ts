import { askPassword } from './ask-password.js'
import { TlsError } from './errors.js'
import type { TlsInteraction } from './interaction.js'
import { TlsPassword } from './password.js'
import { TlsPasswordFlags } from './password-flags.js'

/** What {@link tryPasswords} needs. */
export interface TryPasswordsOptions {
  /** Whom to ask; nobody is as good as one who does not answer. */
  readonly interaction: TlsInteraction | null | undefined
  /** What needs the password, for people: `the private key of server.pem`. */
  readonly description: string
  /** Bits of {@link TlsPasswordFlags} that are always set: the kind of PIN. Default: none. */
  readonly flags?: number | undefined
  /** How often to ask, at most. Default: 3. */
  readonly attempts?: number | undefined
  /** Ends the asking. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks for a password until it is right, or there are no more attempts. From the second time on the
 * flags say that it was wrong, and how many are left.
 *
 * @param use - takes a password, and rejects with `TLS_BAD_CERTIFICATE_PASSWORD` if it is wrong; any
 *   other rejection ends the asking. The bytes turn into zeros when it settles: it must not keep
 *   them.
 * @returns what `use` gave for the right one.
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE_PASSWORD` if nobody gave one, or none was right.
 * @throws TypeError as {@link askPassword}; what the interaction or `use` reject with; the signal's
 *   reason.
 * @see GIO `GTlsPasswordFlags`
 */
export async function tryPasswords<T>(
  options: TryPasswordsOptions,
  use: (password: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const { attempts = DEFAULT_ATTEMPTS } = options
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new RangeError(`A password is asked for at least once, not ${attempts} times.`)
  }
  let wrong: TlsError | undefined
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const flags = (options.flags ?? TlsPasswordFlags.NONE) | flagsOf(attempt, attempts)
    const password = new TlsPassword({ flags, description: options.description })
    try {
      const result = await askPassword(options.interaction, password, { signal: options.signal })
      const value = password.value
      if (result === 'unhandled' || value === null) break
      const outcome = await settled(use, value)
      if (!('wrong' in outcome)) return outcome.result
      wrong = outcome.wrong
    } finally {
      password.clear()
    }
  }
  throw wrong ?? nobodyAnswered(options.description)
}

/** What `use` comes to, if the password is right or wrong; anything else is not about it. */
async function settled<T>(
  use: (password: Uint8Array) => T | Promise<T>,
  password: Uint8Array,
): Promise<{ readonly result: T } | { readonly wrong: TlsError }> {
  try {
    return { result: await use(password) }
  } catch (error) {
    if (!(error instanceof TlsError) || error.code !== 'TLS_BAD_CERTIFICATE_PASSWORD') throw error
    return { wrong: error }
  }
}

/** What glib-networking tells about a token's PIN, which knows how many tries it has left. */
function flagsOf(attempt: number, attempts: number): number {
  const left = attempts - attempt + 1
  let flags: number = TlsPasswordFlags.NONE
  if (attempt > 1) flags |= TlsPasswordFlags.RETRY
  if (attempt > 1 && left <= FEW) flags |= TlsPasswordFlags.MANY_TRIES
  if (left === 1 || attempt > MANY) flags |= TlsPasswordFlags.FINAL_TRY
  return flags
}

function nobodyAnswered(description: string): TlsError {
  return new TlsError(
    'TLS_BAD_CERTIFICATE_PASSWORD',
    `A password is needed for ${description}, and nobody gave one.`,
  )
}

/** What most programs allow at a terminal. */
const DEFAULT_ATTEMPTS = 3

/** So many left are few. */
const FEW = 2

/** More than so many, and nobody should count on another. */
const MANY = 5
