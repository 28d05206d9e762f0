// A relay: the bytes of each WebSocket go to one TCP server, and its bytes come back.
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'

/** What a relay is told. */
export interface RelayOptions {
  /** Port on 127.0.0.1 where everything goes: a page has no say in it. */
  readonly targetPort: number
  /** Pages of these origins may use it. */
  readonly origins: readonly string[]
  /** Port on 127.0.0.1 to listen on. Default 0: a free one. */
  readonly port?: number
}

/** A relay that runs. */
export interface Relay {
  /** Where pages connect to. */
  readonly url: string
  /** Drops what is connected, and stops listening. */
  close(): Promise<void>
}

/** Starts a relay on loopback. */
export async function startRelay({ targetPort, origins, port = 0 }: RelayOptions): Promise<Relay> {
  const targets = new Set<Socket>()
  const server = new WebSocketServer({
    host: LOOPBACK,
    port,
    maxPayload: MAX_MESSAGE,
    // A browser lets every page open any WebSocket, and leaves it to the server to mind which.
    verifyClient: ({ origin }: { origin: string }) => origins.includes(origin),
  })
  await once(server, 'listening')
  server.on('connection', (webSocket) => {
    const target = connect({ host: LOOPBACK, port: targetPort, noDelay: true })
    targets.add(target)
    target.once('close', () => targets.delete(target))
    void relay(webSocket, target)
  })
  return {
    url: `ws://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close()
      for (const target of targets) target.destroy()
      await once(server, 'close')
    },
  }
}

/** Ends when both sides have; each waits where the other is slow. */
async function relay(webSocket: WebSocket, target: Socket): Promise<void> {
  webSocket.once('close', (code) => {
    // The stream below takes every code for a proper end.
    if (!PROPER_ENDS.has(code)) target.resetAndDestroy()
  })
  const stream = createWebSocketStream(webSocket)
  // What went wrong on one side drops the other, which thus knows; nobody else needs to.
  await pipeline(stream, target, stream).catch(() => {})
}

const LOOPBACK = '127.0.0.1'

/** In bytes; a message waits in memory until all of it is there. */
const MAX_MESSAGE = 1_048_576

/** Closing codes: normal, going away, none given (RFC 6455 §7.4.1). */
const PROPER_ENDS: ReadonlySet<number> = new Set([1000, 1001, 1005])
