import { type IoOptions, type IoStream, TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** What a server may ask of a client of TLS 1.3. */
export const retriesAndKeyUpdatesMutants: readonly Mutant[] = [
  {
    name: 'retry-request-not-expected',
    breaks: 'hello-retry-request-answered',
    create: withClientDriver((make, stream, events) =>
      make(new Failing(stream, isRetryRequest), events),
    ),
  },
  {
    name: 'retry-request-not-expected-with-a-ticket',
    breaks: 'hello-retry-request-answered',
    create: withClientDriver((make, stream, events) => {
      let offers = false
      const failing = new Failing(stream, (chunk) => offers && isRetryRequest(chunk))
      return new (class extends Passing<ClientHandshakeParameters> {
        override handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          offers = asked.session !== undefined
          return super.handshake(asked)
        }
      })(make(failing, events))
    }),
  },
  {
    name: 'key-update-not-expected',
    breaks: 'key-update-followed',
    create: withClientDriver((make, stream, events) =>
      make(new Failing(stream, isKeyUpdate), events),
    ),
  },
]

/** A stream that ends with an error at what an engine does not expect. */
class Failing extends PassingStream {
  readonly #isUnexpected: (chunk: Uint8Array) => boolean

  constructor(good: IoStream, isUnexpected: (chunk: Uint8Array) => boolean) {
    super(good)
    this.#isUnexpected = isUnexpected
  }

  override async read(options?: IoOptions): Promise<Uint8Array | null> {
    const chunk = await super.read(options)
    if (chunk === null || !this.#isUnexpected(chunk)) return chunk
    throw new TlsError('TLS_MISC', 'The server has sent a message that does not belong here.')
  }
}

/** A ServerHello with the random that stands for a HelloRetryRequest (RFC 8446 §4.1.3). */
function isRetryRequest(chunk: Uint8Array): boolean {
  return Buffer.from(chunk).includes(Buffer.from('cf21ad74e59a6111be1d8c021e65b891', 'hex'))
}

/** A record as long as one with a KeyUpdate, which comes together with the data behind it. */
function isKeyUpdate(chunk: Uint8Array): boolean {
  const [type, , , high, low] = chunk
  return type === 23 && high === 0 && low === 5 + 1 + 16 && chunk.length > 5 + 22
}
