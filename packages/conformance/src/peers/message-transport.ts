import { fromWebSocket, type WebSocketEventLike, type WebSocketEventType } from '@tlsio/core'
import type { Transport } from '../options.js'

/** Messages in place of a stream: two `WebSocket`s with a relay between them, in memory. */
export const messageTransport: Transport = {
  name: 'messages',
  createPair: async () => {
    const [near, far] = [new MemorySocket(), new MemorySocket()]
    near.peer = far
    far.peer = near
    return [fromWebSocket(near), fromWebSocket(far)]
  },
}

const OPEN = 1
const CLOSED = 3

/** As much of a `WebSocket` as `fromWebSocket` needs. */
class MemorySocket {
  binaryType = 'arraybuffer'
  readyState = OPEN
  readonly bufferedAmount = 0
  peer: MemorySocket | undefined
  readonly #events = new EventTarget()

  send(data: Uint8Array): void {
    const copy = Uint8Array.from(data).buffer
    // A message takes at least a turn.
    queueMicrotask(() => this.peer?.tell('message', { data: copy }))
  }

  close(code = 1000): void {
    queueMicrotask(() => {
      for (const end of [this, this.peer]) end?.tell('close', { code, wasClean: true })
    })
  }

  addEventListener(type: WebSocketEventType, listener: (event: WebSocketEventLike) => void): void {
    this.#events.addEventListener(type, listener)
  }

  removeEventListener(
    type: WebSocketEventType,
    listener: (event: WebSocketEventLike) => void,
  ): void {
    this.#events.removeEventListener(type, listener)
  }

  tell(type: WebSocketEventType, details: Partial<WebSocketEventLike>): void {
    if (this.readyState === CLOSED) return
    if (type === 'close') this.readyState = CLOSED
    this.#events.dispatchEvent(Object.assign(new Event(type), details))
  }
}
