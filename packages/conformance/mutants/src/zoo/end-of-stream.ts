import { IoError, TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters } from '@tlsio/core/backend'
import { RecordReader } from '@tlsio/core/wire'
import { pretending } from '../breaking/claims.js'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { createGood, withClients, withServers } from '../breaking/good.js'
import { isIo, isTls, recoded, withClientReadErrors } from '../breaking/outcomes.js'
import { replaceSetter } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** What the end of the stream means. */
export const endOfStreamMutants: readonly Mutant[] = [
  {
    name: 'truncation-taken-for-the-end',
    breaks: 'end-told-from-truncation',
    showsIn: {
      'client-authentication': 'what a truncation is told as, after an interaction that failed',
    },
    create: withClients((client) => {
      client.requireCloseNotify = false
    }),
  },
  {
    name: 'truncation-taken-for-the-end-by-the-server',
    breaks: 'end-told-from-truncation',
    create: withServers((server) => {
      server.requireCloseNotify = false
    }),
  },
  {
    name: 'truncation-hides-the-data-before-it',
    breaks: 'end-told-from-truncation',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #ahead: Promise<Uint8Array | null> | undefined

        override async read(): Promise<Uint8Array | null> {
          const chunk = await (this.#ahead ?? super.read())
          if (chunk === null) return null
          this.#ahead = super.read()
          const isCutOff = await Promise.race([endsCutOff(this.#ahead), later()])
          if (isCutOff) return this.#ahead
          return chunk
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'truncation-in-a-record-taken-for-damage',
    breaks: 'end-told-from-truncation',
    create: withClientDriver((make, stream, events) => {
      const measured = new Measured(stream)
      return new (class extends Passing<ClientHandshakeParameters> {
        override async read(): Promise<Uint8Array | null> {
          try {
            return await super.read()
          } catch (error) {
            const isPartial = measured.isWithinARecord && isTls(error, 'TLS_EOF')
            throw isPartial ? recoded(error, 'TLS_MISC') : error
          }
        }
      })(make(measured, events))
    }),
  },
  {
    name: 'truncation-watched-for-in-spite-of-the-setting',
    breaks: 'bare-end-where-it-is-allowed',
    create: withClients((client) => {
      client.requireCloseNotify = true
    }),
  },
  {
    name: 'truncation-watch-fixed-at-the-start',
    breaks: 'truncation-watch-can-change',
    create: withClients((client) => {
      replaceSetter(client, 'requireCloseNotify', (value, set) => {
        if (client.protocolVersion === null || value) set(value)
      })
    }),
  },
  {
    name: 'truncation-watch-switched-on-in-vain',
    breaks: 'truncation-watch-can-change',
    create: withClients((client) => {
      replaceSetter(client, 'requireCloseNotify', (value, set) => {
        if (client.protocolVersion === null || !value) set(value)
      })
    }),
  },
  {
    name: 'reset-taken-for-truncation',
    breaks: 'transport-errors-come-through',
    create: withClientReadErrors((cause) =>
      isIo(cause, 'IO_BROKEN_PIPE')
        ? new TlsError('TLS_EOF', 'The stream ended without close_notify.', { cause })
        : cause,
    ),
  },
  {
    name: 'time-limit-taken-for-a-reset',
    breaks: 'transport-errors-come-through',
    create: withClientReadErrors((cause) =>
      isIo(cause, 'IO_TIMED_OUT')
        ? new IoError('IO_BROKEN_PIPE', 'The stream broke.', { cause })
        : cause,
    ),
  },
  {
    name: 'truncation-watch-not-refused',
    breaks: 'truncation-watch-refused',
    create: pretending({ truncationDetection: 'never' }, createGood),
  },
]

/** Knows whether a record was begun and not ended. */
class Measured extends PassingStream {
  readonly #records = new RecordReader()
  #missing = 0

  get isWithinARecord(): boolean {
    return this.#missing > 0
  }

  override async read(): Promise<Uint8Array | null> {
    const chunk = await super.read()
    if (chunk !== null) {
      this.#missing += chunk.length
      for (const { fragment } of this.#records.push(chunk)) this.#missing -= 5 + fragment.length
    }
    return chunk
  }
}

function endsCutOff(read: Promise<unknown>): Promise<boolean> {
  return read.then(
    () => false,
    (error) => isTls(error, 'TLS_EOF'),
  )
}

/** Some turns of the event loop later: long enough to see an end that is there already. */
async function later(): Promise<boolean> {
  for (let count = 0; count < 5; count++) await new Promise((resolve) => setImmediate(resolve))
  return false
}
