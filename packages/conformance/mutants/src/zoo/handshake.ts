import { IoError, TlsError } from '@tlsio/core'
import type { ClientHandshakeParameters } from '@tlsio/core/backend'
import { withClientsAndResults, withConnections } from '../breaking/connections.js'
import { Passing, withClientDriver, withClientHandshake } from '../breaking/drivers.js'
import { withClients, withServers } from '../breaking/good.js'
import { isTls, recoded, withServerHandshakeErrors } from '../breaking/outcomes.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import { PassingStream } from '../breaking/streams.js'
import type { Mutant } from '../mutant.js'

/** While it runs, and what is known when it has succeeded. */
export const handshakeMutants: readonly Mutant[] = [
  {
    name: 'cipher-suite-of-another-handshake',
    breaks: 'negotiated-values-at-both-ends',
    create: withConnections((connection) => {
      replaceGetter(connection, 'cipherSuite', (former) => former() && 'TLS_AES_128_CCM_SHA256')
    }),
  },
  {
    name: 'second-handshake-refused',
    breaks: 'handshake-runs-once',
    create: withClients((client) => {
      replace(client, 'handshake', (handshake) => async (options) => {
        const isOpen = client.protocolVersion !== null
        await handshake(options)
        if (isOpen) throw new TlsError('TLS_MISC', 'The handshake is over.')
      })
    }),
  },
  {
    name: 'handshakes-at-once-refused',
    breaks: 'handshake-runs-once',
    showsIn: { 'peer-verification': 'a handshake is asked for there while one runs' },
    create: withClients((client) => {
      let runs = false
      replace(client, 'handshake', (handshake) => async (options) => {
        if (runs) throw new IoError('IO_PENDING', 'The handshake runs already.')
        runs = true
        try {
          await handshake(options)
        } finally {
          runs = false
        }
      })
    }),
  },
  {
    name: 'read-wants-a-handshake-before',
    breaks: 'handshake-implicit',
    create: withClients((client) => {
      let started = false
      const starts = noting(() => {
        started = true
      })
      replace(client, 'handshake', starts)
      replace(client, 'write', starts)
      replace(client, 'read', (read) => async (options) => {
        if (!started) throw new TlsError('TLS_MISC', 'There was no handshake.')
        return read(options)
      })
    }),
  },
  {
    name: 'write-wants-a-handshake-before',
    breaks: 'handshake-implicit',
    showsIn: {
      'peer-verification': 'data is written there before the handshake',
      tickets: 'a client that only writes begins with that',
    },
    create: withClients((client) => {
      let started = false
      const starts = noting(() => {
        started = true
      })
      replace(client, 'handshake', starts)
      replace(client, 'read', starts)
      replace(client, 'write', (write) => async (chunk, options) => {
        if (!started) throw new TlsError('TLS_MISC', 'There was no handshake.')
        return write(chunk, options)
      })
    }),
  },
  {
    name: 'answer-must-come-with-its-header',
    breaks: 'stream-has-no-boundaries',
    create: withClientDriver((make, stream, events) => {
      let first = true
      const impatient = new (class extends PassingStream {
        override async read(): Promise<Uint8Array | null> {
          const chunk = await super.read()
          if (first && chunk !== null && chunk.length < 5) {
            throw new TlsError('TLS_NOT_TLS', 'The answer is no record of TLS.')
          }
          first = false
          return chunk
        }
      })(stream)
      return make(impatient, events)
    }),
  },
  {
    name: 'oldest-version-preferred',
    breaks: 'newest-common-version',
    showsIn: { 'session-resumption': 'sessions are kept apart there by the range of versions' },
    create: withClientHandshake((asked) => ({
      ...asked,
      maxVersion: asked.minVersion,
      settingsKey: `${asked.settingsKey} ${asked.minVersion}`,
    })),
  },
  {
    name: 'version-told-as-asked-for',
    breaks: 'newest-common-version',
    version: 'TLSv1.2',
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters) {
          return { ...(await super.handshake(asked)), protocolVersion: asked.maxVersion }
        }
      })(make(stream, events))
    }),
  },
  {
    name: 'no-common-version-as-misc',
    breaks: 'newest-common-version',
    create: withServerHandshakeErrors((error) =>
      isTls(error, 'TLS_HANDSHAKE') ? recoded(error, 'TLS_MISC') : error,
    ),
  },
  {
    name: 'cipher-suite-without-prefix',
    breaks: 'negotiated-values-at-both-ends',
    create: withClientHandshake(
      (asked) => asked,
      (result) => ({ ...result, cipherSuite: result.cipherSuite.replace('TLS_', '') }),
    ),
  },
  {
    name: 'server-tells-no-cipher-suite',
    breaks: 'negotiated-values-at-both-ends',
    create: withServers((server) => replaceGetter(server, 'cipherSuite', () => null)),
  },
  {
    name: 'version-told-before-the-verdict',
    breaks: 'negotiated-values-after-the-verdict',
    create: withClientsAndResults((client, engine) => {
      replaceGetter(client, 'protocolVersion', (former) => {
        const undecided = client.peerCertificate === null && !client.closed
        return (undecided ? engine.result?.protocolVersion : former()) ?? null
      })
    }),
  },
  {
    name: 'certificate-announced-twice',
    breaks: 'negotiated-values-after-the-verdict',
    showsIn: { 'peer-verification': 'the order of events is looked at there, too' },
    create: withClients((client) => {
      const again = () => client.dispatchEvent(new Event('change:peerCertificate'))
      client.addEventListener('change:peerCertificate', again, { once: true })
    }),
  },
  {
    name: 'version-kept-after-close',
    breaks: 'negotiated-values-end',
    create: withClientsAndResults((client, engine) => {
      replaceGetter(client, 'protocolVersion', (former) => {
        const isKnown = client.closed && client.isSessionResumed !== undefined
        return (isKnown ? engine.result?.protocolVersion : former()) ?? null
      })
    }),
  },
  {
    name: 'certificate-forgotten-at-close',
    breaks: 'negotiated-values-end',
    showsIn: {
      'custom-database': 'the certificate of a connection that has ended is compared there',
      'session-resumption': 'the certificate of a connection that has ended is compared there',
    },
    create: withClients((client) => {
      replaceGetter(client, 'peerCertificate', (former) => (client.closed ? null : former()))
    }),
  },
  {
    name: 'cipher-suite-of-a-refused-peer',
    breaks: 'negotiated-values-end',
    create: withClientsAndResults((client, engine) => {
      replaceGetter(client, 'cipherSuite', (former) => {
        const isJudged = client.peerCertificate !== null && !client.closed
        return (isJudged ? engine.result?.cipherSuite : former()) ?? null
      })
    }),
  },
]

/** The same method, which tells that it was called. */
function noting(tell: () => void) {
  return <A extends unknown[], R>(former: (...args: A) => R): ((...args: A) => R) =>
    (...args) => {
      tell()
      return former(...args)
    }
}
