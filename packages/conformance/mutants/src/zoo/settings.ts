import { TlsCertificateFlags } from '@tlsio/core'
import { canonicalIdentity } from '@tlsio/core/backend'
import { pretendingOfServers } from '../breaking/claims.js'
import {
  changeClientOptions,
  withClientOptions,
  withClientSettings,
} from '../breaking/connections.js'
import { createGood, withClients, withServers } from '../breaking/good.js'
import { withFewer } from '../breaking/modest.js'
import { isTls, recoded } from '../breaking/outcomes.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** Before the handshake, when nothing is expected of a connection yet. */
export const settingsMutants: readonly Mutant[] = [
  {
    name: 'handshake-starts-by-itself',
    breaks: 'no-io-before-the-handshake',
    showsIn: { 'copy-session-state': 'connections are made there before they are needed' },
    create: withClients((client) => {
      setImmediate(() => client.handshake().catch(() => {}))
    }),
  },
  {
    name: 'transport-wrapped',
    breaks: 'transport-as-given',
    create: withClients((client) => {
      const wrapped = new PassingStream(client.transport)
      replaceGetter(client, 'transport', () => wrapped)
    }),
  },
  {
    name: 'port-out-of-range-dropped',
    breaks: 'senseless-options-refused',
    create: withClientOptions((options) => {
      const { serverIdentity } = options
      if ((serverIdentity?.port ?? 0) <= 65_535) return options
      return { ...options, serverIdentity: { ...serverIdentity, port: undefined } as never }
    }),
  },
  {
    name: 'unknown-version-taken-for-the-default',
    breaks: 'senseless-options-refused',
    create: withClientOptions((options) => {
      const isKnown = /^(SSLv3|TLSv1(\.[123])?)$/.test(options.minVersion ?? 'TLSv1.2')
      return isKnown ? options : { ...options, minVersion: undefined }
    }),
  },
  {
    name: 'old-version-raised',
    breaks: 'unsupported-options-refused',
    create: withClientOptions((options) =>
      options.minVersion === 'SSLv3' ? { ...options, minVersion: undefined } : options,
    ),
  },
  {
    name: 'new-version-lowered',
    breaks: 'unsupported-options-refused',
    version: 'TLSv1.2',
    create: withFewer({ protocolVersions: ['TLSv1.2'], ticketsPerHandshake: null }, (backend) => {
      changeClientOptions(backend, (options) =>
        options.minVersion === 'TLSv1.3' ? { ...options, minVersion: undefined } : options,
      )
    }),
  },
  {
    name: 'alpn-ignored-where-unsupported',
    breaks: 'unsupported-options-refused',
    create: withFewer({ alpn: false }, (backend) => {
      changeClientOptions(backend, (options) => ({ ...options, advertisedProtocols: undefined }))
    }),
  },
  {
    name: 'servers-ignore-what-they-do-not-have',
    breaks: 'unsupported-options-refused',
    create: pretendingOfServers({ alpn: false, keyLog: false }, createGood),
  },
  {
    name: 'ticket-keys-ignored-where-servers-do-not-resume',
    breaks: 'unsupported-options-refused',
    create: pretendingOfServers(
      { serverSessionResumption: false, ticketsPerHandshake: null },
      createGood,
    ),
  },
  {
    name: 'server-name-read-late',
    breaks: 'settings-read-at-the-start',
    create: withClientSettings((asked, { serverIdentity }) => {
      if (serverIdentity === null) return asked
      const { kind, host } = canonicalIdentity(serverIdentity)
      return { ...asked, serverName: kind === 'ip' ? undefined : host }
    }),
  },
  {
    name: 'protocols-fixed-when-made',
    breaks: 'settings-read-at-the-start',
    create: withClients((client) => {
      const { advertisedProtocols } = client
      replaceGetter(client, 'advertisedProtocols', () => advertisedProtocols)
    }),
  },
  {
    name: 'certificate-fixed-when-made',
    breaks: 'settings-read-at-the-start',
    create: withServers((server) => {
      const { certificate } = server
      replaceGetter(server, 'certificate', () => certificate)
    }),
  },
  {
    name: 'peer-judged-whenever-one-looks',
    breaks: 'settings-read-at-the-start',
    create: withClients((client) => {
      replaceGetter(client, 'peerCertificateErrors', (former) => {
        const nobody = client.database === null && client.protocolVersion !== null
        return former() | (nobody ? TlsCertificateFlags.UNKNOWN_CA : 0)
      })
    }),
  },
  {
    // OpenSSL then finds no cipher suite for which it has a certificate.
    name: 'server-without-certificate-shares-no-cipher',
    breaks: 'server-needs-a-certificate',
    create: withServers((server) => {
      replace(server, 'handshake', (handshake) => async (options) => {
        try {
          await handshake(options)
        } catch (error) {
          const isMissing = server.certificate === undefined && isTls(error, 'TLS_BAD_CERTIFICATE')
          throw isMissing ? recoded(error, 'TLS_HANDSHAKE') : error
        }
      })
    }),
  },
]
