import type { TlsSession } from '@tlsio/core'
import { hostOf } from '../breaking/copies.js'
import { withClients } from '../breaking/good.js'
import { replace } from '../breaking/replace.js'
import { PassingStore, withStore } from '../breaking/session-stores.js'
import type { Mutant } from '../mutant.js'

/** Sessions over streams that are no sockets, or say little. */
export const resumptionOverStreamsMutants: readonly Mutant[] = [
  {
    name: 'no-resumption-over-web-sockets',
    breaks: 'resumption-over-any-stream',
    create: withClients((connection) => {
      if (connection.transport.constructor.name === 'WebSocketStream') {
        connection.sessionResumption = 'off'
      }
    }),
  },
  {
    name: 'no-resumption-over-streams-of-no-class',
    breaks: 'resumption-over-any-stream',
    create: withClients((connection) => {
      if (Object.getPrototypeOf(connection.transport) === Object.prototype) {
        connection.sessionResumption = 'off'
      }
    }),
  },
  {
    name: 'sessions-bound-to-the-address',
    breaks: 'address-is-no-key',
    create: (context) => {
      const addresses = new Map<string | undefined, string | undefined>()
      return withClients((connection) => {
        replace(connection, 'handshake', (handshake) => (options) => {
          const [host, address] = [hostOf(connection), connection.transport.remoteAddress?.address]
          if (addresses.has(host) && addresses.get(host) !== address) {
            connection.sessionResumption = 'off'
          }
          addresses.set(host, address)
          return handshake(options)
        })
      })(context)
    },
  },
  {
    name: 'names-resolved-before-sessions-are-looked-up',
    breaks: 'name-and-address-apart',
    create: withStore((good) => {
      const resolved = (key: string) => key.replaceAll('"localhost"', '"127.0.0.1"')
      return new (class extends PassingStore {
        override put(key: string, session: TlsSession): void | Promise<void> {
          return super.put(resolved(key), session)
        }

        override take(key: string): TlsSession | undefined | Promise<TlsSession | undefined> {
          return super.take(resolved(key))
        }

        override remove(key: string, session: TlsSession): void | Promise<void> {
          return super.remove(resolved(key), session)
        }
      })(good)
    }),
  },
]
