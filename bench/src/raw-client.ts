// node:tls as an application uses it by itself.
import { once } from 'node:events'
import { type ConnectionOptions, connect, createSecureContext, type TLSSocket } from 'node:tls'
import { authorityPem, SERVER_NAME } from './certificates.js'
import { COUNT_SIZE, encodeCount } from './protocol.js'
import { Window } from './window.js'

/**
 * The settings that make a context, as they stand in most programs: in the options of each call.
 */
export type ContextOptions = Pick<ConnectionOptions, 'ca' | 'maxVersion' | 'secureContext'>

/** Trust and version in the options of every call: Node makes a context of them each time. */
export function ownContext(maxVersion: 'TLSv1.2' | 'TLSv1.3'): ContextOptions {
  return { ca: authorityPem, maxVersion }
}

/** The same, made once. */
export function sharedContext(maxVersion: 'TLSv1.2' | 'TLSv1.3'): ContextOptions {
  return { secureContext: createSecureContext({ ca: authorityPem, maxVersion }) }
}

/** Connects; resolves when the handshake is over. */
export async function openRaw(
  port: number,
  context: ContextOptions,
  session?: Buffer,
): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: SERVER_NAME,
    ...context,
    ...(session === undefined ? {} : { session }),
  })
  await once(socket, 'secureConnect')
  return socket
}

/** Ends in order: our `close_notify`, then everything up to the peer's. */
export async function closeRaw(socket: TLSSocket): Promise<void> {
  const closed = once(socket, 'close')
  socket.resume().end()
  await closed
}

/** Counts what arrives until the peer ends. */
export async function readRaw(socket: TLSSocket): Promise<number> {
  let count = 0
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length
  })
  await once(socket, 'end')
  return count
}

/** Writes `chunk` so many times; resolves with the count that the peer answers. */
export async function writeRaw(socket: TLSSocket, chunk: Buffer, times: number): Promise<number> {
  socket.write(encodeCount(chunk.length * times))
  for (let left = times; left > 0; left--) {
    if (!socket.write(chunk)) await once(socket, 'drain')
  }
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.readUIntBE(0, COUNT_SIZE)
}

/** Writes `chunk` so many times, never more ahead of what the server acknowledges than it may be. */
export async function writeRawAhead(
  socket: TLSSocket,
  chunk: Buffer,
  times: number,
): Promise<void> {
  const window = new Window(chunk.length * times)
  socket.on('data', (bytes: Buffer) => window.acknowledge(bytes.length))
  for (let left = times; left > 0; left--) {
    window.send(chunk.length)
    if (!socket.write(chunk)) await once(socket, 'drain')
    await window.whenOpen()
  }
}

/** A session to offer again and again, taken from a connection that is over when this resolves. */
export async function gatherSession(port: number, context: ContextOptions): Promise<Buffer> {
  const socket = await openRaw(port, context)
  // With TLS 1.2 it was there before the handshake ended, with 1.3 it comes afterwards.
  const session = socket.getProtocol() === 'TLSv1.3' ? await nextSession(socket) : undefined
  const gathered = session ?? socket.getSession()
  await closeRaw(socket)
  if (gathered === undefined) throw new Error('The server gave no session.')
  return gathered
}

async function nextSession(socket: TLSSocket): Promise<Buffer> {
  const [session] = (await once(socket, 'session')) as [Buffer]
  return session
}
