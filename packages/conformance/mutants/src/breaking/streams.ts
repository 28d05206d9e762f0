import type { IoOptions, IoStream, SocketAddress } from '@tlsio/core'

/** A stream that does what another does: mutants override one member. */
export class PassingStream implements IoStream {
  protected readonly good: IoStream

  /** Passes everything on to `good`. */
  constructor(good: IoStream) {
    this.good = good
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.good.remoteAddress
  }

  read(options?: IoOptions): Promise<Uint8Array | null> {
    return this.good.read(options)
  }

  write(chunk: Uint8Array, options?: IoOptions): Promise<void> {
    return this.good.write(chunk, options)
  }

  closeWrite(): Promise<void> {
    return this.good.closeWrite()
  }

  close(): Promise<void> {
    return this.good.close()
  }

  abort(reason?: unknown): void {
    this.good.abort(reason)
  }
}

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
