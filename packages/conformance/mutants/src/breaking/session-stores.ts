import type { CreateBackend } from '@tlsio/conformance'
import {
  MemorySessionStore,
  type SessionStore,
  type TlsClientConnection,
  TlsSession,
} from '@tlsio/core'
import { createGood } from './good.js'
import { noteLibraryChange } from './library.js'

/** What core makes the keys of a store from, in this order. */
export interface KeyParts {
  readonly backend: string
  readonly host: string
  readonly port: number | null
  readonly trust: string
  readonly certificate: string
  readonly protocols: readonly string[]
  readonly minVersion: string
  readonly maxVersion: string
}

/** Good, but it keeps its sessions in a store that is made of the one it was given, or of its own. */
export function withStore(change: (good: SessionStore) => SessionStore): CreateBackend {
  return withStoreAndClients(change, () => {})
}

/** The same, and each client connection is changed when it is made, in knowledge of the store. */
export function withStoreAndClients<S extends SessionStore>(
  change: (good: SessionStore) => S,
  changeClient: (connection: TlsClientConnection, store: S) => void,
): CreateBackend {
  return (context) => {
    const sessionStore = change(
      context.sessionStore ?? new MemorySessionStore({ clock: context.clock }),
    )
    const backend = createGood({ ...context, sessionStore })
    const create = backend.createClientConnection.bind(backend)
    backend.createClientConnection = (stream, options) => {
      const connection = create(stream, options)
      changeClient(connection, sessionStore)
      return connection
    }
    return backend
  }
}

/** A store that does what another does: mutants override one member. */
export class PassingStore implements SessionStore {
  protected readonly good: SessionStore

  /** Passes everything on to `good`. */
  constructor(good: SessionStore) {
    this.good = good
  }

  put(key: string, session: TlsSession): void | Promise<void> {
    return this.good.put(key, session)
  }

  take(key: string): TlsSession | undefined | Promise<TlsSession | undefined> {
    return this.good.take(key)
  }

  remove(key: string, session: TlsSession): void | Promise<void> {
    return this.good.remove(key, session)
  }
}

/** A store that also remembers who was there last, so that connections can put it back. */
export class RememberingStore extends PassingStore {
  /** The session that was put or taken last. */
  last: { readonly key: string; readonly session: TlsSession } | undefined

  override put(key: string, session: TlsSession): void | Promise<void> {
    this.last = { key, session }
    return super.put(key, session)
  }

  override async take(key: string): Promise<TlsSession | undefined> {
    const session = await super.take(key)
    this.last = session && { key, session }
    return session
  }

  /** Keeps the last one as if it had never been used. */
  async restore(): Promise<void> {
    if (this.last !== undefined) await this.good.put(this.last.key, copyOf(this.last.session))
  }
}

/**
 * Good, but its store takes keys for the same that differ in these parts only. Core judges trust and
 * client certificate of a session again, so there a session is made to look like the asking one's.
 */
export function withKeysWithout(...parts: readonly (keyof KeyParts)[]): CreateBackend {
  return withStore((good) => {
    const facts = disguises()
    return new (class extends PassingStore {
      override put(key: string, session: TlsSession): void | Promise<void> {
        return super.put(keyWithout(key, parts), session)
      }

      override async take(key: string): Promise<TlsSession | undefined> {
        const session = await super.take(keyWithout(key, parts))
        const { trust, certificate } = partsOf(key)
        if (session !== undefined) {
          facts.set(session, {
            ...(parts.includes('trust') && { trustFingerprint: trust }),
            ...(parts.includes('certificate') && { certificateFingerprint: certificate }),
          })
        }
        return session
      }

      override remove(key: string, session: TlsSession): void | Promise<void> {
        return super.remove(keyWithout(key, parts), session)
      }
    })(good)
  })
}

/** What `make` makes, which may let sessions say something else of themselves than the truth. */
export function withDisguises(
  make: (disguise: (session: TlsSession, claims: Partial<SessionFacts>) => void) => CreateBackend,
): CreateBackend {
  const create = make((session, claims) => disguises().set(session, claims))
  return (context) => {
    disguises()
    return create(context)
  }
}

/** The same session as another object, as a store makes it that writes it down. */
export function copyOf(session: TlsSession): TlsSession {
  const data = TlsSession.dataOf(session)
  return new TlsSession(TlsSession.factsOf(session), data && { data, lifetime: session.lifetime })
}

type SessionFacts = ReturnType<typeof TlsSession.factsOf>

let disguised: WeakMap<TlsSession, Partial<SessionFacts>> | undefined

/** What sessions say of themselves in place of the truth. */
function disguises(): WeakMap<TlsSession, Partial<SessionFacts>> {
  noteLibraryChange()
  if (disguised !== undefined) return disguised
  const claims = new WeakMap<TlsSession, Partial<SessionFacts>>()
  const factsOf = TlsSession.factsOf
  TlsSession.factsOf = (session) => ({ ...factsOf(session), ...claims.get(session) })
  disguised = claims
  return claims
}

function keyWithout(key: string, without: readonly (keyof KeyParts)[]): string {
  const parts: Partial<KeyParts> = partsOf(key)
  for (const part of without) delete (parts as Record<string, unknown>)[part]
  return JSON.stringify(parts)
}

function partsOf(key: string): KeyParts {
  const [backend, host, port, trust, certificate, protocols, minVersion, maxVersion] =
    JSON.parse(key)
  return { backend, host, port, trust, certificate, protocols, minVersion, maxVersion }
}
