import { IoError, type IoStream, TlsError } from '@tlsio/core'
import { withClientTransport } from '../breaking/connections.js'
import { withServerDriver } from '../breaking/drivers.js'
import { withClients } from '../breaking/good.js'
import { isIo, isTls, recoded, withClientHandshakeErrors } from '../breaking/outcomes.js'
import { replace } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

const stillFailed = 'a connection that has failed is copied to, and must be as it was'

/** How it fails, and what is left then. */
export const failedHandshakesMutants: readonly Mutant[] = [
  {
    name: 'second-handshake-after-a-failure-succeeds',
    breaks: 'handshake-failure-is-final',
    showsIn: { 'copy-session-state': stillFailed },
    create: withClients((client) => {
      let failed = false
      replace(client, 'handshake', (handshake) => async (options) => {
        if (failed && !client.closed && !options?.signal?.aborted) return
        try {
          await handshake(options)
        } catch (error) {
          failed = error instanceof TlsError
          throw error
        }
      })
    }),
  },
  {
    name: 'failure-told-in-a-new-error-each-time',
    breaks: 'handshake-failure-is-final',
    showsIn: { 'copy-session-state': stillFailed, sessions: 'getSession tells the same error' },
    create: withClients((client) => {
      replace(client, 'handshake', (handshake) => async (options) => {
        try {
          await handshake(options)
        } catch (error) {
          throw error instanceof TlsError ? recoded(error, error.code) : error
        }
      })
    }),
  },
  {
    name: 'waiting-write-finds-a-broken-pipe',
    breaks: 'handshake-failure-is-final',
    showsIn: { 'peer-verification': 'a write waits there for a peer that is refused' },
    create: withClients((client) => {
      replace(client, 'write', (write) => async (chunk, options) => {
        const isNew = client.protocolVersion === null
        try {
          await write(chunk, options)
        } catch (cause) {
          if (!isNew || !(cause instanceof TlsError)) throw cause
          throw new IoError('IO_BROKEN_PIPE', 'The connection did not come about.', { cause })
        }
      })
    }),
  },
  {
    name: 'plaintext-left-to-others',
    breaks: 'handshake-failure-ends-the-transport',
    create: withClientTransport((stream) => leftOpen(stream, (type) => type < 20 || type > 24)),
  },
  {
    name: 'alert-leaves-the-transport-open',
    breaks: 'handshake-failure-ends-the-transport',
    create: withClientTransport((stream) => leftOpen(stream, (type) => type === ALERT)),
  },
  {
    name: 'failure-before-closed',
    breaks: 'order-of-checks',
    create: withClients((client) => {
      let failure: unknown
      replace(client, 'handshake', (handshake) => async (options) => {
        if (failure !== undefined && !options?.signal?.aborted) throw failure
        try {
          await handshake(options)
        } catch (error) {
          if (error instanceof TlsError) failure = error
          throw error
        }
      })
    }),
  },
  {
    name: 'closed-before-aborted',
    breaks: 'order-of-checks',
    create: withClients((client) => {
      replace(client, 'read', (read) => async (options) => {
        if (client.closed) throw new IoError('IO_CLOSED', 'This connection is closed.')
        return read(options)
      })
    }),
  },
  {
    name: 'abort-before-the-start-spoils-the-connection',
    breaks: 'order-of-checks',
    create: withClients((client) => {
      replace(client, 'handshake', (handshake) => async (options) => {
        if (options?.signal?.aborted) client.abort(options.signal.reason)
        await handshake(options)
      })
    }),
  },
  {
    name: 'aborted-handshake-told-otherwise-later',
    breaks: 'handshake-can-be-aborted',
    create: withClients((client) => {
      let aborted = false
      replace(client, 'handshake', (handshake) => async (options) => {
        if (options?.signal?.aborted) return handshake(options)
        if (aborted) throw new TlsError('TLS_MISC', 'There was no handshake.')
        options?.signal?.addEventListener('abort', () => {
          aborted = client.protocolVersion === null
        })
        return handshake(options)
      })
    }),
  },
  {
    name: 'garbage-as-misc',
    breaks: 'garbage-is-not-tls',
    create: withClientHandshakeErrors((error) =>
      isTls(error, 'TLS_NOT_TLS') && isOfTheEngine(error) ? recoded(error, 'TLS_MISC') : error,
    ),
  },
  {
    name: 'server-waits-for-more-than-a-header',
    breaks: 'garbage-is-not-tls',
    create: withServerDriver((make, stream) => {
      const gathering = new (class extends PassingStream {
        #gathered: Uint8Array | undefined = new Uint8Array(0)

        override async read(): Promise<Uint8Array | null> {
          const chunk = await super.read()
          if (this.#gathered === undefined || chunk === null) return chunk
          this.#gathered = Buffer.concat([this.#gathered, chunk])
          if (this.#gathered.length < 64) return this.read()
          const all = this.#gathered
          this.#gathered = undefined
          return all
        }
      })(stream)
      return make(gathering)
    }),
  },
  {
    name: 'end-in-the-handshake-as-truncation',
    breaks: 'handshake-end-of-stream-is-not-tls',
    create: withClientHandshakeErrors((error) =>
      isTls(error, 'TLS_NOT_TLS') && !isOfTheEngine(error) ? recoded(error, 'TLS_EOF') : error,
    ),
  },
  {
    name: 'end-in-the-handshake-as-broken-pipe-where-not-watched',
    breaks: 'handshake-end-of-stream-is-not-tls',
    create: withClientHandshakeErrors((error, { detectTruncation }) =>
      !detectTruncation && isTls(error, 'TLS_NOT_TLS') && !isOfTheEngine(error)
        ? new IoError('IO_BROKEN_PIPE', 'The stream ended.')
        : error,
    ),
  },
  {
    name: 'alerts-as-misc',
    breaks: 'handshake-alerts-have-codes',
    create: withClientHandshakeErrors((error) =>
      error instanceof TlsError && error.alert !== undefined ? recoded(error, 'TLS_MISC') : error,
    ),
  },
  {
    name: 'unknown-ca-as-a-handshake-failure',
    breaks: 'handshake-alerts-have-codes',
    create: withClientHandshakeErrors((error) =>
      error instanceof TlsError && error.alert === 48 ? recoded(error, 'TLS_HANDSHAKE') : error,
    ),
  },
  {
    name: 'fallback-as-a-handshake-failure',
    breaks: 'handshake-alerts-have-codes',
    create: withClientHandshakeErrors((error) =>
      isTls(error, 'TLS_INAPPROPRIATE_FALLBACK') ? recoded(error, 'TLS_HANDSHAKE') : error,
    ),
  },
  {
    name: 'number-of-the-alert-lost',
    breaks: 'handshake-alerts-have-codes',
    create: withClientHandshakeErrors((error) =>
      error instanceof TlsError && error.alert !== undefined
        ? new TlsError(error.code, error.message, { cause: error.cause })
        : error,
    ),
  },
  {
    name: 'reset-in-the-handshake-as-not-tls',
    breaks: 'handshake-transport-errors-come-through',
    create: withClientHandshakeErrors((cause) =>
      isIo(cause, 'IO_BROKEN_PIPE')
        ? new TlsError('TLS_NOT_TLS', 'The peer does not speak TLS.', { cause })
        : cause,
    ),
  },
  {
    name: 'time-limit-in-the-handshake-as-misc',
    breaks: 'handshake-transport-errors-come-through',
    create: withClientHandshakeErrors((cause) =>
      isIo(cause, 'IO_TIMED_OUT')
        ? new TlsError('TLS_MISC', 'The handshake failed.', { cause })
        : cause,
    ),
  },
]

const ALERT = 21

/** A stream that is neither closed nor dropped if its first byte, a record's type, is one of these. */
function leftOpen(stream: IoStream, isOne: (type: number) => boolean): IoStream {
  return new (class extends PassingStream {
    #first: number | undefined

    get #stays(): boolean {
      return this.#first !== undefined && isOne(this.#first)
    }

    override async read(): Promise<Uint8Array | null> {
      const chunk = await super.read()
      this.#first ??= chunk?.[0]
      return chunk
    }

    override async close(): Promise<void> {
      if (!this.#stays) await super.close()
    }

    override abort(reason?: unknown): void {
      if (!this.#stays) super.abort(reason)
    }
  })(stream)
}

/** Whether OpenSSL had something to say, and not only the stream an end. */
function isOfTheEngine({ cause }: TlsError): boolean {
  const { code = '' } = (cause ?? {}) as { code?: string }
  return code.startsWith('ERR_SSL_') || code === 'EPROTO'
}
