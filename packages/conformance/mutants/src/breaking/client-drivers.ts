import type { CreateBackend } from '@tlsio/conformance'
import type { IoStream, TlsClientConnection } from '@tlsio/core'
import type { TlsDriver } from '@tlsio/core/backend'
import { withClientDriver } from './drivers.js'

/**
 * Good, but each client connection is changed when it is made, by somebody who may talk to what speaks
 * TLS for it, once there is one, behind its back.
 */
export function withClientsAndDrivers(
  change: (
    connection: TlsClientConnection,
    driver: () => Pick<TlsDriver, 'write' | 'closeWrite' | 'close'>,
  ) => void,
): CreateBackend {
  const drivers = new WeakMap<IoStream, TlsDriver<never>>()
  const create = withClientDriver((make, stream, events) => {
    const driver = make(stream, events)
    drivers.set(stream, driver)
    return driver
  })
  return (context) => {
    const backend = create(context)
    const createClient = backend.createClientConnection.bind(backend)
    backend.createClientConnection = (stream, options) => {
      const connection = createClient(stream, options)
      change(connection, () => drivers.get(stream) as TlsDriver<never>)
      return connection
    }
    return backend
  }
}
