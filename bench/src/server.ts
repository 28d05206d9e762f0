// The server of every measurement, a process of its own: plain node:tls, the same for all
// contenders.
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { serverKeyPem, serverPem } from './certificates.js'
import { CHUNK_SIZE, COUNT_SIZE, encodeCount } from './protocol.js'

/** What a server of one port does once a client is connected. */
const behaviours = { handshake, source, sink }

/** A port for each behaviour, sent to the parent process when all of them listen. */
export type Ports = Record<keyof typeof behaviours, number>

const names = Object.keys(behaviours) as (keyof Ports)[]
const ports = await Promise.all(names.map(async (name) => [name, await listen(behaviours[name])]))
process.once('disconnect', () => process.exit())
process.send?.(Object.fromEntries(ports))

function listen(behave: (socket: TLSSocket) => void): Promise<number> {
  const server = createServer({ cert: serverPem, key: serverKeyPem }, behave)
  // An error of a connection ends this process, and so the run: no figure comes from a failure.
  server.on('tlsClientError', (error) => {
    throw error
  })
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

/** Counts what arrives until the client ends, and answers with the number. */
function sink(socket: TLSSocket): void {
  let count = 0
  socket.allowHalfOpen = true
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length
  })
  socket.once('end', () => socket.end(encodeCount(count)))
}
