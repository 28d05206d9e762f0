import type { IoOptions, IoStream, SocketAddress } from './io-stream.js'

/** Key of the method by which a stream takes back bytes that were read from it. */
export const unread: unique symbol = Symbol.for('@tlsio/core:unread') as never

/** A stream that can take bytes back by itself. */
interface RewindableStream extends IoStream {
  [unread](bytes: Uint8Array): void
}

/**
 * A stream from which `bytes` are read before all else: what an application has read too much of
 * goes back, before it hands the stream to TLS (STARTTLS).
 *
 * A chunk has no borders of its own: a client's ClientHello may come in one chunk with its STARTTLS
 * command, and then belongs to TLS. What came in the clear after the command, or after a server's
 * answer to it, is put back too, never kept for later and never dropped: if it is no TLS, somebody
 * has put it there to be taken for encrypted (CVE-2011-0411), and the handshake fails with
 * `TLS_NOT_TLS`.
 *
 * ```ts
 * const chunk = await stream.read()             // STARTTLS\r\n, and more
 * const rest = chunk.subarray(endOfLine)
 * await stream.write(goAhead)
 * const connection = backend.createServerConnection(withUnread(stream, rest), { certificate })
 * ```
 *
 * @param stream - not used directly afterwards; no read of it may be pending.
 * @param bytes - not copied; none at all is fine.
 * @returns the same stream, if it can take bytes back by itself, as those over Node's can.
 * @see RFC 3207 §4.2
 */
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
    this.#prefix = undefined
    return this.#stream.close()
  }

  abort(reason?: unknown): void {
    this.#prefix = undefined
    this.#stream.abort(reason)
  }
}
