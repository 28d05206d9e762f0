/**
 * Bits that say what a password is asked for, and how often it was wrong. A set is their sum.
 *
 * @see GIO `GTlsPasswordFlags`
 */
export const TlsPasswordFlags: {
  /** Nothing to say: the first time, and no PIN. */
  readonly NONE: 0
  /** The last one given was wrong. */
  readonly RETRY: 2
  /** Wrong many times; there may be few tries left. */
  readonly MANY_TRIES: 4
  /** The last try. */
  readonly FINAL_TRY: 8
  /** The PIN of a PKCS #11 token's user. */
  readonly PKCS11_USER: 16
  /** The PIN of a PKCS #11 token's security officer. */
  readonly PKCS11_SECURITY_OFFICER: 32
  /** The PIN for the next operation of a PKCS #11 key only. */
  readonly PKCS11_CONTEXT_SPECIFIC: 64
} = Object.freeze({
  NONE: 0,
  RETRY: 2,
  MANY_TRIES: 4,
  FINAL_TRY: 8,
  PKCS11_USER: 16,
  PKCS11_SECURITY_OFFICER: 32,
  PKCS11_CONTEXT_SPECIFIC: 64,
})

/** The bits that ask for a PIN, which is what people call the password of a token. */
export const PIN_FLAGS: number =
  TlsPasswordFlags.PKCS11_USER |
  TlsPasswordFlags.PKCS11_SECURITY_OFFICER |
  TlsPasswordFlags.PKCS11_CONTEXT_SPECIFIC

/** The flags themselves, if they are some. */
export function requirePasswordFlags(flags: unknown): number {
  if (typeof flags !== 'number' || !Number.isInteger(flags)) {
    throw new TypeError('The flags of a password are a sum of TlsPasswordFlags.')
  }
  if (flags < 0 || (flags & ~ALL) !== 0 || flags > ALL) {
    throw new RangeError(`The flags of a password have a bit that has no meaning: ${flags}.`)
  }
  return flags
}

const ALL: number = Object.values(TlsPasswordFlags).reduce((sum: number, flag) => sum | flag, 0)
