import { closed, Direction } from '../base/direction.js'
import { type Clock, systemClock } from '../clock.js'
import { IoError } from '../errors.js'
import { bytesOf } from './bytes-of.js'
import type { IoOptions, IoStream, SocketAddress } from './io-stream.js'
import { MessageQueue } from './message-queue.js'

/** What {@link fromWebSocket} needs of a WHATWG `WebSocket`; that of `ws` has it, too. */
export interface WebSocketLike {
  /** How binary messages are delivered; set to `arraybuffer`. */
  binaryType?: string
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  /** Bytes that were sent and have not left yet. Where it is missing, writes never wait. */
  readonly bufferedAmount?: number
  /** Sends a binary message. */
  send(data: Uint8Array<ArrayBuffer>): void
  /** Starts the closing handshake, after what was sent. */
  close(code?: number): void
  /** Calls `listener` on each event of that type. */
  addEventListener(type: WebSocketEventType, listener: (event: WebSocketEventLike) => void): void
  /** Undoes {@link WebSocketLike.addEventListener}. */
  removeEventListener(type: WebSocketEventType, listener: (event: WebSocketEventLike) => void): void
}

/** The events of a `WebSocket`. */
export type WebSocketEventType = 'open' | 'message' | 'error' | 'close'

/** What {@link fromWebSocket} looks at in an event; which of it there is depends on the type. */
export interface WebSocketEventLike {
  /** Which event it is: a {@link WebSocketEventType}. */
  readonly type: string
  /** The message, of a `message` event. */
  readonly data?: unknown
  /** The status code, of a `close` event. */
  readonly code?: number
  /** What the peer gave as its reason, of a `close` event. */
  readonly reason?: string
  /** Whether the closing handshake was completed, of a `close` event. */
  readonly wasClean?: boolean
  /** What went wrong, of an `error` event; browsers do not tell. */
  readonly message?: string
  /** The platform's own error, of an `error` event; browsers do not tell. */
  readonly error?: unknown
}

/** Options of {@link fromWebSocket}. */
export interface FromWebSocketOptions {
  /** Bytes waiting in the socket from which on a write waits, at least 1. Default 1,048,576. */
  readonly highWaterMark?: number | undefined
  /**
   * Bytes received and not read yet that are kept, at least 1; one more drops the stream.
   * `Infinity` sets no limit. Default 67,108,864 (64 MiB).
   */
  readonly maxBuffered?: number | undefined
  /** Where the peer is. Default: unknown. */
  readonly remoteAddress?: SocketAddress | undefined
  /** Times the looks at what waits in the socket. Default {@link systemClock}. */
  readonly clock?: Clock | undefined
}

/**
 * Makes an {@link IoStream} of a `WebSocket`, as browsers, Deno, Bun, workers and Node have it: the
 * way to TCP servers where there is no TCP, by a relay such as websockify. Each binary message is
 * some bytes of the stream; its borders mean nothing.
 *
 * The caller no longer uses the socket directly. It may still be connecting: reads and writes wait.
 * A message that came before this call is lost, so make the stream in the tick in which the socket
 * was made or accepted.
 *
 * - **Reading has no backpressure**: a `WebSocket` cannot be told to wait. What comes faster than it
 *   is read is kept, up to `maxBuffered`.
 * - **There is no half-close**: `closeWrite` ends our writes, and the peer is not told; TLS above
 *   tells it, by `close_notify`. The socket is closed by `close`, or by the peer.
 * - A write sends one message. While `highWaterMark` bytes or more wait in the socket, it looks
 *   again every 5 ms, since there is no event for that. One that is given up before it was sent
 *   sends nothing.
 * - `close` closes with code 1000 after what was written, and does not wait for the peer. `abort`,
 *   and a failure that this side finds, closes with 4000: the peer sees that it was no proper end.
 *   What was sent before still goes out, since a `WebSocket` cannot be closed otherwise.
 * - The peer's code 1000, 1001 or none is the end of the stream. All else is a failure, which reads
 *   meet after what was received before it.
 *
 * Beside what {@link IoStream} says, reads and writes reject with {@link IoError} `IO_FAILED` if the
 * socket could not be opened (the `cause` says why, where the platform tells; browsers do not), a
 * message came that is no bytes, or `maxBuffered` was passed. `IO_BROKEN_PIPE` also stands for
 * another closing code, and for a socket that was closed before this call.
 *
 * @throws RangeError if `highWaterMark` or `maxBuffered` is less than 1.
 * @see WHATWG WebSockets §3.1; RFC 6455 §7.4
 */
export function fromWebSocket(socket: WebSocketLike, options: FromWebSocketOptions = {}): IoStream {
  return new WebSocketStream(socket, options)
}

class WebSocketStream implements IoStream {
  readonly remoteAddress: SocketAddress | undefined
  readonly #socket: WebSocketLike
  readonly #highWaterMark: number
  readonly #maxBuffered: number
  readonly #clock: Clock
  readonly #incoming = new MessageQueue()
  readonly #reading = new Direction<Uint8Array | null>('read')
  readonly #writing = new Direction<void>('write')
  #opened: boolean
  #finished = false
  #failure: unknown
  #sending: Promise<void> | undefined
  #wakeWriter: () => void = ignore
  #closing: Promise<void> | undefined

  constructor(socket: WebSocketLike, options: FromWebSocketOptions) {
    this.#highWaterMark = atLeastOne('highWaterMark', options.highWaterMark ?? 1_048_576)
    this.#maxBuffered = atLeastOne('maxBuffered', options.maxBuffered ?? 67_108_864)
    this.#clock = options.clock ?? systemClock
    this.remoteAddress = options.remoteAddress
    this.#socket = socket
    this.#opened = socket.readyState !== CONNECTING
    socket.binaryType = 'arraybuffer'
    if (socket.readyState === CLOSED) {
      // How it ended, or what it had received, nobody can tell any more.
      const message = 'The WebSocket was closed before it was made a stream.'
      this.#finish(new IoError('IO_BROKEN_PIPE', message))
      return
    }
    for (const type of EVENTS) socket.addEventListener(type, this.#onEvent)
  }

  async read({ signal }: IoOptions = {}): Promise<Uint8Array | null> {
    signal?.throwIfAborted()
    this.#reading.begin()
    try {
      return await this.#reading.run(this.#reading.takeUnderway() ?? this.#incoming.pull(), signal)
    } finally {
      this.#reading.end()
    }
  }

  async write(chunk: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    this.#writing.begin()
    try {
      if (chunk.length === 0) return
      this.#sending = this.#send(chunk, signal)
      await this.#sending
      while (this.#closing === undefined && !this.#hasRoom()) await this.#change(signal)
    } finally {
      this.#sending = undefined
      this.#wakeWriter()
      this.#writing.end()
    }
  }

  async closeWrite(): Promise<void> {
    this.#writing.refuse(closed('The writing side of this stream'))
    await this.#sending?.catch(ignore)
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeBoth()
    return this.#closing
  }

  abort(reason?: unknown): void {
    const error = reason ?? closed('This stream')()
    this.#reading.close(() => error)
    this.#writing.close(() => error)
    this.#incoming.clear()
    this.#closing ??= Promise.resolve()
    this.#drop(error)
  }

  async #closeBoth(): Promise<void> {
    this.#reading.close(closed('This stream'))
    this.#writing.refuse(closed('This stream'))
    this.#incoming.clear()
    this.#wakeWriter()
    await this.#sending?.catch(ignore)
    this.#socket.close(NORMAL_CLOSURE)
  }

  async #send(chunk: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    while (!this.#hasRoom()) await this.#change(signal)
    try {
      this.#socket.send(unshared(chunk))
    } catch (error) {
      throw new IoError('IO_FAILED', `Writing: ${String(error)}`, { cause: error })
    }
  }

  /** Whether the socket takes data now. @throws why it never will. */
  #hasRoom(): boolean {
    if (this.#failure !== undefined) throw this.#failure
    const { readyState, bufferedAmount = 0 } = this.#socket
    if (readyState > OPEN) throw new IoError('IO_BROKEN_PIPE', 'The WebSocket was closed.')
    return readyState === OPEN && bufferedAmount < this.#highWaterMark
  }

  /** Resolves when there is a reason to look again: an event, or some time has passed. */
  #change(signal: AbortSignal | undefined): Promise<void> {
    const change = new Promise<void>((resolve) => {
      const isConnecting = this.#socket.readyState === CONNECTING
      const stop = isConnecting ? ignore : this.#clock.after(LOOK_AGAIN_AFTER, resolve)
      this.#wakeWriter = () => {
        stop()
        resolve()
      }
    })
    return this.#writing.run(change, signal)
  }

  readonly #onEvent = (event: WebSocketEventLike): void => {
    switch (event.type) {
      case 'open':
        this.#opened = true
        this.#wakeWriter()
        break
      case 'message':
        this.#receive(event.data)
        break
      case 'error':
        // Not every platform has a `close` event follow.
        this.#finish(this.#failureOf(event))
        break
      case 'close':
        this.#finish(isProperEnd(event) ? undefined : this.#failureOf(event))
        for (const type of EVENTS) this.#socket.removeEventListener(type, this.#onEvent)
        break
    }
  }

  #receive(data: unknown): void {
    if (this.#finished || this.#reading.closed) return
    const chunk = bytesOf(data)
    if (chunk === undefined) {
      this.#drop(new IoError('IO_FAILED', whyNoBytes(data)))
    } else if (this.#incoming.length + chunk.length > this.#maxBuffered) {
      const message = `More than ${this.#maxBuffered} bytes (maxBuffered) came and were not read.`
      this.#drop(new IoError('IO_FAILED', message))
    } else if (chunk.length > 0) {
      this.#incoming.push(chunk)
    }
  }

  #failureOf({ message, error, code, reason }: WebSocketEventLike): IoError {
    const details = error === undefined ? {} : { cause: error }
    const status = code === undefined ? '' : `code ${code}${reason ? `, ${reason}` : ''}`
    const why = message || status || 'the platform does not say why'
    return this.#opened
      ? new IoError('IO_BROKEN_PIPE', `The WebSocket was cut off: ${why}.`, details)
      : new IoError('IO_FAILED', `The WebSocket could not be opened: ${why}.`, details)
  }

  #drop(failure: unknown): void {
    this.#finish(failure)
    this.#socket.close(DROPPED)
  }

  /**
   * The socket is of no use any more. Its last events are still listened to: `ws` throws an error
   * that nobody listens to.
   */
  #finish(failure: unknown): void {
    if (this.#finished) return
    this.#finished = true
    this.#failure = failure
    this.#incoming.end(failure)
    this.#wakeWriter()
  }
}

function isProperEnd({ wasClean, code = NO_STATUS }: WebSocketEventLike): boolean {
  return wasClean === true && PROPER_ENDS.includes(code)
}

/** A socket takes no bytes that another thread may change. */
function unshared(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const isShared = !(chunk.buffer instanceof ArrayBuffer)
  return isShared ? chunk.slice() : (chunk as Uint8Array<ArrayBuffer>)
}

function whyNoBytes(data: unknown): string {
  if (typeof data === 'string') return 'The peer sent a text message; only binary ones are bytes.'
  const kind = Object.prototype.toString.call(data).slice(8, -1)
  return `A message came as a ${kind}: the socket's binaryType must stay 'arraybuffer'.`
}

function atLeastOne(name: string, value: number): number {
  if (value >= 1) return value
  throw new RangeError(`${name} must be at least 1, not ${value}.`)
}

function ignore(): void {}

// readyState
const CONNECTING = 0
const OPEN = 1
const CLOSED = 3

const EVENTS = ['open', 'message', 'error', 'close'] as const

// Status codes. Of those below 3000, a script may only close with 1000.
const NORMAL_CLOSURE = 1000
const GOING_AWAY = 1001
const NO_STATUS = 1005
const DROPPED = 4000
const PROPER_ENDS: readonly number[] = [NORMAL_CLOSURE, GOING_AWAY, NO_STATUS]

/** In milliseconds. With the default mark, enough for 200 MiB a second. */
const LOOK_AGAIN_AFTER = 5
