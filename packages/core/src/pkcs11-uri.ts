/**
 * @throws TypeError if it is no PKCS #11 URI (RFC 7512). It may have a PIN in it, so that the error does
 *   not repeat it.
 */
export function requirePkcs11Uri(name: string, uri: unknown): string {
  if (typeof uri !== 'string') throw new TypeError(`${name} is a text, not "${typeof uri}".`)
  if (!uri.startsWith('pkcs11:')) {
    throw new TypeError(`${name} is a PKCS #11 URI, which begins with "pkcs11:".`)
  }
  return uri
}
