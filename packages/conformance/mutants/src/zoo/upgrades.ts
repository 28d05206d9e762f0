import type { CreateBackend } from '@tlsio/conformance'
import type { IoOptions, IoStream } from '@tlsio/core'
import { withClientTransport } from '../breaking/connections.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

const noTls = 'a server that speaks no TLS makes a handshake fail there'

/** From plaintext to TLS on one stream. */
export const upgradesMutants: readonly Mutant[] = [
  {
    // As one that goes to the stream beneath.
    name: 'what-was-put-back-is-lost',
    breaks: 'upgrade-of-a-used-stream',
    create: overAllStreams((stream) => {
      if (stream.constructor.name !== 'PrefixedStream') return stream
      let isFirst = true
      return new (class extends PassingStream {
        override async read(options?: IoOptions): Promise<Uint8Array | null> {
          if (isFirst) await super.read(options)
          isFirst = false
          return super.read(options)
        }
      })(stream)
    }),
  },
  {
    name: 'plaintext-before-the-first-record-skipped',
    breaks: 'upgrade-injected-plaintext',
    showsIn: { 'session-resumption': noTls, 'copy-session-state': noTls },
    create: overAllStreams((stream) => {
      let hasBegun = false
      return new (class extends PassingStream {
        override async read(options?: IoOptions): Promise<Uint8Array | null> {
          for (;;) {
            const chunk = await super.read(options)
            if (hasBegun || chunk === null) return chunk
            const at = chunk.findIndex((byte) => byte === HANDSHAKE || byte === ALERT)
            if (at === -1) continue
            hasBegun = true
            return chunk.subarray(at)
          }
        }
      })(stream)
    }),
  },
]

/** Content types of records (RFC 8446 §5.1). */
const HANDSHAKE = 22
const ALERT = 21

/** Good, but it works over another stream than the one that was given; nobody is told. */
function overAllStreams(change: (stream: IoStream) => IoStream): CreateBackend {
  return (context) => {
    const backend = withClientTransport(change)(context)
    replace(backend, 'createServerConnection', (create) => (stream, options) => {
      const connection = create(change(stream), options)
      replaceGetter(connection, 'transport', () => stream)
      return connection
    })
    return backend
  }
}
