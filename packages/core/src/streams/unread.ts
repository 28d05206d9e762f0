import type { IoOptions, IoStream, SocketAddress } from './io-stream.js'

/** Key of the method by which a stream takes back bytes that were read from it. */
export const unread: unique symbol = Symbol.for('@tlsio/core:unread') as never

/** A stream that can take bytes back by itself. */
interface RewindableStream extends IoStream {
  [unread](bytes: Uint8Array): void
}

/** A stream from which `bytes` are read before all else: the same one, if it can take them back. */
export function withUnread(stream: IoStream, bytes: Uint8Array): IoStream {
  if (bytes.length === 0) return stream
  if (!isRewindable(stream)) return new PrefixedStream(stream, bytes)
  stream[unread](bytes)
  return stream
}

function isRewindable(stream: IoStream): stream is RewindableStream {
  return unread in stream
}

class PrefixedStream implements IoStream {
  readonly #stream: IoStream
  #prefix: Uint8Array | undefined

  constructor(stream: IoStream, prefix: Uint8Array) {
    this.#stream = stream
    this.#prefix = prefix
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.#stream.remoteAddress
  }

  async read(options: IoOptions = {}): Promise<Uint8Array | null> {
    const prefix = this.#prefix
    if (prefix === undefined) return this.#stream.read(options)
    options.signal?.throwIfAborted()
    this.#prefix = undefined
    return prefix
  }

  write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    return this.#stream.write(chunk, options)
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite()
  }

  close(): Promise<void> {
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.#stream.abort(reason)
  }
}
