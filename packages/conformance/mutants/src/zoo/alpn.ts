import { TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters } from '@tlsio/core/backend'
import { withClientSettings } from '../breaking/connections.js'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { withClients, withServers } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

export const alpnMutants: readonly Mutant[] = [
  {
    name: 'least-preferred-protocol-chosen',
    breaks: 'alpn-agreement',
    create: withServers((server) => {
      replaceGetter(server, 'advertisedProtocols', (former) => {
        const protocols = former()
        return protocols && [...protocols].reverse()
      })
    }),
  },
  {
    name: 'no-protocol-agreed-is-an-error',
    breaks: 'alpn-agreement',
    create: withServers((server) => {
      replace(server, 'handshake', (handshake) => async (options) => {
        await handshake(options)
        if (server.advertisedProtocols?.length && server.negotiatedProtocol === null) {
          throw new TlsError('TLS_HANDSHAKE', 'There is no protocol in common.')
        }
      })
    }),
  },
  {
    name: 'first-protocol-assumed',
    breaks: 'alpn-agreement',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters) {
          const result = await super.handshake(asked)
          const [first = null] = asked.advertisedProtocols
          return { ...result, negotiatedProtocol: result.negotiatedProtocol ?? first }
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'no-protocol-announced',
    breaks: 'alpn-agreement',
    create: withClients((client) => {
      replace(client, 'handshake', (handshake) => async (options) => {
        await handshake(options)
        if (client.negotiatedProtocol === null) {
          client.dispatchEvent(new Event('change:negotiatedProtocol'))
        }
      })
    }),
  },
  {
    name: 'empty-list-of-protocols-offers-a-default',
    breaks: 'alpn-agreement',
    create: withClientSettings((asked, { advertisedProtocols }) =>
      advertisedProtocols?.length === 0 ? { ...asked, advertisedProtocols: ['http/1.1'] } : asked,
    ),
  },
  {
    name: 'protocol-forgotten-at-close',
    breaks: 'alpn-agreement',
    create: withClients((client) => {
      replaceGetter(client, 'negotiatedProtocol', (former) => (client.closed ? null : former()))
    }),
  },
]
