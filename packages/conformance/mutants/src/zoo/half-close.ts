import type { ClientHandshakeParameters } from '@tlsio/core/backend'
import { changeClients } from '../breaking/connections.js'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { withClients } from '../breaking/good.js'
import { withFewer } from '../breaking/modest.js'
import { replace } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** One direction ends, the other goes on. */
export const halfCloseMutants: readonly Mutant[] = [
  {
    name: 'half-close-ends-both-directions',
    breaks: 'writing-side-closed-alone',
    showsIn: {
      'channel-binding': 'bindings are there on a half-closed connection, too',
      'copy-session-state': 'a copy is made to a half-closed connection',
    },
    create: withClients((client) => {
      replace(client, 'closeWrite', (closeWrite) => async () => {
        const isOpen = client.protocolVersion !== null
        await closeWrite()
        if (isOpen) await client.close()
      })
    }),
  },
  {
    name: 'half-close-leaves-the-transport-open',
    breaks: 'writing-side-closed-alone',
    create: withClientDriver((make, stream, events) => {
      const open = new (class extends PassingStream {
        override async closeWrite(): Promise<void> {}
      })(stream)
      return make(open, events)
    }),
  },
  {
    // What Node's sockets do by themselves unless allowHalfOpen is on.
    name: 'end-of-the-peer-ends-our-side',
    breaks: 'writing-side-closed-alone',
    showsIn: {
      'client-authentication': 'the end of the server comes while a certificate is asked for',
    },
    create: withClients((client) => {
      replace(client, 'read', (read) => async (options) => {
        const chunk = await read(options)
        if (chunk === null) await client.closeWrite()
        return chunk
      })
    }),
  },
  {
    name: 'writes-after-half-close-ignored',
    breaks: 'writing-side-closed-alone',
    create: withClients((client) => {
      let isWriting = true
      replace(client, 'closeWrite', (closeWrite) => () => {
        isWriting = false
        return closeWrite()
      })
      replace(client, 'write', (write) => async (chunk, options) => {
        if (isWriting || client.closed) await write(chunk, options)
      })
    }),
  },
  {
    name: 'close-read-says-goodbye',
    breaks: 'reading-side-closed-alone',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        #closing: Promise<void> | undefined

        override closeRead(): void {
          super.closeRead()
          this.#closing = super.closeWrite()
          this.#closing.catch(() => {})
        }

        override closeWrite(): Promise<void> {
          return this.#closing ?? super.closeWrite()
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'reads-after-close-read-are-the-end',
    breaks: 'reading-side-closed-alone',
    create: withClients((client) => {
      let isReading = true
      replace(client, 'closeRead', (closeRead) => () => {
        isReading = false
        return closeRead()
      })
      replace(client, 'read', (read) => async (options) => {
        return isReading || client.closed ? read(options) : null
      })
    }),
  },
  {
    name: 'handshake-of-a-half-closed-connection-does-nothing',
    breaks: 'handshake-needs-both-directions',
    create: withClients((client) => {
      replace(client, 'handshake', (handshake) => async (options) => {
        const isOpen = client.protocolVersion !== null && !options?.signal?.aborted
        if (!isOpen) await handshake(options)
      })
    }),
  },
  {
    name: 'half-close-ignored-where-unsupported',
    breaks: 'half-close-refused-where-unsupported',
    create: withFewer({ halfClose: false }, (backend) => {
      changeClients(backend, (client) => {
        replace(client, 'closeRead', () => async () => {})
        replace(client, 'closeWrite', () => async () => {})
      })
    }),
  },
]
