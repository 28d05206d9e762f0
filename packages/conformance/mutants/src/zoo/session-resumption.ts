import { constants } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import tls from 'node:tls'
import {
  type SessionStore,
  TicketKeys,
  TlsCertificate,
  type TlsClientConnection,
  TlsError,
  type TlsSession,
  type TlsSessionEvent,
} from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult, SessionState } from '@tlsio/core/backend'
import { Passing, withClientDriver, withClientHandshake } from '../breaking/drivers.js'
import { withBackend, withClients, withLibrary } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { withClientsAndOffers } from '../breaking/resumption.js'
import {
  copyOf,
  PassingStore,
  RememberingStore,
  withStore,
  withStoreAndClients,
} from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

const copies = 'a copied session is resumed in the same way'

const automatic: readonly Mutant[] = [
  {
    name: 'resumption-not-told',
    breaks: 'session-resumed-automatically',
    showsIn: {
      'copy-session-state': copies,
      sessions: 'sessions are set and copied there',
      'client-authentication': 'a client is judged again when it is resumed',
      'custom-database': 'a database is asked again when a session is resumed',
      'channel-binding': 'keys of a resumed connection are exported, too',
      handshake: 'a ticket is offered again after another hello',
    },
    create: withClients((connection) => {
      replaceGetter(connection, 'isSessionResumed', (former) => former() && false)
    }),
  },
  {
    name: 'resumption-only-where-truncation-is-watched',
    breaks: 'session-resumed-automatically',
    showsIn: { 'copy-session-state': copies },
    create: withClientHandshake((asked) =>
      asked.detectTruncation ? asked : { ...asked, session: undefined },
    ),
  },
  {
    name: 'ticket-offered-twice',
    breaks: 'ticket-offered-once',
    showsIn: { 'copy-session-state': 'a copy and the store give each other no ticket there' },
    create: withStore((good) => {
      return new (class extends PassingStore {
        override async take(key: string): Promise<TlsSession | undefined> {
          const session = await super.take(key)
          if (session?.protocolVersion === 'TLSv1.3') await super.put(key, copyOf(session))
          return session
        }
      })(good)
    }),
  },
  {
    name: 'store-taken-at-its-word',
    breaks: 'ticket-offered-once',
    create: withStore((good) => {
      return new (class extends PassingStore {
        override async take(key: string): Promise<TlsSession | undefined> {
          const session = await super.take(key)
          // Nobody knows of this one that it was used.
          return session && copyOf(session)
        }
      })(good)
    }),
  },
  {
    // Read first and removed later: two that ask meanwhile get the same.
    name: 'ticket-given-to-all-who-ask-at-once',
    breaks: 'ticket-offered-once',
    create: withStore((good) => {
      let taking: Promise<TlsSession | undefined> | undefined
      return new (class extends PassingStore {
        override async take(key: string): Promise<TlsSession | undefined> {
          if (taking !== undefined) {
            const session = await taking
            return session && copyOf(session)
          }
          taking = Promise.resolve(super.take(key))
          setImmediate(() => {
            taking = undefined
          })
          return taking
        }
      })(good)
    }),
  },
  {
    name: 'older-session-offered-once',
    breaks: 'older-session-used-again',
    version: 'TLSv1.2',
    create: withStore((good) => {
      return new (class extends PassingStore {
        override async take(key: string): Promise<TlsSession | undefined> {
          const session = await super.take(key)
          if (session !== undefined) await super.remove(key, session)
          return session
        }
      })(good)
    }),
  },
  {
    name: 'peer-certificate-lost-when-resumed',
    breaks: 'resumed-connection-has-all-facts',
    showsIn: {
      'copy-session-state': copies,
      'channel-binding': 'tls-server-end-point is made of that certificate',
      'custom-database': 'what is resumed has the certificate that a database was asked about',
    },
    create: withClients((connection) => {
      replaceGetter(connection, 'peerCertificate', (former) =>
        connection.isSessionResumed ? null : former(),
      )
    }),
  },
  {
    name: 'issuers-lost-when-resumed',
    breaks: 'resumed-connection-has-all-facts',
    showsIn: {
      'copy-session-state': copies,
      'custom-database': 'the very certificate that a database was asked about is expected there',
    },
    create: withClients((connection) => {
      replaceGetter(connection, 'peerCertificate', (former) => {
        const certificate = former()
        return connection.isSessionResumed && certificate
          ? TlsCertificate.fromDer(certificate.der)
          : certificate
      })
    }),
  },
  {
    name: 'verification-lost-when-resumed',
    breaks: 'resumed-connection-has-all-facts',
    showsIn: { 'copy-session-state': copies },
    create: withClients((connection) => {
      replaceGetter(connection, 'peerVerification', (former) =>
        connection.isSessionResumed ? null : former(),
      )
    }),
  },
  {
    name: 'protocol-lost-when-resumed',
    breaks: 'resumed-connection-has-all-facts',
    create: withClients((connection) => {
      replaceGetter(connection, 'negotiatedProtocol', (former) =>
        connection.isSessionResumed ? null : former(),
      )
    }),
  },
  {
    name: 'server-name-not-sent-when-resuming',
    breaks: 'resumed-connection-has-all-facts',
    showsIn: { 'copy-session-state': 'a copy is to say the same as a connection without' },
    create: withClientHandshake((asked) =>
      asked.session === undefined ? asked : { ...asked, serverName: undefined },
    ),
  },
  {
    name: 'tickets-taken-by-reads-only',
    breaks: 'tickets-kept-although-nobody-reads',
    showsIn: { sessions: 'getSession waits for a ticket there, and nobody reads' },
    create: withClientDriver((make, stream, events) => {
      const waiting: SessionState[] = []
      const tell = () => {
        for (const state of waiting.splice(0)) events.session(state)
      }
      return new (class extends Passing<ClientHandshakeParameters> {
        override async read(): Promise<Uint8Array | null> {
          tell()
          const chunk = await super.read()
          tell()
          return chunk
        }
      })(make(stream, { session: (state) => waiting.push(state) }))
    }),
  },
  {
    name: 'ticket-taken-at-construction',
    breaks: 'session-chosen-when-the-handshake-starts',
    showsIn: {
      'copy-session-state': 'what is taken from a store is counted there',
      sessions: 'a connection that is given a session takes one of the store for nothing',
    },
    create: withStoreAndClients(
      (good) => new EarlyStore(good),
      (_, store) => store.takeEarly(),
    ),
  },
  {
    name: 'session-chosen-at-construction',
    breaks: 'session-chosen-when-the-handshake-starts',
    create: (context) => {
      const newest = new Map<string, TlsSession>()
      return withClients((connection) => {
        const expected = () => JSON.stringify(connection.serverIdentity)
        const atFirst = expected()
        connection.addEventListener('session', (event) => {
          newest.set(expected(), (event as TlsSessionEvent).session)
        })
        let isNew = true
        replace(connection, 'handshake', (handshake) => async (options) => {
          const session = isNew && expected() !== atFirst ? newest.get(atFirst) : undefined
          isNew = false
          if (session !== undefined) connection.setSession(session)
          return handshake(options)
        })
      })(context)
    },
  },
]

/** Takes what was asked for last when a connection is made, and loses it if that never asks. */
class EarlyStore extends PassingStore {
  #key: string | undefined
  #held: { readonly key: string; readonly session: TlsSession } | undefined

  takeEarly(): void {
    if (this.#key === undefined) return
    const session = this.good.take(this.#key) as TlsSession | undefined
    this.#held = session && { key: this.#key, session }
  }

  override put(key: string, session: TlsSession): void | Promise<void> {
    this.#key = key
    return super.put(key, session)
  }

  override take(key: string): TlsSession | undefined | Promise<TlsSession | undefined> {
    const held = this.#held
    if (held?.key !== key) return super.take(key)
    this.#held = undefined
    return held.session
  }
}

const keys: readonly Mutant[] = [
  {
    // OpenSSL's clients then also announce that they do without a fresh key.
    name: 'ticket-without-a-fresh-key',
    breaks: 'ticket-with-fresh-keys',
    create: withLibrary(() => {
      const { createSecureContext } = tls
      tls.createSecureContext = (options) => {
        const secureOptions = (options?.secureOptions ?? 0) | constants.SSL_OP_ALLOW_NO_DHE_KEX
        return createSecureContext({ ...options, secureOptions })
      }
      syncBuiltinESMExports()
    }),
  },
]

const off: readonly Mutant[] = [
  {
    name: 'resumption-always-on',
    breaks: 'session-resumption-off',
    showsIn: { 'copy-session-state': 'resumption is off there, too' },
    create: withClients((connection) => {
      connection.sessionResumption = 'automatic'
    }),
  },
  {
    name: 'sessions-announced-with-resumption-off',
    breaks: 'session-resumption-off',
    showsIn: { 'copy-session-state': 'there is nothing to copy where resumption is off' },
    create: withClientHandshake((asked) => ({ ...asked, wantSessions: true })),
  },
]

const failures: readonly Mutant[] = [
  {
    name: 'session-survives-a-failed-handshake',
    breaks: 'failed-handshake-drops-its-session',
    create: withStoreAndClients(
      (good: SessionStore) => new RememberingStore(good),
      (connection, store) => {
        replace(connection, 'handshake', (handshake) => async (options) => {
          store.last = undefined
          await handshake(options).catch(async (error) => {
            await store.restore()
            throw error
          })
        })
      },
    ),
  },
  {
    name: 'session-survives-truncation',
    breaks: 'truncation-drops-the-session',
    version: 'TLSv1.2',
    create: withStoreAndClients(
      (good: SessionStore) => new RememberingStore(good),
      (connection, store) => {
        replace(connection, 'read', (read) => async (options) => {
          try {
            return await read(options)
          } catch (error) {
            if (error instanceof TlsError && error.code === 'TLS_EOF') await store.restore()
            throw error
          }
        })
      },
    ),
  },
  {
    name: 'session-survives-a-fatal-alert',
    breaks: 'fatal-alert-drops-the-session',
    create: withStoreAndClients(
      (good: SessionStore) => new RememberingStore(good),
      (connection, store) => {
        replace(connection, 'read', (read) => async (options) => {
          try {
            return await read(options)
          } catch (error) {
            if (error instanceof TlsError && error.code !== 'TLS_EOF') await store.restore()
            throw error
          }
        })
      },
    ),
  },
  {
    name: 'session-lost-to-copies-by-a-fatal-alert',
    breaks: 'fatal-alert-drops-the-session',
    create: (context) => {
      const broken = new WeakSet<TlsClientConnection>()
      return withClients((connection) => {
        replace(connection, 'read', (read) => async (options) => {
          try {
            return await read(options)
          } catch (error) {
            if (error instanceof TlsError) broken.add(connection)
            throw error
          }
        })
        replace(connection, 'copySessionState', (copy) => (source) => {
          if (!broken.has(source)) copy(source)
        })
      })(context)
    },
  },
  {
    name: 'refused-session-ends-the-handshake',
    breaks: 'useless-session-costs-a-full-handshake',
    showsIn: {
      'copy-session-state': 'a copied session may be refused as well',
      'custom-database': 'a session is refused there by a server with another certificate',
      'client-authentication': 'a session is refused there by a server that wants a certificate',
    },
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          const result = await super.handshake(asked)
          if (asked.session === undefined || result.isSessionResumed === true) return result
          throw new TlsError('TLS_HANDSHAKE', 'The server has refused the session.')
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'resumption-told-whenever-offered',
    breaks: 'useless-session-costs-a-full-handshake',
    showsIn: {
      'copy-session-state': 'a copied session may be refused as well',
      sessions: 'a damaged one is of no use to the server',
    },
    create: withClientsAndOffers((connection, hasOffered) => {
      replaceGetter(connection, 'isSessionResumed', (former) =>
        former() === false ? hasOffered() : former(),
      )
    }),
  },
  {
    name: 'unreadable-session-ends-the-handshake',
    breaks: 'useless-session-costs-a-full-handshake',
    create: withClientHandshake((asked) => {
      // An engine's own form of a session, of which the first byte says enough here.
      if (asked.session !== undefined && asked.session[0] !== 0x30) {
        throw new TlsError('TLS_MISC', 'The session cannot be read.')
      }
      return asked
    }),
  },
]

const servers: readonly Mutant[] = [
  {
    name: 'given-ticket-keys-not-shared',
    breaks: 'server-resumes-by-its-ticket-keys',
    showsIn: {
      'copy-session-state': 'servers of one FTP session share their keys there',
      'client-authentication': 'servers that ask for certificates share their keys there',
    },
    create: withBackend((backend) => {
      replace(backend, 'createServerConnection', (create) => (stream, options) => {
        const ticketKeys = options?.ticketKeys && TicketKeys.generate()
        return create(stream, { ...options, ticketKeys })
      })
    }),
  },
  {
    name: 'given-ticket-keys-ignored',
    breaks: 'server-keeps-to-its-ticket-keys',
    showsIn: { 'copy-session-state': 'servers of two FTP sessions have keys of their own there' },
    create: withBackend((backend) => {
      replace(backend, 'createServerConnection', (create) => (stream, options) => {
        return create(stream, { ...options, ticketKeys: undefined })
      })
    }),
  },
  ...[
    { full: 3, resumed: 0 },
    { full: 2, resumed: 1 },
  ].map(({ full, resumed }) => ({
    name: `tickets-claimed-${full}-and-${resumed}`,
    breaks: 'tickets-as-many-as-claimed',
    create: withBackend((backend) => {
      const supports = { ...backend.supports, ticketsPerHandshake: { full, resumed } }
      Object.defineProperty(backend, 'supports', { value: supports })
    }),
  })),
]

export const sessionResumptionMutants: readonly Mutant[] = [
  ...automatic,
  ...keys,
  ...off,
  ...failures,
  ...servers,
]
