import tls from 'node:tls'
import type {
  ClientHandshakeParameters,
  HandshakeResult,
  ServerHandshakeParameters,
} from '@tlsio/core/backend'
import { Passing, withClientDriver, withServerDriver } from '../breaking/drivers.js'
import { withClients, withLibrary } from '../breaking/good.js'
import { isIo, isTls, withClientReadErrors } from '../breaking/outcomes.js'
import { replace } from '../breaking/replace.js'
import { PassingStream, turn } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

export const applicationDataMutants: readonly Mutant[] = [
  {
    name: 'buffer-of-a-read-used-again',
    breaks: 'data-arrives-whole',
    showsIn: {
      handshake: 'what was read before new keys is compared with what was sent',
    },
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #buffer = new Uint8Array(65_536)

        override async read(): Promise<Uint8Array | null> {
          const chunk = await super.read()
          if (chunk === null || chunk.length > this.#buffer.length) return chunk
          this.#buffer.set(chunk)
          return this.#buffer.subarray(0, chunk.length)
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'empty-write-refused',
    breaks: 'data-arrives-whole',
    create: withClients((client) => {
      replace(client, 'write', (write) => async (chunk, options) => {
        if (chunk.length === 0) throw new RangeError('There is nothing to write.')
        return write(chunk, options)
      })
    }),
  },
  {
    // Signed, but readable: what RFC 5246 calls NULL.
    name: 'null-cipher',
    breaks: 'data-is-encrypted',
    version: 'TLSv1.2',
    create: withLibrary(() => {
      tls.DEFAULT_CIPHERS = 'eNULL:@SECLEVEL=0'
    }),
  },
  {
    name: 'tickets-part-of-the-handshake',
    breaks: 'early-leavers-are-heard',
    version: 'TLSv1.3',
    create: withServerDriver((make, stream) => {
      const writes: Promise<void>[] = []
      const watched = new (class extends PassingStream {
        override write(chunk: Uint8Array): Promise<void> {
          const written = super.write(chunk)
          writes.push(written)
          return written
        }
      })(stream)
      return new (class extends Passing<ServerHandshakeParameters> {
        override async handshake(asked: ServerHandshakeParameters): Promise<HandshakeResult> {
          const result = await super.handshake(asked)
          // The tickets are on their way then.
          await turn()
          await Promise.all(writes)
          return result
        }
      })(make(watched))
    }),
  },
  {
    name: 'write-waits-for-the-read',
    breaks: 'reads-beside-writes',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #read: Promise<unknown> | undefined

        override read(): Promise<Uint8Array | null> {
          const read = super.read()
          this.#read = read.catch(() => {})
          return read
        }

        override async write(chunk: Uint8Array): Promise<void> {
          await this.#read
          return super.write(chunk)
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'second-read-waits',
    breaks: 'one-operation-per-direction',
    create: withClients((client) => {
      let pending: Promise<unknown> | undefined
      replace(client, 'read', (read) => async (options) => {
        while (pending !== undefined) await pending
        const own = read(options)
        const done = () => {
          pending = undefined
        }
        pending = own.then(done, done)
        return own
      })
    }),
  },
  {
    name: 'second-write-waits',
    breaks: 'one-operation-per-direction',
    create: withClients((client) => {
      let pending: Promise<unknown> | undefined
      replace(client, 'write', (write) => async (chunk, options) => {
        while (pending !== undefined) await pending
        const own = write(chunk, options)
        const done = () => {
          pending = undefined
        }
        pending = own.then(done, done)
        return own
      })
    }),
  },
  {
    name: 'abort-that-has-happened-ignored',
    breaks: 'aborted-operations-lose-nothing',
    create: withClients((client) => {
      replace(client, 'write', (write) => async (chunk, options) => {
        const isTooLate = options?.signal?.aborted && client.protocolVersion !== null
        return write(chunk, isTooLate ? {} : options)
      })
    }),
  },
  {
    name: 'aborted-read-drops-the-connection',
    breaks: 'aborted-operations-lose-nothing',
    showsIn: {
      'client-authentication': 'a read is aborted there while a certificate is asked for',
    },
    create: withClients((client) => {
      replace(client, 'read', (read) => async (options) => {
        const { signal } = options ?? {}
        if (!signal?.aborted) signal?.addEventListener('abort', () => client.abort(signal.reason))
        return read(options)
      })
    }),
  },
  {
    name: 'aborted-read-takes-the-data-with-it',
    breaks: 'aborted-operations-lose-nothing',
    create: withClients((client) => {
      let given: Promise<unknown> | undefined
      replace(client, 'read', (read) => async (options) => {
        const { signal } = options ?? {}
        if (signal?.aborted) return read(options)
        if (given !== undefined) await given
        signal?.addEventListener('abort', () => {
          given = turn().then(() => read().catch(() => {}))
        })
        return read(options)
      })
    }),
  },
  {
    name: 'aborted-write-sent-again',
    breaks: 'aborted-operations-lose-nothing',
    create: withClients((client) => {
      let unsent: Uint8Array | undefined
      replace(client, 'write', (write) => async (chunk, options) => {
        const again = unsent
        unsent = undefined
        if (again !== undefined) await write(again)
        try {
          await write(chunk, options)
        } catch (error) {
          if (options?.signal?.aborted) unsent = chunk
          throw error
        }
      })
    }),
  },
  {
    name: 'input-taken-for-readers-only',
    breaks: 'writing-without-reading',
    showsIn: {
      tickets: 'late ones come to a client that reads nothing',
    },
    create: withClientDriver((make, stream, events) => {
      const gated = new Gated(stream)
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          const result = await super.handshake(asked)
          gated.wait()
          return result
        }

        override read(): Promise<Uint8Array | null> {
          const read = super.read()
          gated.open()
          const done = () => gated.wait()
          read.then(done, done)
          return read
        }

        override closeRead(): void {
          gated.open()
          gated.wait = () => {}
          super.closeRead()
        }
      })(make(gated, events))
    }),
  },
  {
    name: 'damaged-record-taken-for-the-end',
    breaks: 'damaged-record-refused',
    showsIn: {
      'session-resumption': 'a damaged record is the fatal alert that drops a session',
    },
    create: withClientReadErrors((error) => (isTls(error, 'TLS_MISC') ? null : error)),
  },
  {
    name: 'writes-into-the-void',
    breaks: 'broken-transport-told-to-writers',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async write(chunk: Uint8Array): Promise<void> {
          try {
            await super.write(chunk)
          } catch (error) {
            if (!isIo(error, 'IO_BROKEN_PIPE')) throw error
          }
        }
      })(make(stream, events))
    }),
  },
]

/** A stream that is read only while somebody wants it to be. */
class Gated extends PassingStream {
  #opened: Promise<void> | undefined
  #open: (() => void) | undefined

  /** From now on reads wait. */
  wait(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve
    })
  }

  /** They go on. */
  open(): void {
    this.#open?.()
    this.#opened = undefined
  }

  override async read(): Promise<Uint8Array | null> {
    await this.#opened
    return super.read()
  }
}
