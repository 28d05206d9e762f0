import type { CreateBackend } from '@tlsio/conformance'
import type { TlsClientConnection } from '@tlsio/core'
import { withClients } from './good.js'
import { replace } from './replace.js'

type Copy = TlsClientConnection['copySessionState']

/** Good, but its copySessionState is another. */
export function withCopy(
  change: (copy: Copy, target: TlsClientConnection) => (source: TlsClientConnection) => unknown,
): CreateBackend {
  return withClients((target) => {
    replace(target, 'copySessionState', (copy) => change(copy, target) as Copy)
  })
}

/**
 * Good, but a connection that copied does something about it when its handshake starts, if nothing has
 * replaced the copy.
 */
export function withCopiesStarting(
  start: (target: TlsClientConnection, source: TlsClientConnection) => void | Promise<void>,
): CreateBackend {
  return withClients((target) => {
    let source: TlsClientConnection | undefined
    let hasStarted = false
    replace(target, 'copySessionState', (copy) => (from) => {
      copy(from)
      source = from
    })
    replace(target, 'setSession', (setSession) => (session) => {
      setSession(session)
      source = undefined
    })
    replace(target, 'handshake', (handshake) => async (options) => {
      const isFirst = !hasStarted
      hasStarted = true
      if (isFirst && source !== undefined) await start(target, source)
      return handshake(options)
    })
  })
}

/** The name that a connection expects its server to have; `undefined` for an address, or nobody. */
export function hostOf({ serverIdentity }: TlsClientConnection): string | undefined {
  return serverIdentity && 'hostname' in serverIdentity ? serverIdentity.hostname : undefined
}
