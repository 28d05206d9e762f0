import { createNullBackend } from '@tlsio/backend-null'
import { TlsDatabase, TlsError } from '@tlsio/core'
import { pretending } from '../breaking/claims.js'
import { changeClients } from '../breaking/connections.js'
import { createGood, withBackend } from '../breaking/good.js'
import { withFewer, withoutTls } from '../breaking/modest.js'
import { isTls, recoded } from '../breaking/outcomes.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const unavailable = 'unavailable-refused-with-the-reason'

export const backendsMutants: readonly Mutant[] = [
  {
    name: 'name-with-capitals',
    breaks: 'backend-can-be-selected',
    create: withBackend((backend) => {
      Object.defineProperty(backend, 'name', { value: 'OpenSSL' })
    }),
  },
  {
    name: 'named-help',
    breaks: 'backend-can-be-selected',
    create: withBackend((backend) => {
      Object.defineProperty(backend, 'name', { value: 'help' })
    }),
  },
  {
    name: 'default-database-of-the-process',
    breaks: 'backends-share-nothing',
    create: (() => {
      let current: TlsDatabase | null = null
      return withBackend((backend) => {
        current = null
        replaceGetter(backend, 'defaultDatabase', (former) => current ?? former())
        replace(backend, 'setDefaultDatabase', (check) => (database) => {
          check(database)
          current = database
        })
      })
    })(),
  },
  {
    name: 'version-named-twice',
    breaks: 'capabilities-agree',
    create: withFewer({ protocolVersions: ['TLSv1.2', 'TLSv1.3', 'TLSv1.3'] }, () => {}),
  },
  {
    name: 'tls-denied',
    breaks: 'capabilities-agree',
    create: withBackend((backend) => replaceGetter(backend, 'supportsTls', () => false)),
  },
  {
    name: 'tickets-claimed-without-resumption',
    breaks: 'capabilities-agree',
    create: withFewer({ serverSessionResumption: false }, () => {}),
  },
  {
    name: 'certificate-asked-of-those-who-have-none',
    breaks: 'capabilities-agree',
    create: withFewer({ clientCertificates: false }, () => {}),
  },
  {
    name: 'key-log-claimed-without-tls',
    breaks: 'capabilities-agree',
    create: withoutTls((backend) => {
      const supports = { ...backend.supports, keyLog: true }
      Object.defineProperty(backend, 'supports', { value: supports })
    }),
  },
  {
    // Without a client there is nobody to speak to its servers either: what needs no peer is run.
    name: 'clients-made-though-not-claimed',
    breaks: 'roles-refused-where-unsupported',
    create: pretending(
      {
        client: false,
        sessionResumption: false,
        clientCertificates: false,
        certificateRequest: 'never',
        ocspStapling: false,
      },
      createGood,
    ),
  },
  {
    name: 'default-database-copied',
    breaks: 'default-database',
    create: (() => {
      const copies = new WeakMap<TlsDatabase, TlsDatabase>()
      return withBackend((backend) => {
        replaceGetter(backend, 'defaultDatabase', (former) => {
          const given = former()
          if (given === null || TlsDatabase.decidesOtherwise(given)) return given
          const copy = copies.get(given) ?? new TlsDatabase(given.anchors)
          copies.set(given, copy)
          return copy
        })
      })
    })(),
  },
  {
    name: 'null-removes-the-default-database',
    breaks: 'default-database',
    create: withBackend((backend) => {
      let removed = false
      replaceGetter(backend, 'defaultDatabase', (former) => (removed ? null : former()))
      replace(backend, 'setDefaultDatabase', (set) => (database) => {
        set(database)
        removed = database === null
      })
    }),
  },
  {
    name: 'unavailable-without-a-reason',
    breaks: unavailable,
    create: (context) => createNullBackend({ ...context, explain: () => [] }),
  },
  {
    name: 'unavailable-as-not-supported',
    breaks: unavailable,
    create: withoutTls((backend) => {
      changeClients(backend, (client) => {
        replace(client, 'handshake', (handshake) => async (options) => {
          try {
            await handshake(options)
          } catch (error) {
            throw isTls(error, 'TLS_UNAVAILABLE') ? recoded(error, 'TLS_NOT_SUPPORTED') : error
          }
        })
      })
    }),
  },
  {
    name: 'unavailable-reads-the-end',
    breaks: unavailable,
    create: withoutTls((backend) => {
      changeClients(backend, (client) => replace(client, 'read', () => async () => null))
    }),
  },
  {
    name: 'unavailable-begins-a-record',
    breaks: unavailable,
    create: withoutTls((backend) => {
      changeClients(backend, (client) => {
        replace(client, 'handshake', (handshake) => async (options) => {
          await client.transport.write(Uint8Array.of(22, 3, 1))
          await handshake(options)
        })
      })
    }),
  },
  {
    name: 'unavailable-minds-the-options',
    breaks: unavailable,
    create: withoutTls((backend) => {
      replace(backend, 'createClientConnection', (create) => (stream, options) => {
        if (options?.advertisedProtocols) {
          throw new TlsError('TLS_NOT_SUPPORTED', 'The null backend has no ALPN.')
        }
        return create(stream, options)
      })
    }),
  },
  {
    name: 'unavailable-sessions-not-supported',
    breaks: unavailable,
    create: withoutTls((backend) => {
      changeClients(backend, (client) => {
        replace(client, 'getSession', () => async () => {
          throw new TlsError('TLS_NOT_SUPPORTED', 'The null backend has no sessions.')
        })
      })
    }),
  },
  {
    name: 'unavailable-close-refused',
    breaks: 'unavailable-is-harmless',
    create: withoutTls((backend) => {
      changeClients(backend, (client) => {
        replace(client, 'close', (close) => async (options) => {
          await close(options)
          throw new TlsError('TLS_UNAVAILABLE', 'TLS is not available.')
        })
      })
    }),
  },
  {
    name: 'unavailable-copy-refused',
    breaks: 'unavailable-is-harmless',
    create: withoutTls((backend) => {
      changeClients(backend, (client) => {
        replace(client, 'copySessionState', (copy) => (source) => {
          copy(source)
          throw new TlsError('TLS_UNAVAILABLE', 'TLS is not available.')
        })
      })
    }),
  },
  {
    name: 'unavailable-denies-resumption',
    breaks: 'unavailable-is-harmless',
    create: withoutTls((backend) => {
      changeClients(backend, (client) => replaceGetter(client, 'isSessionResumed', () => false))
    }),
  },
]
