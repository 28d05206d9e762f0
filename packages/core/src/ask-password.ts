import { abortable } from './base/abortable.js'
import type { TlsInteraction, TlsInteractionResult } from './interaction.js'
import type { TlsPassword } from './password.js'
import type { IoOptions } from './streams/io-stream.js'

/**
 * Asks for a password and holds the interaction to its word. For backends, and for core itself.
 *
 * @param interaction - whom to ask; nobody, and one that answers no such questions, are
 *   `unhandled`.
 * @param password - gets the value if the answer is `handled`. Without one, it has none afterwards.
 *   Clear it after use.
 * @param options - `signal` ends the waiting, whatever the interaction does about it.
 * @throws TypeError if the answer is neither `handled` nor `unhandled`, or `handled` without a
 *   value.
 * @throws what the interaction rejects with, or the signal's reason.
 * @see GIO `g_tls_interaction_invoke_ask_password()`
 */
export async function askPassword(
  interaction: TlsInteraction | null | undefined,
  password: TlsPassword,
  options: IoOptions = {},
): Promise<TlsInteractionResult> {
  const { signal } = options
  signal?.throwIfAborted()
  if (typeof interaction?.askPassword !== 'function') return 'unhandled'
  const answering = answer(interaction, password, options)
  try {
    const result = await abortable(answering, signal)
    if (result === 'unhandled') password.clear()
    return result
  } catch (error) {
    password.clear()
    // Who goes on in spite of the abort may give it a value nobody waits for.
    answering.finally(() => password.clear()).catch(() => {})
    throw error
  }
}

async function answer(
  interaction: TlsInteraction,
  password: TlsPassword,
  options: IoOptions,
): Promise<TlsInteractionResult> {
  const result: unknown = await interaction.askPassword?.(password, options)
  if (result !== 'handled' && result !== 'unhandled') {
    throw new TypeError(
      'An interaction that is asked for a password answers "handled" or "unhandled".',
    )
  }
  if (result === 'handled' && password.value === null) {
    throw new TypeError('The interaction says that it gave a password, but it gave none.')
  }
  return result
}
