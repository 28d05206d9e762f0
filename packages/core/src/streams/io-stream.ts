/** Options of one {@link IoStream} operation. */
export interface IoOptions {
  /** Gives the operation up: it rejects with `signal.reason` at once. */
  readonly signal?: AbortSignal | undefined
}

/** An IP end point. */
export interface SocketAddress {
  /** IPv4 or IPv6 address as text, without brackets or zone. */
  readonly address: string
  /** Port, 0 to 65535. */
  readonly port: number
}

/**
 * A byte stream in both directions: what a TLS connection wraps, and what it is.
 *
 * At most one `read` and one `write` may be pending at a time; the two do not wait for each other.
 *
 * @see GIO `GIOStream`
 */
export interface IoStream {
  /**
   * Reads what is there: at least one byte, or `null` at the end of the stream.
   *
   * What was read is the reader's, who may keep it and change its bytes: an engine decrypts in it. The stream
   * does not use that memory again.
   *
   * @throws {@link IoError} `IO_PENDING` if a read is pending, `IO_CLOSED` after `close`,
   *   `IO_BROKEN_PIPE` if the peer reset the stream.
   */
  read(options?: IoOptions): Promise<Uint8Array | null>
  /**
   * Writes all of `chunk`; resolves when the stream is ready for more (backpressure).
   *
   * The stream keeps `chunk`: do not change its bytes afterwards.
   *
   * @throws {@link IoError} `IO_PENDING` if a write is pending, `IO_CLOSED` after `close` or
   *   `closeWrite`, `IO_BROKEN_PIPE` if the peer no longer takes data.
   */
  write(chunk: Uint8Array, options?: IoOptions): Promise<void>
  /**
   * Writes a large chunk whose memory the writer wants to use again: as `write`, but when it resolves the stream
   * is done with `chunk`. Only streams have it that know when that is, as those over Node's sockets do: who
   * stands before one to watch or to change its writes leaves it out, or does the same here.
   */
  writeLent?(chunk: Uint8Array): Promise<void>
  /**
   * Ends our direction after what was written; reading goes on, and writes reject with `IO_CLOSED`.
   * Does nothing a second time.
   */
  closeWrite(): Promise<void>
  /**
   * Closes both directions in order; operations reject with `IO_CLOSED` from then on. Does nothing
   * a second time.
   */
  close(): Promise<void>
  /**
   * Drops the stream at once, without a proper end; pending operations, and later ones, reject with
   * `reason`. Default: an {@link IoError} `IO_CLOSED`. Does nothing once `close` has resolved: what was written
   * may still be on its way to the peer, and must arrive.
   */
  abort(reason?: unknown): void
  /** Where the peer is, if the stream knows. */
  readonly remoteAddress?: SocketAddress | undefined
}
