import { type IoStream, memoryStreamPair } from '@tlsio/core'
import type { Transport } from '../options.js'

/** Streams that are nothing but what the interface asks for: no class to know them by, no address. */
export const bareTransport: Transport = {
  name: 'bare',
  createPair: async () => {
    const [client, server] = memoryStreamPair()
    return [bare(client), bare(server)]
  },
}

function bare(stream: IoStream): IoStream {
  return {
    read: (options) => stream.read(options),
    write: (chunk, options) => stream.write(chunk, options),
    closeWrite: () => stream.closeWrite(),
    close: () => stream.close(),
    abort: (reason) => stream.abort(reason),
  }
}
