import { askPassword } from './ask-password.js'
import type { TlsInteraction } from './interaction.js'
import type { PinSource } from './token-pins.js'

/** How a certificate is read out of a token. */
export interface LoadPkcs11Options {
  /**
   * PKCS #11 URI of the private key. Default: the certificate's, which then has to name both, as in GIO.
   */
  readonly privateKeyPkcs11Uri?: string | null | undefined
  /**
   * Asked for the PIN if the certificate itself, and not only its key, is hidden without it. Default:
   * nobody is asked.
   */
  readonly interaction?: TlsInteraction | null | undefined
  /** Ends the asking; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** Asks an interaction for PINs. @throws TypeError if it is none. */
export function pinSource({ interaction, signal }: LoadPkcs11Options): PinSource {
  if (interaction != null && typeof interaction !== 'object') {
    throw new TypeError('interaction must be a TlsInteraction.')
  }
  return { ask: (password) => askPassword(interaction, password, { signal }), signal }
}
