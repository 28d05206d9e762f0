/**
 * A password as a caller gives it: text, or the bytes of a text in UTF-8. Bytes can be wiped
 * afterwards, a string cannot.
 */
export type PasswordInput = string | Uint8Array

/**
 * A copy of a password in UTF-8, which whoever asked for it fills with zeros when it is done.
 *
 * @throws TypeError if it is neither text nor bytes nor left out.
 */
export function passwordBytes(password: PasswordInput | undefined): Uint8Array | undefined {
  if (password === undefined) return undefined
  if (typeof password === 'string') return new TextEncoder().encode(password)
  if (password instanceof Uint8Array) return Uint8Array.from(password)
  throw new TypeError('password must be a string or a Uint8Array.')
}

/**
 * The forms that a password has in the key derivation of PKCS #12, which starts from 16-bit
 * characters. Most passwords have one. Between an empty password and none there is a difference,
 * and programs do not agree which of the two an empty one is: `null` is none.
 *
 * @see RFC 7292 Appendix B.1
 */
export function pkcs12Forms(password: Uint8Array | undefined): readonly (string | null)[] {
  if (password === undefined) return [null, '']
  if (password.length === 0) return ['', null]
  return [textOf(password)]
}

/** Bytes that are not UTF-8 count as Latin-1, as OpenSSL takes them. */
function textOf(password: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(password)
  } catch {
    return Array.from(password, (byte) => String.fromCharCode(byte)).join('')
  }
}
