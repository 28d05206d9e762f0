import { TlsError } from './errors.js'
import type { TlsInteraction } from './interaction.js'
import type { PasswordInput } from './password-based/password.js'
import { tryPasswords } from './try-passwords.js'

/** How a password is come by, if one is needed. */
export interface UnlockOptions {
  /**
   * The password: text, or bytes in UTF-8, which are copied at the call, and the copy is filled with
   * zeros afterwards. Not used if nothing is encrypted.
   */
  readonly password?: PasswordInput | undefined
  /**
   * Asked for the password if one is needed and none was given; up to three times, while the one it
   * gives is wrong. Default: nobody is asked.
   */
  readonly interaction?: TlsInteraction | null | undefined
  /** Ends the asking; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens something with the password that was given, else without any, else with one that is asked
 * for.
 *
 * @param description - what it is, for who is asked: `the private key in server.pem`.
 * @param open - rejects with `TLS_BAD_CERTIFICATE_PASSWORD` if it needs another password, or one at
 *   all. It must not keep the bytes.
 * @throws {@link TlsError} `TLS_BAD_CERTIFICATE_PASSWORD` if there is no right one.
 * @throws TypeError if the interaction is none, or breaks its word; what it rejects with, or `open`;
 *   the signal's reason.
 */
export async function unlock<T>(
  { password, interaction, signal }: UnlockOptions,
  description: string,
  open: (password: PasswordInput | undefined) => Promise<T>,
): Promise<T> {
  if (interaction != null && typeof interaction !== 'object') {
    throw new TypeError('interaction must be a TlsInteraction.')
  }
  if (password !== undefined || interaction == null) return open(password)
  try {
    return await open(undefined)
  } catch (error) {
    const isLocked = error instanceof TlsError && error.code === 'TLS_BAD_CERTIFICATE_PASSWORD'
    if (!isLocked) throw error
  }
  return tryPasswords({ interaction, description, signal }, open)
}
