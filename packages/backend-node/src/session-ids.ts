import { EventEmitter } from 'node:events'
import type { Server, TLSSocket } from 'node:tls'
import type { ServerSessions } from '@tlsio/core/backend'

/**
 * Lets a server's `TLSSocket` resume sessions by ID, for clients without tickets (up to TLS 1.2).
 * OpenSSL keeps none: it asks whom node:tls takes for the listening server.
 */
export function sessionIdsOf(sessions: ServerSessions): Server {
  const server = new EventEmitter()
  server.on('newSession', (id: Buffer, session: Buffer, done: () => void) => {
    sessions.put(id, session)
    done()
  })
  server.on(
    'resumeSession',
    (id: Buffer, found: (error: Error | null, session: Buffer | null) => void) => {
      const session = sessions.get(id)
      found(null, session === undefined ? null : Buffer.from(session))
    },
  )
  // Of a server, a `TLSSocket` uses nothing but these two events.
  return server as Server
}

/**
 * Node 26 passes the ClientHello on a turn after OpenSSL has read it, and throws, with nobody to
 * catch it, if the socket was destroyed in between: a peer that leaves at once would end the
 * process.
 */
export function passClientHelloOnlyWhileOpen(socket: TLSSocket): void {
  const { _handle: handle } = socket as { _handle?: HelloHandle | null }
  const pass = handle?.onclienthello
  if (handle == null || typeof pass !== 'function') return
  handle.onclienthello = (hello) => {
    if (!socket.destroyed) pass.call(handle, hello)
  }
}

/** What node:tls hangs its own code for sessions by ID on. */
interface HelloHandle {
  onclienthello?: (hello: unknown) => void
}
