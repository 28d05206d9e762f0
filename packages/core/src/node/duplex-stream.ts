import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { closed, Direction } from '../base/direction.js'
import { IoError, type IoOptions, type IoStream, type SocketAddress } from '../index.js'
import { unread } from '../streams/unread.js'
import { DuplexReader } from './duplex-reader.js'
import { DuplexWriter, takenAtOnce } from './duplex-writer.js'
import { ioErrorFrom } from './errors.js'
import { lingerThenDestroy } from './linger.js'
import { SocketWriter } from './socket-writer.js'

/** Key of the method by which a backend takes over the Node stream below an {@link IoStream}. */
export const takeDuplex: unique symbol = Symbol.for('@tlsio/core:takeDuplex') as never

/** Key of the Node stream below an {@link IoStream}: for its settings, not for its bytes. */
export const duplexBelow: unique symbol = Symbol.for('@tlsio/core:duplexBelow') as never

/** An {@link IoStream} that a Node stream is below. */
export interface NodeBackedStream extends IoStream {
  /**
   * Hands over the Node stream with all it has buffered; this stream is of no use afterwards.
   * `undefined`, with no effect, if its end was read already: then nothing can be put back into it.
   */
  [takeDuplex](): Duplex | undefined
  /** The Node stream, which stays where it is: for its settings, not for its bytes. */
  readonly [duplexBelow]: Duplex
}

/** Whether there is a Node stream below `stream` that can be taken over. */
export function isNodeBacked(stream: IoStream): stream is NodeBackedStream {
  return takeDuplex in stream
}

/**
 * Makes an {@link IoStream} of a Node stream: a `net.Socket`, a pipe, a WebSocket's stream. For
 * half-close, a socket needs `allowHalfOpen: true`. The caller no longer uses it directly.
 *
 * @throws nothing itself; a stream that has already failed shows it at the first operation.
 */
export function fromDuplex(duplex: Duplex): IoStream {
  return isSocketOfNode(duplex) ? new SocketStream(duplex) : new DuplexStream(duplex)
}

/**
 * Whether it is a socket of Node and nothing else: that calls back only when the system has all bytes of a write,
 * and takes them without a turn of the event loop. A stream of JavaScript may hand them on as they are, as may
 * what looks like a socket; and other runtimes have sockets of which nothing is known.
 */
function isSocketOfNode(duplex: Duplex): boolean {
  const isPlain =
    Object.getPrototypeOf(duplex) === Socket.prototype && !Object.hasOwn(duplex, 'write')
  return isPlain && isNode
}

const isNode: boolean = process.versions.bun === undefined && !('Deno' in globalThis)

class DuplexStream implements NodeBackedStream {
  readonly #duplex: Duplex
  readonly #reader: DuplexReader
  readonly #writer: DuplexWriter
  readonly #reading = new Direction<Uint8Array | null>('read')
  readonly #writing = new Direction<void>('write')
  #ending: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #aborted = false
  #closed = false

  constructor(duplex: Duplex, Writer: typeof DuplexWriter = DuplexWriter) {
    this.#duplex = duplex
    this.#reader = new DuplexReader(duplex, (error) => ioErrorFrom(error, 'Reading'))
    this.#writer = new Writer(duplex, (error) => ioErrorFrom(error, 'Writing'))
  }

  get remoteAddress(): SocketAddress | undefined {
    const { remoteAddress, remotePort } = this.#duplex as {
      remoteAddress?: string
      remotePort?: number
    }
    return remoteAddress === undefined || remotePort === undefined
      ? undefined
      : { address: remoteAddress, port: remotePort }
  }

  async read({ signal }: IoOptions = {}): Promise<Uint8Array | null> {
    signal?.throwIfAborted()
    this.#reading.begin()
    try {
      return await this.#reading.run(this.#reader.read(), signal)
    } catch (error) {
      this.#takeBack(this.#reading.takeUnderway())
      throw error
    } finally {
      this.#reading.end()
    }
  }

  async write(chunk: Uint8Array, { signal }: IoOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    this.#writing.begin()
    try {
      const earlier = this.#writing.takeUnderway()
      if (earlier !== undefined) await this.#writing.run(earlier, signal)
      this.#writing.throwIfClosed()
      const taken = chunk.length > 0 ? this.#writer.write(chunk) : takenAtOnce
      if (taken !== takenAtOnce) await this.#writing.run(taken, signal)
    } finally {
      this.#writing.end()
    }
  }

  /** See {@link IoStream.writeLent}. */
  protected async writeThrough(chunk: Uint8Array): Promise<void> {
    this.#writing.begin()
    try {
      const earlier = this.#writing.takeUnderway()
      if (earlier !== undefined) await this.#writing.run(earlier, undefined)
      this.#writing.throwIfClosed()
      await this.#writing.run(this.#writer.writeThrough(chunk), undefined)
    } finally {
      this.#writing.end()
    }
  }

  async #close(): Promise<void> {
    this.#reading.close(closed('This stream'))
    this.#reader.discard()
    try {
      await this.closeWrite()
    } catch {
      // The peer has dropped it: there is nothing left to end in order.
    } finally {
      if (!this.#aborted) lingerThenDestroy(this.#duplex)
      this.#closed = true
    }
  }

  /**
   * What a read that was given up would have got must not be lost, should the socket be handed
   * over.
   */
  #takeBack(read: Promise<Uint8Array | null> | undefined): void {
    if (read === undefined || this.#reader.cancel()) return
    read.then((chunk) => chunk !== null && this.#reader.unread(chunk), ignore)
  }

  closeWrite(): Promise<void> {
    this.#writing.refuse(closed('The writing side of this stream'))
    // A stream that is ended tells nobody any more that it has room.
    this.#ending ??= this.#writing.idle().then(() => this.#writer.end())
    return this.#ending
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  abort(reason?: unknown): void {
    if (this.#closed) return
    const error = reason ?? closed('This stream')()
    this.#reading.close(() => error)
    this.#writing.close(() => error)
    if (this.#aborted) return
    this.#aborted = true
    this.#ending ??= Promise.resolve()
    this.#closing ??= Promise.resolve()
    this.#writer.flush()
    this.#duplex.on('error', ignore).destroy()
  }

  [unread](bytes: Uint8Array): void {
    this.#reader.unread(bytes)
  }

  get [duplexBelow](): Duplex {
    return this.#duplex
  }

  [takeDuplex](): Duplex | undefined {
    if (this.#duplex.readableEnded) return undefined
    const taken = () => new IoError('IO_CLOSED', 'This stream was handed over to a TLS engine.')
    this.#reader.release()
    this.#reading.close(taken)
    this.#writing.close(taken)
    return this.#duplex
  }
}

/** Over a socket of Node. */
class SocketStream extends DuplexStream {
  constructor(socket: Duplex) {
    super(socket, SocketWriter)
  }

  writeLent(chunk: Uint8Array): Promise<void> {
    return this.writeThrough(chunk)
  }
}

function ignore(): void {}
