import { createServer, type RequestListener } from 'node:http'
import type { TlsBackend, TlsCertificate } from '@tlsio/core'
import { listenTcp, type TcpListener, toDuplex } from '@tlsio/core/node'

/** What an HTTPS server is made of. */
export interface HttpsServerOptions {
  /** Speaks TLS. */
  readonly backend: TlsBackend
  /** With its private key. */
  readonly certificate: TlsCertificate
  /** Port on 127.0.0.1. Default 0: a free one. */
  readonly port?: number | undefined
  /** Answers requests. */
  readonly answer: RequestListener
}

/** Starts Node's own HTTP server over any TLS backend. */
export function startHttpsServer(options: HttpsServerOptions): Promise<TcpListener> {
  const { backend, certificate, port = 0, answer } = options
  const http = createServer(answer)
  return listenTcp({ port }, (stream) => {
    const connection = backend.createServerConnection(stream, { certificate })
    const socket = toDuplex(connection, { allowHalfOpen: true })
    // Whoever breaks a connection off has ended it, and nothing else.
    socket.on('error', () => socket.destroy())
    http.emit('connection', socket)
  })
}
