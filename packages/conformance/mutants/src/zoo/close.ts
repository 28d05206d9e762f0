import { IoError } from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { withClients } from '../breaking/good.js'
import { isIo, isTls } from '../breaking/outcomes.js'
import { replace } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** How a connection is closed. */
export const closeMutants: readonly Mutant[] = [
  {
    name: 'close-notify-only-where-required',
    breaks: 'close-notify-sent',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #required = true

        override handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          this.#required = asked.detectTruncation
          return super.handshake(asked)
        }

        override async closeWrite(): Promise<void> {
          if (this.#required) await super.closeWrite()
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'dispose-drops-the-connection',
    breaks: 'close-notify-sent',
    create: withClients((client) => {
      replace(client, Symbol.asyncDispose, () => async () => client.abort())
    }),
  },
  {
    name: 'second-close-refused',
    breaks: 'close-notify-sent-once',
    create: withClients((client) => {
      replace(client, 'close', (close) => async (options) => {
        const wasOpen = client.isSessionResumed !== undefined
        if (client.closed && wasOpen) throw new IoError('IO_CLOSED', 'It is closed.')
        await close(options)
      })
    }),
  },
  {
    name: 'close-notify-twice',
    breaks: 'close-notify-sent-once',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #discards = false
        #wasHalfClosed = false

        override closeRead(): void {
          this.#discards = true
          super.closeRead()
        }

        override async closeWrite(): Promise<void> {
          this.#wasHalfClosed = !this.#discards
          await super.closeWrite()
        }

        override async close(): Promise<void> {
          const closeNotify = Uint8Array.of(21, 3, 3, 0, 2, 1, 0)
          if (this.#wasHalfClosed) await stream.write(closeNotify).catch(() => {})
          await super.close()
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'close-after-close-read-drops-the-connection',
    breaks: 'close-notify-sent-once',
    create: withClients((client) => {
      let isReading = true
      replace(client, 'closeRead', (closeRead) => async () => {
        await closeRead()
        isReading = false
      })
      replace(client, 'close', (close) => async (options) => {
        if (isReading || client.closed) await close(options)
        else client.abort()
      })
    }),
  },
  {
    name: 'close-drops-a-pending-write',
    breaks: 'close-loses-no-data',
    create: withClients((client) => {
      let writes = 0
      replace(client, 'write', (write) => async (chunk, options) => {
        writes++
        try {
          await write(chunk, options)
        } finally {
          writes--
        }
      })
      replace(client, 'close', (close) => async (options) => {
        if (writes > 0) client.abort()
        await close(options)
      })
    }),
  },
  {
    name: 'end-told-once',
    breaks: 'close-loses-no-data',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #told = false

        override async read(): Promise<Uint8Array | null> {
          if (this.#told) throw new IoError('IO_CLOSED', 'The peer has closed the connection.')
          const chunk = await super.read()
          this.#told = chunk === null
          return chunk
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'close-then-abort',
    breaks: 'close-is-not-undone',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async close(): Promise<void> {
          await super.close()
          stream.abort()
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'close-runs-the-handshake',
    breaks: 'close-without-a-handshake',
    showsIn: {
      handshake: 'a connection is closed there that never had a handshake',
      'session-resumption': 'a connection that was never used is closed',
      'copy-session-state': 'sources and copies are closed without a handshake',
    },
    create: withClients((client) => {
      replace(client, 'close', (close) => async (options) => {
        const isNew = client.isSessionResumed === undefined && !client.closed
        if (isNew) client.handshake().catch(() => {})
        await close(options)
      })
    }),
  },
  {
    name: 'close-repeats-the-failure',
    breaks: 'close-without-a-handshake',
    showsIn: {
      'copy-session-state': 'copies that were refused are closed',
    },
    create: withClients((client) => {
      let failure: unknown
      replace(client, 'handshake', (handshake) => async (options) => {
        try {
          await handshake(options)
        } catch (error) {
          if (isTls(error, 'TLS_BAD_CERTIFICATE')) failure = error
          throw error
        }
      })
      replace(client, 'close', (close) => async (options) => {
        await close(options)
        if (failure !== undefined) throw failure
      })
    }),
  },
  {
    name: 'close-ends-a-running-handshake',
    breaks: 'close-waits-for-the-handshake',
    create: withClients((client) => {
      let runs = false
      replace(client, 'handshake', (handshake) => async (options) => {
        runs = true
        try {
          await handshake(options)
        } finally {
          runs = false
        }
      })
      replace(client, 'close', (close) => async (options) => {
        if (runs) client.abort(new IoError('IO_CLOSED', 'This connection is closed.'))
        await close(options)
      })
    }),
  },
  {
    name: 'close-waits-for-the-peer',
    breaks: 'close-does-not-wait-for-the-peer',
    showsIn: {
      'application-data': 'who uploads closes without a word from the server',
      'session-resumption': 'over messages a client closes first',
      'copy-session-state': 'a client closes before its server does',
      tickets: 'a client that only writes closes first',
    },
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #read: Promise<Uint8Array | null> | undefined

        override read(): Promise<Uint8Array | null> {
          this.#read = super.read()
          return this.#read
        }

        override closeRead(): void {}

        override async close(): Promise<void> {
          const toEnd = async () => {
            for (let chunk = await this.#read; chunk !== null; ) chunk = await super.read()
          }
          await toEnd().catch(() => {})
          await super.close()
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'end-of-the-peer-not-noticed',
    breaks: 'close-after-the-peer',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override get hasEnded(): boolean {
          return false
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'transport-left-open-without-close-notify',
    breaks: 'close-ends-the-transport',
    create: withClientDriver((make, stream, events) => {
      const sticky = new Sticky(stream)
      return new (class extends Passing<ClientHandshakeParameters> {
        override async close(): Promise<void> {
          if (!sticky.isBroken) await super.close()
        }
      })(make(sticky, events))
    }),
  },
  {
    name: 'error-of-the-transport-swallowed',
    breaks: 'close-ends-the-transport',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async close(): Promise<void> {
          await super.close().catch(() => {})
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'last-error-of-close-told',
    breaks: 'close-ends-the-transport',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #first: { readonly error: unknown } | undefined

        override async closeWrite(): Promise<void> {
          try {
            await super.closeWrite()
          } catch (error) {
            if (this.hasEnded) throw error
            this.#first = { error }
          }
        }

        override async close(): Promise<void> {
          await super.close()
          if (this.#first !== undefined) throw this.#first.error
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'pending-read-ends-at-close',
    breaks: 'closed-is-closed',
    create: withClients((client) => {
      replace(client, 'read', (read) => async (options) => {
        const wasOpen = client.protocolVersion !== null
        try {
          return await read(options)
        } catch (error) {
          if (wasOpen && client.closed && isIo(error, 'IO_CLOSED')) return null
          throw error
        }
      })
    }),
  },
  {
    name: 'write-after-close-ignored',
    breaks: 'closed-is-closed',
    create: withClients((client) => {
      replace(client, 'write', (write) => async (chunk, options) => {
        const wasOpen = client.isSessionResumed !== undefined
        if (wasOpen && client.closed && !options?.signal?.aborted) return
        await write(chunk, options)
      })
    }),
  },
  {
    name: 'abort-says-goodbye',
    breaks: 'abort-is-unclean',
    create: withClients((client) => {
      replace(client, 'abort', (abort) => (reason) => {
        if (client.protocolVersion === null) abort(reason)
        else client.close().catch(() => {})
      })
    }),
  },
  {
    name: 'reason-of-an-abort-lost',
    breaks: 'abort-is-unclean',
    create: withClients((client) => {
      replace(client, 'abort', (abort) => (reason) => {
        abort(client.protocolVersion === null ? reason : undefined)
      })
    }),
  },
]

/** Once it is broken, nobody can close it. */
class Sticky extends PassingStream {
  isBroken = false

  override async read(): Promise<Uint8Array | null> {
    return this.#noting(super.read())
  }

  override async write(chunk: Uint8Array): Promise<void> {
    return this.#noting(super.write(chunk))
  }

  override async close(): Promise<void> {
    if (!this.isBroken) await super.close()
  }

  override abort(reason?: unknown): void {
    if (!this.isBroken) super.abort(reason)
  }

  async #noting<T>(operation: Promise<T>): Promise<T> {
    try {
      return await operation
    } catch (error) {
      this.isBroken ||= isIo(error, 'IO_BROKEN_PIPE')
      throw error
    }
  }
}
