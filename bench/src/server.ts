// The server of every measurement, a process of its own: plain node:tls, the same for all
// contenders.
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { legacyKeyPem, legacyPem, serverKeyPem, serverPem } from './certificates.js'
import { CHUNK_SIZE } from './chunk-size.js'
import { endWithParent } from './end-with-parent.js'
import { ACKNOWLEDGED, COUNT_SIZE, encodeCount } from './protocol.js'

const modern: TlsOptions = { cert: serverPem, key: serverKeyPem }

/** TLS 1.1 with the one suite that all of forge's contenders speak; OpenSSL has to be asked twice. */
const legacy: TlsOptions = {
  cert: legacyPem,
  key: legacyKeyPem,
  minVersion: 'TLSv1.1',
  maxVersion: 'TLSv1.1',
  ciphers: 'AES128-SHA:@SECLEVEL=0',
}

/** The server of each port. */
const servers = {
  handshake: serving(modern, handshake),
  source: serving(modern, source),
  sink: serving(modern, sink),
  acknowledgingSink: serving(modern, acknowledgingSink),
  legacySource: serving(legacy, source),
  legacySink: serving(legacy, sink),
}

/** A port for each, sent to the parent process when all of them listen. */
export type Ports = Record<keyof typeof servers, number>

const ports = await Promise.all(
  Object.entries(servers).map(async ([name, server]) => [name, await listen(server)]),
)
endWithParent()
process.send?.(Object.fromEntries(ports))

/** A server that does so once a client is connected. */
function serving(options: TlsOptions, behave: (socket: TLSSocket) => void): Server {
  const server = createServer(options, behave)
  // An error of a connection ends this process, and so the run: no figure comes from a failure.
  server.on('tlsClientError', (error) => {
    throw error
  })
  return server
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Waits for the client's end and ends too. */
function handshake(socket: TLSSocket): void {
  socket.resume()
}

/** Sends as many bytes as the client asks for, and ends. */
function source(socket: TLSSocket): void {
  const chunk = Buffer.alloc(CHUNK_SIZE)
  socket.once('data', (request: Buffer) => {
    let left = request.readUIntBE(0, COUNT_SIZE)
    const send = (): void => {
      while (left > 0) {
        left -= CHUNK_SIZE
        if (!socket.write(chunk)) return
      }
      socket.off('drain', send).end()
    }
    socket.on('drain', send)
    send()
  })
}

/**
 * Counts what arrives until it is as much as the client has said first, or the client ends, and
 * answers with the number. It does not wait for the end, since raw forge cannot read after its own.
 */
function sink(socket: TLSSocket): void {
  let count = -COUNT_SIZE
  let expected: number | undefined
  const answer = () => socket.end(encodeCount(count))
  socket.allowHalfOpen = true
  socket.on('data', (chunk: Buffer) => {
    expected ??= chunk.readUIntBE(0, COUNT_SIZE)
    count += chunk.length
    if (count === expected) answer()
  })
  socket.once('end', answer)
}

/** Answers with a byte each time that so much has arrived. */
function acknowledgingSink(socket: TLSSocket): void {
  const byte = Buffer.alloc(1)
  let open = 0
  socket.on('data', (chunk: Buffer) => {
    for (open += chunk.length; open >= ACKNOWLEDGED; open -= ACKNOWLEDGED) socket.write(byte)
  })
}
