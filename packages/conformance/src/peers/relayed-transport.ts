import { type IoOptions, type IoStream, memoryStreamPair, type SocketAddress } from '@tlsio/core'
import type { Transport } from '../options.js'

/**
 * Streams through a relay, or to a host with many addresses: where the peer is says nothing about
 * who it is, and `undefined` that it is not known at all.
 */
export function relayedTransport(remoteAddress: SocketAddress | undefined): Transport {
  return {
    name: 'relay',
    createPair: async () => {
      const [client, server] = memoryStreamPair()
      return [new Relayed(client, remoteAddress), server]
    },
  }
}

class Relayed implements IoStream {
  readonly remoteAddress?: SocketAddress
  readonly #stream: IoStream

  constructor(stream: IoStream, remoteAddress: SocketAddress | undefined) {
    this.#stream = stream
    if (remoteAddress !== undefined) this.remoteAddress = remoteAddress
  }

  read(options?: IoOptions): Promise<Uint8Array | null> {
    return this.#stream.read(options)
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
