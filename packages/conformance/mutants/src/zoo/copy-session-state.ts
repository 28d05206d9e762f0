import {
  type SessionStore,
  type TlsClientConnection,
  TlsSession,
  type TlsSessionEvent,
} from '@tlsio/core'
import { hostOf, withCopiesStarting, withCopy } from '../breaking/copies.js'
import { withClientHandshake } from '../breaking/drivers.js'
import { withClients } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import {
  copyOf,
  PassingStore,
  RememberingStore,
  withStore,
  withStoreAndClients,
} from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

const help: readonly Mutant[] = [
  {
    name: 'copy-does-nothing',
    breaks: 'copy-resumes',
    showsIn: {
      sessions: 'the tickets of a resumed connection are counted on a copy',
      'channel-binding': 'the bindings of a resumed connection are those of a copy',
      'custom-database': 'the database of a copy is asked about its session',
      'session-resumption': 'a copy is how some of its cases resume',
    },
    create: withCopiesStarting((target) => target.setSession(null)),
  },
  {
    name: 'copy-needs-the-same-name',
    breaks: 'copy-resumes',
    create: withCopiesStarting((target, source) => {
      if (hostOf(target) !== hostOf(source)) target.setSession(null)
    }),
  },
  {
    name: 'copy-only-where-truncation-is-watched',
    breaks: 'copy-resumes',
    create: withCopiesStarting((target) => {
      if (!target.requireCloseNotify) target.setSession(null)
    }),
  },
  {
    name: 'copy-takes-what-is-there-at-the-call',
    breaks: 'copy-chosen-when-the-handshake-starts',
    create: withCopy((copy) => (source) => {
      if (source?.protocolVersion !== null || source.closed) copy(source)
    }),
  },
  {
    name: 'copy-from-a-closed-source-ignored',
    breaks: 'copy-chosen-when-the-handshake-starts',
    showsIn: {
      'session-resumption': 'a copy of a closed connection is how one of its cases resumes',
    },
    create: withCopy((copy) => (source) => {
      if (source?.closed !== true) copy(source)
    }),
  },
  {
    name: 'copy-offers-the-newest-ticket-for-ever',
    breaks: 'copy-takes-unused-tickets-first',
    create: withCopiesStarting(async (target, source) => {
      const session = await source.getSession({ wait: 0 }).catch(() => undefined)
      if (session?.isResumable && target.sessionResumption === 'automatic')
        target.setSession(session)
    }),
  },
  {
    name: 'copy-offers-no-used-ticket',
    breaks: 'copy-uses-tickets-again',
    create: (context) => {
      const offered = new Set<string>()
      return withClientHandshake((asked) => {
        const session = asked.session && Buffer.from(asked.session).toString('base64')
        if (session === undefined) return asked
        if (offered.has(session)) return { ...asked, session: undefined }
        offered.add(session)
        return asked
      })(context)
    },
  },
]

const belonging: readonly Mutant[] = [
  {
    // As glib-networking does: whatever there is for the host.
    name: 'copy-takes-the-last-session-of-the-host',
    breaks: 'copy-keeps-to-its-source',
    create: (context) => {
      const last = new Map<string | undefined, TlsClientConnection>()
      return withClients((connection) => {
        connection.addEventListener('session', () => last.set(hostOf(connection), connection))
        replace(connection, 'copySessionState', (copy) => (source) => {
          copy(source)
          const other = last.get(hostOf(source))
          if (other !== undefined) copy(other)
        })
      })(context)
    },
  },
  {
    name: 'copied-ticket-offered-by-the-store-too',
    breaks: 'copy-and-store-share-nothing',
    showsIn: {
      'session-resumption': 'what a fatal alert drops is looked for in the store',
    },
    create: withStore((good) => {
      return new (class extends PassingStore {
        override put(key: string, session: TlsSession): void | Promise<void> {
          return super.put(key, copyOf(session))
        }
      })(good)
    }),
  },
  {
    name: 'tickets-of-a-copy-kept-in-the-store',
    breaks: 'copy-and-store-share-nothing',
    create: withStoreAndClients(
      (good: SessionStore) => new RememberingStore(good),
      (connection, store) => {
        replace(connection, 'copySessionState', (copy) => (source) => {
          copy(source)
          connection.addEventListener('session', async (event) => {
            const { session } = event as TlsSessionEvent
            if (store.last !== undefined) await store.put(store.last.key, session)
          })
        })
      },
    ),
  },
  {
    name: 'copy-from-a-resumed-source-ignored',
    breaks: 'copy-passes-on-what-was-resumed',
    create: withCopiesStarting((target, source) => {
      if (source.isSessionResumed === true) target.setSession(null)
    }),
  },
]

const source: readonly Mutant[] = [
  {
    name: 'copy-takes-the-session-away',
    breaks: 'copy-leaves-the-source-alone',
    create: withCopy((copy) => (source) => {
      copy(source)
      replace(source, 'getSession', (getSession) => async (options) => {
        const session = await getSession(options)
        return new TlsSession(TlsSession.factsOf(session), undefined)
      })
    }),
  },
  {
    name: 'failed-copy-ends-its-source',
    breaks: 'copy-leaves-the-source-alone',
    create: withClients((target) => {
      let from: TlsClientConnection | undefined
      replace(target, 'copySessionState', (copy) => (source) => {
        copy(source)
        if (source !== target) from = source
      })
      replace(target, 'handshake', (handshake) => (options) => {
        return handshake(options).catch((error) => {
          from?.abort(error)
          throw error
        })
      })
    }),
  },
]

const others: readonly Mutant[] = [
  {
    name: 'copy-turns-resumption-on',
    breaks: 'copy-yields-to-other-settings',
    create: withCopiesStarting((target) => {
      target.sessionResumption = 'automatic'
    }),
  },
  {
    name: 'first-copy-wins',
    breaks: 'copy-yields-to-other-settings',
    create: withClients((target) => {
      let first: TlsClientConnection | undefined
      replace(target, 'copySessionState', (copy) => (source) => {
        copy(source)
        first ??= source
        copy(first)
      })
    }),
  },
  {
    name: 'copy-outlives-set-session-null',
    breaks: 'copy-yields-to-other-settings',
    create: withClients((target) => {
      let from: TlsClientConnection | undefined
      replace(target, 'copySessionState', (copy) => (source) => {
        copy(source)
        from = source
      })
      replace(target, 'setSession', (setSession) => (session) => {
        setSession(session)
        if (session === null && from !== undefined) target.copySessionState(from)
      })
    }),
  },
  {
    name: 'copy-from-anything',
    breaks: 'copy-needs-a-client-connection',
    create: withCopy((copy) => (source) => {
      try {
        copy(source)
      } catch {
        // It may do nothing.
      }
    }),
  },
]

const verification: readonly Mutant[] = [
  {
    name: 'copy-takes-the-identity-of-its-source',
    breaks: 'copy-does-not-weaken-verification',
    create: withCopiesStarting((target, source) => {
      target.serverIdentity = source.serverIdentity
    }),
  },
  {
    name: 'copy-takes-the-trust-of-its-source',
    breaks: 'copy-does-not-weaken-verification',
    showsIn: { 'custom-database': 'the database of the copy decides there' },
    create: withCopiesStarting((target, source) => {
      target.database = source.database
    }),
  },
  {
    name: 'copy-takes-the-application-of-its-source',
    breaks: 'copy-does-not-weaken-verification',
    create: withCopiesStarting((target, source) => {
      target.acceptCertificate ??= source.acceptCertificate
    }),
  },
]

export const copySessionStateMutants: readonly Mutant[] = [
  ...help,
  ...belonging,
  ...source,
  ...others,
  ...verification,
]
