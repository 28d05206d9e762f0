import { createNodeBackend } from '@tlsio/backend-node'
import type { CreateBackend } from '@tlsio/conformance'
import type { TlsBackend, TlsClientConnection, TlsServerConnection } from '@tlsio/core'
import { noteLibraryChange } from './library.js'

/** The backend that all mutants are made from, and that must pass. */
export const createGood: CreateBackend = createNodeBackend

/** Good, but each client connection is changed when it is made. */
export function withClients(change: (connection: TlsClientConnection) => void): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    const create = backend.createClientConnection.bind(backend)
    backend.createClientConnection = (stream, options) => {
      const connection = create(stream, options)
      change(connection)
      return connection
    }
    return backend
  }
}

/** Good, but each server connection is changed when it is made. */
export function withServers(change: (connection: TlsServerConnection) => void): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    const create = backend.createServerConnection.bind(backend)
    backend.createServerConnection = (stream, options) => {
      const connection = create(stream, options)
      change(connection)
      return connection
    }
    return backend
  }
}

/** Good, but the backend itself is changed. */
export function withBackend(change: (backend: TlsBackend) => void): CreateBackend {
  return (context) => {
    const backend = createGood(context)
    change(backend)
    return backend
  }
}

/** Good, but something of the library was changed before. */
export function withLibrary(change: () => void): CreateBackend {
  let changed = false
  return (context) => {
    if (!changed) change()
    noteLibraryChange()
    changed = true
    return createGood(context)
  }
}
