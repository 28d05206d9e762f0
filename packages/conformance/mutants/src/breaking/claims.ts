import type { CreateBackend } from '@tlsio/conformance'
import type { TlsCapabilities } from '@tlsio/core'

/** The backend says this of itself, and core's connections hold it to that. */
export function claiming(claims: Partial<TlsCapabilities>, create: CreateBackend): CreateBackend {
  return (context) => {
    const backend = create(context)
    const supports = { ...backend.supports, ...claims }
    return Object.defineProperty(backend, 'supports', { value: supports, configurable: true })
  }
}

/** The backend says this of itself, which holds its clients to it, and its servers know nothing of it. */
export function pretendingOfServers(
  claims: Partial<TlsCapabilities>,
  create: CreateBackend,
): CreateBackend {
  return (context) => {
    const backend = claiming(claims, create)(context)
    const other = create(context)
    backend.createServerConnection = (...args) => other.createServerConnection(...args)
    return backend
  }
}

/** The backend says this of itself, and its connections know nothing of it. */
export function pretending(claims: Partial<TlsCapabilities>, create: CreateBackend): CreateBackend {
  return (context) => {
    const backend = create(context)
    return {
      name: backend.name,
      supports: { ...backend.supports, ...claims },
      supportsTls: backend.supportsTls,
      supportsDtls: backend.supportsDtls,
      get defaultDatabase() {
        return backend.defaultDatabase
      },
      setDefaultDatabase: (database) => backend.setDefaultDatabase(database),
      loadPkcs11Certificate: (...args) => backend.loadPkcs11Certificate(...args),
      createClientConnection: (...args) => backend.createClientConnection(...args),
      createServerConnection: (...args) => backend.createServerConnection(...args),
      createDtlsClientConnection: (...args) => backend.createDtlsClientConnection(...args),
      createDtlsServerConnection: (...args) => backend.createDtlsServerConnection(...args),
      dtlsCookies: backend.dtlsCookies,
    }
  }
}
