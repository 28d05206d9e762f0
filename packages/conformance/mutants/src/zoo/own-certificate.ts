import { createForgeBackend } from '@tlsio/backend-forge'
import { TlsCertificate, TlsCertificateFlags, TlsError } from '@tlsio/core'
import type { HandshakeParameters } from '@tlsio/core/backend'
import { withServerCallback } from '../breaking/applications.js'
import { claiming, pretending } from '../breaking/claims.js'
import { withClientHandshake, withServerHandshake } from '../breaking/drivers.js'
import { createGood, withBackend, withServers } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { judgingOf, withServerErrors } from '../breaking/verdicts.js'
import type { Mutant } from '../mutant.js'

const { UNKNOWN_CA, BAD_IDENTITY, GENERIC_ERROR } = TlsCertificateFlags

/** Settings of a handshake, for an engine that cannot use such a key. */
function failingWith(keyType: string) {
  return <P extends HandshakeParameters>(asked: P): P => {
    if (asked.certificate?.keyType !== keyType) return asked
    throw new TlsError('TLS_HANDSHAKE', 'There is no signature scheme for this key.')
  }
}

/** The certificate with its key, and without its issuers. */
function withoutIssuers(certificate: TlsCertificate | undefined): TlsCertificate | undefined {
  return certificate && TlsCertificate.fromPem(`${certificate.pem}${certificate.privateKeyPem}`)
}

const keyMutants: readonly Mutant[] = [
  {
    name: 'certificate-without-its-key-is-left-out',
    breaks: 'own-certificate-needs-its-key',
    create: withBackend((backend) => {
      replace(backend, 'createClientConnection', (create) => (stream, options) => {
        const isWhole = options?.certificate?.hasPrivateKey === true
        return create(stream, isWhole ? options : { ...options, certificate: undefined })
      })
    }),
  },
  {
    name: 'key-claimed-and-not-there-for-clients',
    breaks: 'certificate-keys-as-claimed',
    create: withClientHandshake(failingWith('Ed25519')),
  },
  {
    name: 'key-claimed-and-not-there-for-servers',
    breaks: 'certificate-keys-as-claimed',
    showsIn: { 'chain-verdicts': 'a server shows a certificate with such a key' },
    create: withServerHandshake(failingWith('RSA-PSS')),
  },
  {
    name: 'key-not-refused',
    breaks: 'certificate-keys-refused-where-unsupported',
    create: pretending({ certificateKeys: ['RSA', 'RSA-PSS', 'EC'] }, createGood),
  },
  {
    name: 'pkcs11-uri-in-the-error',
    breaks: 'pkcs11-refused',
    create: withBackend((backend) =>
      replace(backend, 'loadPkcs11Certificate', (refuse) => async (uri) => {
        try {
          return await refuse(uri)
        } catch (cause) {
          throw new TlsError('TLS_NOT_SUPPORTED', `${uri} cannot be used.`, { cause })
        }
      }),
    ),
  },
  {
    name: 'key-in-a-token-is-left-out',
    breaks: 'pkcs11-refused',
    create: withBackend((backend) => {
      replace(backend, 'createClientConnection', (create) => (stream, options) => {
        const isInToken = options?.certificate?.privateKeyPkcs11Uri != null
        return create(stream, isInToken ? { ...options, certificate: undefined } : options)
      })
    }),
  },
  {
    name: 'tokens-claimed-and-not-there',
    breaks: 'pkcs11-as-claimed',
    create: claiming({ pkcs11: true }, createGood),
  },
  {
    name: 'certificate-not-chosen-by-name',
    breaks: 'certificate-by-server-name',
    create: withBackend((backend) => {
      replace(backend, 'createServerConnection', (create) => (stream, options) => {
        return create(stream, { ...options, selectCertificate: undefined })
      })
    }),
  },
]

const modeMutants: readonly Mutant[] = [
  {
    name: 'client-certificate-asked-for-in-any-mode',
    breaks: 'client-certificate-by-mode',
    version: 'TLSv1.2',
    create: withServerHandshake((asked) => ({
      ...asked,
      authenticationMode:
        asked.authenticationMode === 'none' ? 'requested' : asked.authenticationMode,
    })),
  },
  {
    name: 'client-certificate-requested-is-required',
    breaks: 'client-certificate-by-mode',
    create: withServerHandshake((asked) => ({
      ...asked,
      authenticationMode: asked.authenticationMode === 'none' ? 'none' : 'required',
    })),
  },
  {
    name: 'client-certificate-mode-of-the-beginning',
    breaks: 'client-certificate-by-mode',
    create: withServers((connection) => {
      replace(connection, 'authenticationMode', (mode) => mode)
    }),
  },
  {
    name: 'client-certificate-required-is-requested',
    breaks: 'client-certificate-required',
    showsIn: {
      handshake: 'a client without a certificate is how a server fails there',
    },
    create: withServers((connection) => {
      if (connection.authenticationMode === 'required') connection.authenticationMode = 'requested'
    }),
  },
  {
    name: 'client-certificate-missing-is-any-failure',
    breaks: 'client-certificate-required',
    create: withServers((connection) => {
      replace(connection, 'handshake', (handshake) => async (options) => {
        try {
          await handshake(options)
        } catch (error) {
          const isIt = error instanceof TlsError && error.code === 'TLS_CERTIFICATE_REQUIRED'
          throw isIt ? new TlsError('TLS_HANDSHAKE', error.message, { cause: error }) : error
        }
      })
    }),
  },
  {
    name: 'client-authentication-not-refused',
    breaks: 'client-authentication-refused-where-unsupported',
    create: pretending({ clientAuthentication: false }, createGood),
  },
  {
    name: 'client-certificate-not-refused',
    breaks: 'client-certificates-refused',
    create: pretending({ clientCertificates: false, certificateRequest: 'never' }, createGood),
  },
  {
    name: 'client-sends-its-leaf-only',
    breaks: 'client-sends-its-issuers',
    showsIn: { 'custom-database': 'a database is told what else the client sent' },
    create: withClientHandshake((asked) => ({
      ...asked,
      certificate: withoutIssuers(asked.certificate),
    })),
  },
]

const acceptMutants: readonly Mutant[] = [
  {
    name: 'client-without-errors-not-asked-about',
    breaks: 'application-accepts-clients',
    create: withServers((connection) => {
      replace(
        judgingOf(connection),
        'decide',
        (decide) =>
          async (certificate, verdict, ...rest) => {
            const [accept, ...words] = rest
            const accepts = async () => true
            await decide(
              certificate,
              verdict,
              verdict.errors === 0 ? { accepts } : accept,
              ...words,
            )
          },
      )
    }),
  },
  {
    name: 'client-accepted-if-nobody-is-asked',
    breaks: 'application-accepts-clients',
    create: withServerCallback((ask) => ask ?? ((_, errors) => errors === 0)),
  },
  {
    name: 'client-of-any-authority',
    breaks: 'client-certificate-errors',
    create: withServerErrors((errors) => errors & ~UNKNOWN_CA),
  },
  {
    name: 'client-for-any-purpose',
    breaks: 'client-certificate-errors',
    create: withServerErrors((errors) => errors & ~GENERIC_ERROR),
  },
  {
    name: 'client-for-another-purpose-is-of-an-unknown-authority',
    breaks: 'client-certificate-errors',
    create: withServerErrors((errors) => (errors === GENERIC_ERROR ? UNKNOWN_CA : errors)),
  },
  {
    name: 'client-held-against-a-name',
    breaks: 'client-certificate-errors',
    create: withServerErrors((errors) => (errors === 0 ? 0 : errors | BAD_IDENTITY)),
  },
  {
    name: 'client-errors-not-kept',
    breaks: 'client-certificate-errors',
    showsIn: { 'custom-database': 'what such a database has found is kept, too' },
    create: withServers((connection) => {
      replaceGetter(connection, 'peerCertificateErrors', () => 0)
    }),
  },
  {
    name: 'client-trusted-without-a-database',
    breaks: 'client-certificate-errors',
    create: withServers((connection) => {
      if (connection.database === null) connection.database = undefined
    }),
  },
  {
    name: 'client-accepted-once-and-for-ever',
    breaks: 'resumed-client-judged-again',
    create: (context) => {
      const accepted = new Set<string>()
      return withServerCallback(
        (ask) =>
          ask &&
          (async (certificate, errors) => {
            if (accepted.has(certificate.pem)) return true
            const answer = await ask(certificate, errors)
            if (answer === true) accepted.add(certificate.pem)
            return answer
          }),
      )(context)
    },
  },
  {
    // As OpenSSL keeps it: its sessions have the leaf only.
    name: 'client-resumed-without-its-issuers',
    breaks: 'resumed-client-judged-again',
    create: withServerHandshake(undefined, (result) =>
      result.isSessionResumed ? { ...result, peerChain: result.peerChain.slice(0, 1) } : result,
    ),
  },
  {
    name: 'client-resumed-is-nobody',
    breaks: 'resumed-client-judged-again',
    create: withServerHandshake(undefined, (result) =>
      result.isSessionResumed ? { ...result, peerChain: [] } : result,
    ),
  },
  {
    name: 'accepted-cas-claimed-and-never-told',
    breaks: 'accepted-cas',
    create: claiming({ acceptedCas: true }, createGood),
  },
  {
    name: 'accepted-cas-always-none',
    breaks: 'accepted-cas',
    version: 'TLSv1.1',
    create: withClientHandshake(
      (asked) => ({ ...asked, requestCertificate: () => asked.requestCertificate([]) }),
      undefined,
      createForgeBackend,
    ),
  },
  {
    name: 'accepted-cas-told-without-a-claim',
    breaks: 'accepted-cas',
    create: withClientHandshake(undefined, (result) => ({ ...result, acceptedCas: [] })),
  },
  {
    name: 'accepted-cas-told-on-resumption',
    breaks: 'accepted-cas',
    create: claiming(
      { acceptedCas: true },
      withClientHandshake(undefined, (result) => ({ ...result, acceptedCas: [] })),
    ),
  },
]

export const ownCertificateMutants: readonly Mutant[] = [
  ...keyMutants,
  ...modeMutants,
  ...acceptMutants,
]
