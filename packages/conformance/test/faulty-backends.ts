import type { BackendContext, ClientConnectionOptions, TlsBackend } from '@tlsio/core'
import { createNodeBackend } from './node-engine.js'

/** A backend whose clients never say which protocols they want. */
export function createForgetfulBackend(context: BackendContext): TlsBackend {
  const node = createNodeBackend(context)
  const create = node.createClientConnection.bind(node)
  return Object.assign(node, {
    createClientConnection(...[stream, options]: Parameters<typeof create>) {
      const { advertisedProtocols: _, ...rest }: ClientConnectionOptions = options ?? {}
      return create(stream, rest)
    },
  })
}
