import type { WebSocketEventLike, WebSocketEventType, WebSocketLike } from '@tlsio/core'

type Listener = (event: WebSocketEventLike) => void

/** A socket that does what the test says, and notes what it was asked for. */
export class FakeWebSocket implements WebSocketLike {
  binaryType = 'blob'
  readyState: number
  bufferedAmount = 0
  sendError: Error | undefined
  readonly sent: Uint8Array[] = []
  readonly closeCodes: (number | undefined)[] = []
  readonly #listeners: [WebSocketEventType, Listener][] = []

  constructor(readyState = 1) {
    this.readyState = readyState
  }

  get listeners(): number {
    return this.#listeners.length
  }

  send(data: Uint8Array): void {
    if (this.sendError !== undefined) throw this.sendError
    this.sent.push(data)
  }

  close(code?: number): void {
    this.closeCodes.push(code)
    if (this.readyState < 2) this.readyState = 2
  }

  addEventListener(type: WebSocketEventType, listener: Listener): void {
    this.#listeners.push([type, listener])
  }

  removeEventListener(type: WebSocketEventType, listener: Listener): void {
    const at = this.#listeners.findIndex(([t, l]) => t === type && l === listener)
    if (at !== -1) this.#listeners.splice(at, 1)
  }

  /** The connection is there. */
  open(): void {
    this.readyState = 1
    this.#dispatch('open', {})
  }

  /** A message has come. */
  receive(data: unknown): void {
    this.#dispatch('message', { data })
  }

  /** The connection fails; `details` are what the platform tells. */
  fail(details: { message?: string; error?: Error } = {}): void {
    this.readyState = 3
    this.#dispatch('error', details)
  }

  /** The connection is over; cleanly, unless `details` say otherwise. */
  end(details: { code?: number; reason?: string; wasClean?: boolean } = {}): void {
    this.readyState = 3
    this.#dispatch('close', { wasClean: true, code: 1000, reason: '', ...details })
  }

  #dispatch(type: WebSocketEventType, details: object): void {
    for (const [t, listener] of [...this.#listeners]) if (t === type) listener({ type, ...details })
  }
}
