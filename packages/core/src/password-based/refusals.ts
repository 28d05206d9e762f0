import { TlsError } from '../errors.js'

/** The data cannot be read, whatever the password. */
export function unreadable(message: string, cause?: unknown): TlsError {
  return new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
}

/** Another password is needed, or one at all. Never says which was tried. */
export function wrongPassword(what: string, password: Uint8Array | undefined): TlsError {
  return new TlsError(
    'TLS_BAD_CERTIFICATE_PASSWORD',
    password === undefined
      ? `${what} needs a password.`
      : `The password of ${what.replace(/^T/, 't')} is wrong, or the data is damaged.`,
  )
}
