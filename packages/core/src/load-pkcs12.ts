import { type PasswordInput, passwordBytes } from './password-based/password.js'
import type { KeyWithChain } from './pkcs12/key-pairing.js'

/**
 * Reads a PKCS #12 container, by code that is loaded when it is first needed. Its arguments are copied
 * at the call, and its copy of the password is filled with zeros in the end.
 *
 * @throws TypeError if an argument is of the wrong type; what else: see `readPkcs12`.
 */
export async function loadPkcs12(
  bytes: Uint8Array,
  password: PasswordInput | undefined,
): Promise<KeyWithChain> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array.')
  const secret = passwordBytes(password)
  try {
    const copy = new Uint8Array(bytes)
    const { readPkcs12 } = await import('./pkcs12/read-pkcs12.js')
    return await readPkcs12(copy, secret)
  } finally {
    secret?.fill(0)
  }
}
