import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { ioErrorFrom } from './errors.js'

/** What a new socket is for. */
export interface DgramPurpose {
  /** Name or address, which decides between IPv4 and IPv6. */
  readonly host: string
  /** What errors say was being done. */
  readonly doing: string
  /** What tells that it has come about. */
  readonly event: 'connect' | 'listening'
  /** Begins it. */
  begin(socket: Socket, address: string): void
}

/** A socket of `node:dgram` that is connected, or bound; nothing of it is left if that fails. */
export async function openDgramSocket(
  { host, doing, event, begin }: DgramPurpose,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  signal?.throwIfAborted()
  const { address, family } = await lookup(host).catch((error: unknown) => {
    throw ioErrorFrom(error, doing)
  })
  signal?.throwIfAborted()
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    begin(socket, address)
    await once(socket, event, { signal })
    signal?.throwIfAborted()
  } catch (error) {
    socket.close()
    signal?.throwIfAborted()
    if (error instanceof RangeError) throw error
    throw ioErrorFrom(error, doing)
  }
  return socket
}
