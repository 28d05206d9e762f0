import { MemorySessionStore, type TlsSession } from '@tlsio/core'
import { createGood } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import { PassingStore, withStore, withStoreAndClients } from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

const shared = new MemorySessionStore()

export const sessionStoresMutants: readonly Mutant[] = [
  {
    name: 'one-store-per-process',
    breaks: 'backends-share-no-sessions',
    showsIn: { handshake: 'a ticket is offered again after another hello' },
    create: (context) => {
      // The server of each case is made without a database: what is shared ends with the case.
      if (context.defaultDatabase === undefined) shared.clear()
      return createGood({ sessionStore: context.clock ? undefined : shared, ...context })
    },
  },
  {
    name: 'given-store-not-used',
    breaks: 'backends-share-no-sessions',
    showsIn: { 'copy-session-state': 'a store is given there to count what is taken' },
    create: (context) => createGood({ ...context, sessionStore: undefined }),
  },
  {
    // It makes a new entry of all that is left under the key.
    name: 'lifetime-prolonged-by-use',
    breaks: 'sessions-expire-unprolonged',
    create: withStore((good) => {
      return new (class extends PassingStore {
        override async take(key: string): Promise<TlsSession | undefined> {
          const session = await super.take(key)
          if (session === undefined || session.protocolVersion !== 'TLSv1.3') return session
          const others: TlsSession[] = []
          while (others.length < 8) {
            const next = await super.take(key)
            if (next === undefined) break
            others.push(next)
          }
          for (const other of others) await super.put(key, other)
          return session
        }
      })(good)
    }),
  },
  {
    name: 'sessions-kept-for-a-day',
    breaks: 'sessions-expire-unprolonged',
    create: (context) => {
      const sessionStore = new MemorySessionStore({ clock: context.clock, maxAge: 86_400_000 })
      return createGood({ ...context, sessionStore: context.sessionStore ?? sessionStore })
    },
  },
  {
    name: 'asynchronous-store-not-awaited',
    breaks: 'session-stores-may-be-slow-or-fail',
    create: withStore((good) => {
      return new (class extends PassingStore {
        override take(key: string): TlsSession | undefined {
          const session = super.take(key)
          return session instanceof Promise ? undefined : session
        }
      })(good)
    }),
  },
  {
    name: 'rejection-of-the-store-left-to-nobody',
    breaks: 'session-stores-may-be-slow-or-fail',
    create: withStore((good) => {
      return new (class extends PassingStore {
        override put(key: string, session: TlsSession): void {
          void super.put(key, session)
        }
      })(good)
    }),
  },
  {
    name: 'store-that-throws-ends-the-handshake',
    breaks: 'session-stores-may-be-slow-or-fail',
    create: withStoreAndClients(
      (good) => new FailingStore(good),
      (connection, store) => {
        replace(connection, 'handshake', (handshake) => async (options) => {
          await handshake(options)
          if (store.failure !== undefined) throw store.failure
        })
      },
    ),
  },
]

/** Knows what went wrong below. */
class FailingStore extends PassingStore {
  failure: unknown

  override async take(key: string): Promise<TlsSession | undefined> {
    try {
      return await super.take(key)
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}
