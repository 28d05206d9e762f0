import { createPrivateKey } from 'node:crypto'
import { TlsCertificate, TlsCertificateFlags, TlsError } from '@tlsio/core'
import { withLibrary } from '../breaking/good.js'
import { keptFor, overrideGetter, overrideMethod } from '../breaking/override.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const { prototype } = TlsCertificate
const { BAD_IDENTITY, EXPIRED, NOT_ACTIVATED, UNKNOWN_CA } = TlsCertificateFlags

/** What a certificate says of itself. */
const properties: readonly Mutant[] = [
  {
    name: 'certificate-der-handed-out',
    breaks: 'certificate-immutable',
    create: withLibrary(() => overrideGetter(prototype, 'der', keptFor())),
  },
  {
    name: 'certificate-dates-handed-out',
    breaks: 'certificate-immutable',
    create: withLibrary(() => overrideGetter(prototype, 'notAfter', keptFor())),
  },
  {
    name: 'certificate-pem-in-lines-of-76',
    breaks: 'certificate-is-its-der',
    showsIn: { 'certificate-files': 'what is read from a file is compared by its PEM' },
    create: withLibrary(() =>
      overrideGetter(prototype, 'pem', (certificate) => {
        const lines =
          Buffer.from(certificate.der)
            .toString('base64')
            .match(/.{1,76}/g) ?? []
        return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
      }),
    ),
  },
  {
    name: 'private-key-as-pkcs1',
    breaks: 'private-key-as-pkcs8',
    create: withLibrary(() =>
      overrideGetter(prototype, 'privateKeyPem', (_, former) => {
        const pem = former()
        if (pem === undefined) return undefined
        const key = createPrivateKey(pem)
        if (key.asymmetricKeyType !== 'rsa') return pem
        return key.export({ format: 'pem', type: 'pkcs1' }).toString()
      }),
    ),
  },
  {
    name: 'private-key-handed-out',
    breaks: 'private-key-as-pkcs8',
    create: withLibrary(() => {
      const kept = keptFor<TlsCertificate, Buffer>()
      overrideGetter(prototype, 'privateKeyDer', (certificate, former) => {
        return certificate.hasPrivateKey
          ? kept(certificate, () => Buffer.from(former() as Uint8Array))
          : undefined
      })
      overrideGetter(prototype, 'privateKeyPem', ({ privateKeyDer }) => {
        if (privateKeyDer === undefined) return undefined
        const lines = (privateKeyDer as Buffer).toString('base64').match(/.{1,64}/g) ?? []
        return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
      })
    }),
  },
  {
    name: 'certificate-json-with-the-key',
    breaks: 'private-key-secret',
    create: withLibrary(() =>
      overrideMethod(prototype, 'toJSON', ({ privateKeyPem }, former) => () => ({
        ...former(),
        privateKeyPem,
      })),
    ),
  },
  {
    name: 'self-signed-linked-to-itself',
    breaks: 'certificate-issuer-linked',
    create: withLibrary(() =>
      replace(TlsCertificate, 'fromPem', (read) => (text) => {
        const certificate = read(text)
        const { der, issuer, issuerName, privateKeyDer: privateKey, subjectName } = certificate
        if (issuer !== null || subjectName !== issuerName) return certificate
        return TlsCertificate.fromDerChain([der, der], { privateKey })
      }),
    ),
  },
  {
    // As RFC 4514 writes names in LDAP.
    name: 'names-the-other-way-round',
    breaks: 'certificate-names',
    create: withLibrary(() =>
      overrideGetter(prototype, 'subjectName', (_, former) =>
        former()
          .split(/(?<!\\),/)
          .reverse()
          .join(','),
      ),
    ),
  },
  {
    name: 'dns-names-sorted',
    breaks: 'certificate-names',
    create: withLibrary(() =>
      overrideGetter(prototype, 'dnsNames', (_, former) => Object.freeze([...former()].sort())),
    ),
  },
  {
    // RFC 5280 §4.1.2.5.1 has two digits mean a year from 1950 to 2049, others draw the line earlier.
    name: 'two-digit-years-end-in-2037',
    breaks: 'certificate-dates',
    create: withLibrary(() =>
      overrideGetter(prototype, 'notBefore', (_, former) => {
        const date = former()
        const year = date.getUTCFullYear()
        if (year > 2037 && year < 2050) date.setUTCFullYear(year - 100)
        return date
      }),
    ),
  },
  {
    name: 'pkcs11-uri-empty',
    breaks: 'pkcs11-uris',
    create: withLibrary(() =>
      overrideGetter(prototype, 'pkcs11Uri', (_, former) => former() ?? ''),
    ),
  },
]

/** What is read from PEM and DER. */
const reading: readonly Mutant[] = [
  {
    name: 'pem-with-cr-alone-not-read',
    breaks: 'pem-read-leniently',
    create: withFromPem((text, read) =>
      read(typeof text === 'string' && /\r(?!\n)/.test(text) ? '' : text),
    ),
  },
  {
    name: 'pem-bytes-by-their-buffer',
    breaks: 'pem-read-leniently',
    create: withFromPem((text, read) =>
      read(typeof text === 'string' ? text : new Uint8Array(text.buffer)),
    ),
  },
  {
    name: 'pem-key-of-another-left-out',
    breaks: 'pem-refused-when-bad',
    create: withFromPem((text, read) => {
      try {
        return read(text)
      } catch (error) {
        if (!String(error).includes('does not belong')) throw error
        return read(String(text).replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*/g, ''))
      }
    }),
  },
  {
    name: 'pem-in-the-error',
    breaks: 'pem-refused-when-bad',
    create: withFromPem((text, read) => {
      try {
        return read(text)
      } catch (cause) {
        throw new TlsError('TLS_BAD_CERTIFICATE', `This cannot be read: ${text}`, { cause })
      }
    }),
  },
  {
    name: 'pem-chain-not-looked-at',
    breaks: 'pem-chain-whole-or-none',
    create: withFromPem((text, read) => {
      const certificate = read(text)
      try {
        const ders = TlsCertificate.listFromPem(text).map(({ der }) => der)
        const { privateKeyDer: privateKey } = certificate
        return TlsCertificate.fromDerChain(ders, { privateKey })
      } catch {
        return certificate
      }
    }),
  },
  {
    name: 'pem-chain-as-far-as-it-goes',
    breaks: 'pem-chain-whole-or-none',
    create: withFromPem((text, read) => {
      const certificate = read(text)
      if (certificate.issuer !== null) return certificate
      for (const fewer of beginnings(String(text))) {
        const ders = read(fewer)
          .chain()
          .map(({ der }) => der)
        const { privateKeyDer: privateKey } = certificate
        if (ders.length > 1) return TlsCertificate.fromDerChain(ders, { privateKey })
      }
      return certificate
    }),
  },
  {
    name: 'certificate-list-linked',
    breaks: 'certificate-list-whole',
    create: withLibrary(() =>
      replace(TlsCertificate, 'listFromPem', (read) => (text) => {
        const ders = read(text).map(({ der }) => der)
        return ders.map((_, at) => TlsCertificate.fromDerChain(ders.slice(at)))
      }),
    ),
  },
  {
    name: 'certificate-list-without-bad-ones',
    breaks: 'certificate-list-whole',
    showsIn: { database: 'a database reads its anchors as a list' },
    create: withLibrary(() =>
      replace(
        TlsCertificate,
        'listFromPem',
        (read) => (text) =>
          certificateBlocks(String(text)).flatMap((block) => {
            try {
              return read(block)
            } catch {
              return []
            }
          }),
      ),
    ),
  },
  {
    name: 'certificate-list-of-none-refused',
    breaks: 'certificate-list-whole',
    create: withLibrary(() =>
      replace(TlsCertificate, 'listFromPem', (read) => (text) => {
        const certificates = read(text)
        if (certificates.length > 0) return certificates
        throw new TlsError('TLS_MISC', 'There is no certificate in the text.')
      }),
    ),
  },
  {
    // As OpenSSL's d2i_X509 does, which tells where it stopped.
    name: 'der-with-more-behind-it-taken',
    breaks: 'certificate-from-der',
    create: withLibrary(() =>
      replace(TlsCertificate, 'fromDer', (read) => (der) => {
        const [tag, form, high = 0, low = 0] = der
        const isCertificate = tag === 0x30 && form === 0x82
        return read(isCertificate ? der.subarray(0, 4 + high * 256 + low) : der)
      }),
    ),
  },
]

/** What `verify()` says. */
const judging: readonly Mutant[] = [
  {
    name: 'verify-dates-without-a-ca',
    breaks: 'certificate-verify',
    create: withVerify(async ({ notBefore, notAfter }, { trustedCa, time = Date.now() }, flags) => {
      if (trustedCa !== undefined) return flags
      const late = time > notAfter.getTime() ? EXPIRED : 0
      return flags | late | (time < notBefore.getTime() ? NOT_ACTIVATED : 0)
    }),
  },
  {
    name: 'verify-believes-links',
    breaks: 'certificate-verify',
    create: withVerify(async (certificate, { trustedCa }, flags) => {
      const leads = certificate.chain().some((one) => trustedCa?.isSame(one))
      return leads ? flags & ~UNKNOWN_CA : flags
    }),
  },
  {
    name: 'verify-rejects-for-the-bad',
    breaks: 'certificate-verify',
    create: withVerify(async (_, { trustedCa }, flags) => {
      if (flags === 0 || trustedCa === undefined) return flags
      throw new TlsError('TLS_BAD_CERTIFICATE', 'It is bad.', {
        certificateErrors: flags,
      })
    }),
  },
  {
    name: 'verify-by-the-common-name',
    breaks: 'certificate-verify-identity',
    create: withVerify(async ({ dnsNames, subjectName }, { identity }, flags) => {
      if (dnsNames.length > 0 || !identity || !('hostname' in identity)) return flags
      return subjectName.endsWith(`CN=${identity.hostname}`) ? flags & ~BAD_IDENTITY : flags
    }),
  },
]

export const certificatesMutants: readonly Mutant[] = [...properties, ...reading, ...judging]

function withFromPem(
  change: (text: string | Uint8Array, read: typeof TlsCertificate.fromPem) => TlsCertificate,
): Mutant['create'] {
  return withLibrary(() =>
    replace(TlsCertificate, 'fromPem', (read) => (text) => change(text, read)),
  )
}

function withVerify(
  change: (
    certificate: TlsCertificate,
    options: Parameters<TlsCertificate['verify']>[0] & object,
    flags: number,
  ) => Promise<number>,
): Mutant['create'] {
  return withLibrary(() =>
    overrideMethod(
      prototype,
      'verify',
      (certificate, verify) =>
        async (options = {}) =>
          change(certificate, options, await verify(options)),
    ),
  )
}

function certificateBlocks(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
}

/** The text with ever fewer certificates at its end, down to two. */
function beginnings(text: string): readonly string[] {
  const blocks = certificateBlocks(text)
  return blocks.slice(2).map((_, dropped) => blocks.slice(0, -1 - dropped).join('\n'))
}
