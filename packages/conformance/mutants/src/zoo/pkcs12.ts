import { createPrivateKey } from 'node:crypto'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Readable } from 'node:stream'
import { TlsCertificate, TlsError, type UnlockOptions } from '@tlsio/core'
import { withLibrary } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

/** Containers of certificates and keys, and encrypted keys. */
const containers: readonly Mutant[] = [
  {
    // As OpenSSL 3 without its legacy provider.
    name: 'pkcs12-old-encryption-refused',
    breaks: 'pkcs12-read-however-protected',
    showsIn: {
      'certificate-files': 'the container in a file is an old one',
      interaction: 'so is the one with an empty password',
    },
    create: withPkcs12(async (bytes, options, read) => {
      if (Buffer.from(bytes).includes(RC2_40)) throw bad('RC2 is not supported.')
      return read(bytes, options)
    }),
  },
  {
    name: 'pkcs12-without-mac-refused',
    breaks: 'pkcs12-read-however-protected',
    create: withPkcs12(async (bytes, options, read) => {
      if (isWithoutMac(bytes)) throw bad('The container has no MAC.')
      return read(bytes, options)
    }),
  },
  {
    name: 'pkcs12-without-issuers',
    breaks: 'pkcs12-issuers-linked',
    create: withPkcs12(async (bytes, options, read) => {
      const { der, privateKeyDer: privateKey } = await read(bytes, options)
      return TlsCertificate.fromDerChain([der], { privateKey })
    }),
  },
  {
    // Only a MAC tells a wrong password for sure.
    name: 'pkcs12-without-mac-wrong-password-taken-for-damage',
    breaks: 'pkcs12-wrong-password-told',
    create: withPkcs12(async (bytes, options, read) => {
      try {
        return await read(bytes, options)
      } catch (error) {
        if (isWithoutMac(bytes) && isWrongPassword(error)) throw bad('It is damaged.', error)
        throw error
      }
    }),
  },
  {
    name: 'pkcs12-password-in-latin-1',
    breaks: 'pkcs12-password-as-given',
    create: withPkcs12((bytes, { password, ...options }, read) =>
      read(bytes, {
        ...options,
        password: typeof password === 'string' ? Buffer.from(password, 'latin1') : password,
      }),
    ),
  },
  {
    name: 'pkcs12-password-read-later',
    breaks: 'pkcs12-password-as-given',
    create: withPkcs12(async (bytes, options, read) => {
      await null
      return read(bytes, options)
    }),
  },
  {
    name: 'pkcs12-password-in-the-error',
    breaks: 'private-key-secret',
    create: withPkcs12(async (bytes, options, read) => {
      try {
        return await read(bytes, options)
      } catch (cause) {
        if (!isWrongPassword(cause) || options.password === undefined) throw cause
        const message = `The container is not opened by "${options.password}".`
        throw new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', message, { cause })
      }
    }),
  },
  {
    name: 'pkcs12-without-key-taken-for-a-wrong-password',
    breaks: 'pkcs12-refused-when-bad',
    create: withPkcs12(async (bytes, options, read) => {
      try {
        return await read(bytes, options)
      } catch (cause) {
        if (!String(cause).includes('no private key')) throw cause
        throw new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', 'It has no key.', { cause })
      }
    }),
  },
  {
    name: 'pkcs12-in-base64-taken',
    breaks: 'pkcs12-refused-when-bad',
    create: withPkcs12((bytes, options, read) =>
      read(typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes, options),
    ),
  },
  {
    // Its key is derived by one round of MD5, and engines still read it.
    name: 'encrypted-pem-in-traditional-format-taken',
    breaks: 'encrypted-pem-with-its-password',
    create: withLibrary(() =>
      replace(TlsCertificate, 'fromEncryptedPem', (read) => async (text, options = {}) => {
        const [key] = String(text).match(TRADITIONAL) ?? []
        if (key === undefined) return read(text, options)
        const opened = createPrivateKey({ key, passphrase: String(options.password) })
        const pkcs8 = opened.export({ format: 'pem', type: 'pkcs8' }).toString()
        return read(String(text).replace(key, pkcs8), options)
      }),
    ),
  },
]

/** What is read from files. */
const files: readonly Mutant[] = [
  {
    name: 'certificate-file-told-by-its-content',
    breaks: 'certificate-from-files',
    create: withLibrary(() =>
      replace(
        TlsCertificate,
        'fromEncryptedPem',
        (read) => async (input, options) =>
          input instanceof Uint8Array && input[0] === 0x30
            ? TlsCertificate.fromPkcs12(input, options)
            : read(input, options),
      ),
    ),
  },
  {
    name: 'certificate-file-not-there-taken-for-empty',
    breaks: 'certificate-file-unreadable',
    create: withLibrary(() => {
      const { createReadStream } = fs
      fs.createReadStream = ((path, options) =>
        fs.existsSync(path)
          ? createReadStream(path, options)
          : Readable.from([])) as typeof createReadStream
      syncBuiltinESMExports()
    }),
  },
]

export const pkcs12Mutants: readonly Mutant[] = [...containers, ...files]

function withPkcs12(
  change: (
    bytes: Uint8Array,
    options: UnlockOptions,
    read: typeof TlsCertificate.fromPkcs12,
  ) => Promise<TlsCertificate>,
): Mutant['create'] {
  return withLibrary(() =>
    replace(
      TlsCertificate,
      'fromPkcs12',
      (read) =>
        (bytes, options = {}) =>
          change(bytes, options, read),
    ),
  )
}

function bad(message: string, cause?: unknown): TlsError {
  return new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof TlsError && error.code === 'TLS_BAD_CERTIFICATE_PASSWORD'
}

/** Whether a container ends with its content (RFC 7292 §4): head, version, SEQUENCE. */
function isWithoutMac(bytes: Uint8Array): boolean {
  const [content, high = 0, low = 0] = bytes.subarray(8)
  return bytes[1] === 0x82 && content === 0x82 && bytes.length === 11 + high * 256 + low
}

/** `pbeWithSHAAnd40BitRC2-CBC` (RFC 7292 Appendix C). */
const RC2_40 = Buffer.from('060a2a864886f70d010c0106', 'hex')
const TRADITIONAL =
  /-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED[\s\S]*?-----END .*-----\n/
