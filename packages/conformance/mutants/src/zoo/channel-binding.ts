import { createHash, randomBytes } from 'node:crypto'
import {
  TlsChannelBindingError,
  type TlsChannelBindingErrorCode,
  type TlsConnection,
} from '@tlsio/core'
import type {
  ClientHandshakeParameters,
  FinishedMessages,
  HandshakeResult,
} from '@tlsio/core/backend'
import { changeClientOptions, changeClients, withConnections } from '../breaking/connections.js'
import { Passing, withClientDriver, withClientHandshake } from '../breaking/drivers.js'
import { withClients } from '../breaking/good.js'
import { withFewer } from '../breaking/modest.js'
import { isIo } from '../breaking/outcomes.js'
import { replace } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const endPoint = 'tls-server-end-point'

const bindings: readonly Mutant[] = [
  {
    name: 'tls-unique-of-the-second-finished',
    breaks: 'tls-unique-binding',
    version: 'TLSv1.2',
    create: withClientDriver((make, stream, events) => {
      const good = make(stream, events)
      return Object.assign(new Passing<ClientHandshakeParameters>(good), {
        finishedMessages: () => swapped(good.finishedMessages?.()),
      })
    }),
  },
  {
    name: 'tls-unique-always-of-the-client',
    breaks: 'tls-unique-binding',
    version: 'TLSv1.2',
    create: withClientDriver((make, stream, events) => {
      const good = make(stream, events)
      let isResumed = false
      const driver = new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          const result = await super.handshake(asked)
          isResumed = result.isSessionResumed === true
          return result
        }
      })(good)
      return Object.assign(driver, {
        finishedMessages: () => {
          const messages = good.finishedMessages?.()
          return isResumed ? swapped(messages) : (messages as FinishedMessages)
        },
      })
    }),
  },
  {
    name: 'tls-unique-with-tls-1-3',
    breaks: 'tls-unique-binding',
    create: withClients((client) => {
      insteadOf(client, 'CHANNEL_BINDING_GENERAL_ERROR', async () => new Uint8Array(12))
    }),
  },
  {
    name: 'end-point-by-sha-256-always',
    breaks: 'tls-server-end-point-binding',
    create: withConnections((connection) => {
      replace(connection, 'getChannelBindingData', (get) => async (type) => {
        const data = await get(type)
        return type === endPoint ? hashOfTheServer(connection, 'sha256') : data
      })
    }),
  },
  {
    name: 'end-point-made-up-for-ed25519',
    breaks: 'tls-server-end-point-binding',
    create: withConnections((connection) => {
      insteadOf(connection, 'CHANNEL_BINDING_NOT_SUPPORTED', async () =>
        hashOfTheServer(connection, 'sha512'),
      )
    }),
  },
  {
    name: 'end-point-by-sha-1',
    breaks: 'tls-server-end-point-binding',
    create: withConnections((connection) => {
      replace(connection, 'getChannelBindingData', (get) => async (type) => {
        const data = await get(type)
        return type === endPoint && isSignedWithSha1(connection)
          ? hashOfTheServer(connection, 'sha1')
          : data
      })
    }),
  },
  {
    name: 'tls-exporter-with-a-label-of-our-own',
    breaks: 'tls-exporter-binding',
    create: withConnections((connection) => {
      replace(connection, 'getChannelBindingData', (get) => async (type) => {
        const data = await get(type)
        if (type !== 'tls-exporter') return data
        return connection.exportKeyingMaterial('EXPERIMENTAL binding', 32, new Uint8Array(0))
      })
    }),
  },
  {
    // Up to TLS 1.2 that is not the same as with an empty one (RFC 5705 §4).
    name: 'tls-exporter-without-a-context',
    breaks: 'tls-exporter-binding',
    version: 'TLSv1.2',
    create: withConnections((connection) => {
      replace(connection, 'getChannelBindingData', (get) => async (type) => {
        const data = await get(type)
        if (type !== 'tls-exporter') return data
        return connection.exportKeyingMaterial('EXPORTER-Channel-Binding', 32)
      })
    }),
  },
  {
    // At both ends, and in all that they export with this label: they never notice.
    name: 'tls-exporter-with-the-end-of-its-label',
    breaks: 'tls-exporter-binding',
    create: withConnections((connection) => {
      const label = 'EXPORTER-Channel-Binding'
      replace(connection, 'exportKeyingMaterial', (make) => (asked, length, context) => {
        return make(asked === label ? `${label}\0` : asked, length, context)
      })
      replace(connection, 'getChannelBindingData', (get) => async (type) => {
        const data = await get(type)
        return type === 'tls-exporter'
          ? connection.exportKeyingMaterial(label, 32, new Uint8Array(0))
          : data
      })
    }),
  },
  {
    name: 'binding-given-after-close',
    breaks: 'channel-binding-while-open',
    create: withClients((client) => {
      insteadOf(client, 'CHANNEL_BINDING_INVALID_STATE', async (error) => {
        if (!client.closed || client.peerCertificate === null) throw error
        return hashOfTheServer(client, 'sha256')
      })
    }),
  },
  {
    name: 'binding-given-of-a-refused-peer',
    breaks: 'channel-binding-while-open',
    create: withClients((client) => {
      insteadOf(client, 'CHANNEL_BINDING_INVALID_STATE', async (error) => {
        if (client.closed || client.peerCertificate === null) throw error
        return hashOfTheServer(client, 'sha256')
      })
    }),
  },
  {
    name: 'binding-not-available-before-the-handshake',
    breaks: 'channel-binding-while-open',
    create: withClients((client) => {
      insteadOf(client, 'CHANNEL_BINDING_INVALID_STATE', async (error) => {
        if (client.peerCertificate !== null) throw error
        throw new TlsChannelBindingError('CHANNEL_BINDING_NOT_AVAILABLE', error.message)
      })
    }),
  },
  {
    name: 'binding-lost-with-half-of-the-connection',
    breaks: 'channel-binding-while-open',
    create: withClients((client) => {
      let isWhole = true
      replace(client, 'closeWrite', (closeWrite) => () => {
        isWhole = false
        return closeWrite()
      })
      replace(client, 'getChannelBindingData', (get) => async (type) => {
        if (isWhole) return get(type)
        throw new TlsChannelBindingError('CHANNEL_BINDING_INVALID_STATE', 'It is half closed.')
      })
    }),
  },
  {
    name: 'unclaimed-binding-not-available',
    breaks: 'unclaimed-secrets-refused',
    create: withFewer({ channelBindings: [] }, (backend) => {
      changeClients(backend, (client) => {
        insteadOf(client, 'CHANNEL_BINDING_NOT_IMPLEMENTED', async ({ message }) => {
          throw new TlsChannelBindingError('CHANNEL_BINDING_NOT_AVAILABLE', message)
        })
      })
    }),
  },
]

const secrets: readonly Mutant[] = [
  {
    name: 'keying-material-without-context',
    breaks: 'keying-material-export',
    create: withConnections((connection) => {
      replace(connection, 'exportKeyingMaterial', (make) => (label, length, context) => {
        return make(label, length, context?.length ? undefined : context)
      })
    }),
  },
  {
    name: 'keying-material-for-any-label',
    breaks: 'keying-material-export',
    create: withConnections((connection) => {
      replace(connection, 'exportKeyingMaterial', (make) => (label, length, context) => {
        return make(label.startsWith('EXPERIMENTAL') ? 'EXPERIMENTAL' : label, length, context)
      })
    }),
  },
  {
    name: 'keying-material-of-one-end',
    breaks: 'keying-material-export',
    create: withClients((client) => {
      replace(client, 'exportKeyingMaterial', (make) => (label, length, context) => {
        const material = make(label, length, context)
        return label.startsWith('EXPERIMENTAL') ? new Uint8Array(randomBytes(length)) : material
      })
    }),
  },
  {
    name: 'keying-material-wrong-at-both-ends',
    breaks: 'keying-material-export',
    create: withConnections((connection) => {
      replace(connection, 'exportKeyingMaterial', (make) => (label, length, context) => {
        return make(label.startsWith('EXPERIMENTAL') ? `${label}\0` : label, length, context)
      })
    }),
  },
  {
    name: 'keying-material-lost-on-resumption',
    breaks: 'keying-material-export',
    create: withClients((client) => {
      replace(client, 'exportKeyingMaterial', (make) => (label, length, context) => {
        const material = make(label, length, context)
        return client.isSessionResumed && label.startsWith('EXPERIMENTAL')
          ? new Uint8Array(length)
          : material
      })
    }),
  },
  {
    name: 'keying-material-after-close',
    breaks: 'keying-material-export',
    create: withClients((client) => {
      replace(client, 'exportKeyingMaterial', (make) => (label, length, context) => {
        try {
          return make(label, length, context)
        } catch (error) {
          if (isIo(error, 'IO_CLOSED')) return new Uint8Array(length)
          throw error
        }
      })
    }),
  },
  {
    name: 'keying-material-of-no-length',
    breaks: 'keying-material-export',
    create: withClients((client) => {
      replace(client, 'exportKeyingMaterial', (make) => (label, length, context) => {
        return length === 0 ? new Uint8Array(0) : make(label, length, context)
      })
    }),
  },
  {
    name: 'keying-material-unclaimed-and-empty',
    breaks: 'unclaimed-secrets-refused',
    create: withFewer({ keyingMaterialExport: false }, (backend) => {
      changeClients(backend, (client) => {
        replace(client, 'exportKeyingMaterial', () => () => new Uint8Array(0))
      })
    }),
  },
  {
    name: 'key-log-ignored-where-unsupported',
    breaks: 'unclaimed-secrets-refused',
    create: withFewer({ keyLog: false }, (backend) => {
      changeClientOptions(backend, (options) => ({ ...options, keyLog: undefined }))
    }),
  },
  {
    name: 'key-log-with-line-ends',
    breaks: 'key-log-format',
    create: withKeyLog((line) => `${line}\n`),
  },
  {
    name: 'key-log-of-the-other-direction',
    breaks: 'key-log-secrets',
    create: withKeyLog((line) =>
      line.replace(/^(CLIENT|SERVER)(?=_TRAFFIC_SECRET)/, (end) =>
        end === 'CLIENT' ? 'SERVER' : 'CLIENT',
      ),
    ),
  },
  {
    name: 'key-log-without-the-handshake',
    breaks: 'key-log-secrets',
    create: withClientHandshake(({ keyLog, ...asked }) => ({
      ...asked,
      keyLog:
        keyLog &&
        ((line) => {
          if (!line.includes('_HANDSHAKE_TRAFFIC_SECRET ')) keyLog(line)
        }),
    })),
  },
  {
    name: 'key-log-of-another-random',
    breaks: 'key-log-format',
    create: withKeyLog((line) => {
      const [label, random = '', secret] = line.split(' ')
      return [label, [...random].reverse().join(''), secret].join(' ')
    }),
  },
]

/** Does something else in place of failing with `code`. */
function insteadOf(
  connection: TlsConnection,
  code: TlsChannelBindingErrorCode,
  give: (error: TlsChannelBindingError) => Promise<Uint8Array>,
): void {
  replace(connection, 'getChannelBindingData', (get) => async (type) => {
    try {
      return await get(type)
    } catch (error) {
      if (!(error instanceof TlsChannelBindingError && error.code === code)) throw error
      return give(error)
    }
  })
}

function withKeyLog(change: (line: string) => string) {
  return withClientHandshake(({ keyLog, ...asked }) => ({
    ...asked,
    keyLog: keyLog && ((line) => keyLog(change(line))),
  }))
}

function swapped(messages: FinishedMessages | undefined): FinishedMessages {
  return { local: messages?.peer, peer: messages?.local }
}

function hashOfTheServer(connection: TlsConnection, algorithm: string): Uint8Array {
  return new Uint8Array(createHash(algorithm).update(derOfTheServer(connection)).digest())
}

/** No client of the cases about bindings has a certificate. */
function derOfTheServer({ peerCertificate, certificate }: TlsConnection): Uint8Array {
  return (peerCertificate ?? certificate)?.der ?? new Uint8Array(0)
}

/** The signature algorithm is ecdsa-with-SHA1 or sha1WithRSAEncryption. */
function isSignedWithSha1(connection: TlsConnection): boolean {
  const der = Buffer.from(derOfTheServer(connection)).toString('hex')
  return der.includes('06072a8648ce3d0401') || der.includes('06092a864886f70d010105')
}

export const channelBindingMutants: readonly Mutant[] = [...bindings, ...secrets]
