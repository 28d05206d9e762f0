import { TlsError } from './errors.js'
import { type PasswordInput, passwordBytes } from './password-based/password.js'
import { unreadable, wrongPassword } from './password-based/refusals.js'
import { parsePem, toPem } from './pem.js'

/**
 * A PEM text with its first encrypted private key (PKCS #8) decrypted. A text without any stays as it
 * is. The code that decrypts is loaded when it is first needed.
 *
 * @throws TlsError `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong, or missing;
 *   `TLS_BAD_CERTIFICATE` if the text is damaged, or the key encrypted in a way that is not supported.
 * @throws TypeError if an argument is of the wrong type.
 */
export async function decryptPem(
  input: string | Uint8Array,
  password: PasswordInput | undefined,
): Promise<string> {
  const text = pemText(input)
  const secret = passwordBytes(password)
  try {
    if (text.includes('Proc-Type: 4,ENCRYPTED')) throw traditional()
    const start = text.indexOf(BEGIN)
    const end = text.indexOf(END, start) + END.length
    // One that is cut off is refused with all others of its kind.
    if (start < 0 || end < END.length) return text
    if (secret === undefined) throw wrongPassword(NAME, secret)
    const { decryptPrivateKey } = await import('./password-based/encrypted-private-key.js')
    const der = await decryptPrivateKey(NAME, encryptedBytes(text.slice(start, end)), secret)
    try {
      return `${text.slice(0, start)}${toPem('PRIVATE KEY', der)}${text.slice(end)}`
    } finally {
      der.fill(0)
    }
  } finally {
    secret?.fill(0)
  }
}

/** PEM as text, whichever it is: PEM is ASCII, and what stands between its blocks does not matter. */
export function pemText(input: string | Uint8Array): string {
  if (typeof input === 'string') return input
  if (input instanceof Uint8Array) return new TextDecoder('latin1').decode(input)
  throw new TypeError('The PEM text must be a string or a Uint8Array.')
}

function encryptedBytes(block: string): Uint8Array {
  try {
    const [parsed] = parsePem(block)
    if (parsed !== undefined) return parsed.der
  } catch (cause) {
    throw unreadable(`${NAME} is damaged.`, cause)
  }
  throw unreadable(`${NAME} is damaged.`)
}

/** Its key comes from the password by one round of MD5: nobody should still keep keys so. */
function traditional(): TlsError {
  return new TlsError(
    'TLS_BAD_CERTIFICATE',
    'The private key is encrypted in the traditional format (Proc-Type: 4,ENCRYPTED), which is not ' +
      'supported; "openssl pkcs8 -topk8" writes it as PKCS #8.',
  )
}

const NAME = 'The private key in the text'
const BEGIN = '-----BEGIN ENCRYPTED PRIVATE KEY-----'
const END = '-----END ENCRYPTED PRIVATE KEY-----'
