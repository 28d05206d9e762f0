import type { CreateBackend } from '@tlsio/conformance'
import type { AcceptCertificate, TlsClientConnection, TlsServerConnection } from '@tlsio/core'
import { withClients, withServers } from './good.js'
import { replaceGetter } from './replace.js'

type Change<C> = (
  callback: AcceptCertificate | undefined,
  connection: C,
) => AcceptCertificate | undefined

/** Good, but its clients ask the application about a server in another way. */
export function withClientCallback(change: Change<TlsClientConnection>): CreateBackend {
  return withClients((connection) => {
    replaceGetter(connection, 'acceptCertificate', (former) => change(former(), connection))
  })
}

/** Good, but its servers ask the application about a client in another way. */
export function withServerCallback(change: Change<TlsServerConnection>): CreateBackend {
  return withServers((connection) => {
    replaceGetter(connection, 'acceptCertificate', (former) => change(former(), connection))
  })
}
