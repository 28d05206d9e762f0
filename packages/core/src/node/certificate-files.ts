import { TlsCertificate } from '../certificate.js'
import { TlsError } from '../errors.js'
import { decryptPem, pemText } from '../load-encrypted-pem.js'
import { passwordBytes } from '../password-based/password.js'
import { type UnlockOptions, unlock } from '../unlock.js'
import { type ReadFileOptions, readWholeFile } from './read-whole-file.js'

/** Options of {@link certificateFromFile} and {@link certificateFromFiles}. */
export interface CertificateFileOptions extends ReadFileOptions, UnlockOptions {
  /** Ends the reading, and the asking; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a certificate from a file, perhaps with its key and issuers: PKCS #12 if the name ends with
 * `.p12` or `.pfx` in lower case, PEM otherwise.
 *
 * With a password, an encrypted key in a PEM file is read, too; GIO takes one for PKCS #12 only.
 * Without one, and nobody to ask for it, an encrypted key in PEM is `TLS_BAD_CERTIFICATE_PASSWORD`.
 *
 * @throws TypeError if an argument is of the wrong type; {@link IoError} if the file cannot be read,
 *   with the system's error as its cause; {@link TlsError} as `TlsCertificate.fromPkcs12` and
 *   `TlsCertificate.fromEncryptedPem`.
 * @see GIO `g_tls_certificate_new_from_file()`, `g_tls_certificate_new_from_file_with_password()`
 */
export async function certificateFromFile(
  path: string | URL,
  options: CertificateFileOptions = {},
): Promise<TlsCertificate> {
  checkPath(path, 'path')
  // A copy: the caller may clear its own while the file is read.
  const password = passwordBytes(options.password)
  try {
    const bytes = await readWholeFile(path, options)
    const isContainer = isPkcs12(path)
    const what = isContainer ? String(path) : `the private key in ${String(path)}`
    return await unlock({ ...options, password }, what, (secret) =>
      isContainer
        ? TlsCertificate.fromPkcs12(bytes, { password: secret })
        : TlsCertificate.fromEncryptedPem(bytes, { password: secret }),
    )
  } finally {
    password?.fill(0)
  }
}

/**
 * Reads a certificate from one PEM file and its private key from another. The key is read first and
 * has to be there; naming the same file twice insists on a key.
 *
 * @throws TypeError if an argument is of the wrong type; {@link IoError} if a file cannot be read,
 *   with the system's error as its cause; {@link TlsError} `TLS_BAD_CERTIFICATE` if there is no key
 *   or no certificate, or one is damaged; `TLS_BAD_CERTIFICATE_PASSWORD` if the password is wrong, or
 *   missing and needed.
 * @see GIO `g_tls_certificate_new_from_files()`
 */
export async function certificateFromFiles(
  certificatePath: string | URL,
  keyPath: string | URL,
  options: CertificateFileOptions = {},
): Promise<TlsCertificate> {
  checkPath(certificatePath, 'certificatePath')
  checkPath(keyPath, 'keyPath')
  const password = passwordBytes(options.password)
  const key = await readKey(keyPath, { ...options, password }).finally(() => password?.fill(0))
  const certificates = pemText(await readWholeFile(certificatePath, options))
  return TlsCertificate.fromPem(`${key}\n${certificates.replace(privateKeys, '')}`)
}

/**
 * All certificates of a PEM file in its order, not linked and without keys. A file without any gives
 * an empty list.
 *
 * @throws TypeError if an argument is of the wrong type; {@link IoError} if the file cannot be read,
 *   with the system's error as its cause; {@link TlsError} `TLS_BAD_CERTIFICATE` if one certificate is
 *   damaged.
 * @see GIO `g_tls_certificate_list_new_from_file()`
 */
export async function certificatesFromFile(
  path: string | URL,
  options: ReadFileOptions = {},
): Promise<TlsCertificate[]> {
  checkPath(path, 'path')
  return TlsCertificate.listFromPem(pemText(await readWholeFile(path, options)))
}

/** The first private key of a file, as PEM, decrypted. */
async function readKey(path: string | URL, options: CertificateFileOptions): Promise<string> {
  const text = pemText(await readWholeFile(path, options))
  const [key] = text.match(privateKeys) ?? []
  if (key === undefined) {
    throw new TlsError('TLS_BAD_CERTIFICATE', `${String(path)} contains no whole private key.`)
  }
  return unlock(options, `the private key in ${String(path)}`, (secret) => decryptPem(key, secret))
}

function isPkcs12(path: string | URL): boolean {
  return /\.(?:p12|pfx)$/.test(path instanceof URL ? path.pathname : path)
}

function checkPath(path: unknown, name: string): void {
  if (typeof path !== 'string' && !(path instanceof URL)) {
    throw new TypeError(`${name} must be a string or a URL.`)
  }
}

/** Those in the traditional format, encrypted or not, can have a header with dashes in it. */
const privateKeys = /-----BEGIN ([A-Z ]{0,32}PRIVATE KEY)-----(?:[^-]|-(?!----))*-----END \1-----/g
