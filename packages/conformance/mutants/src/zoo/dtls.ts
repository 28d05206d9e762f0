import type { FaultyDatagramSocket } from '@tlsio/conformance'
import { type DtlsConnection, type DtlsConnectionOptions, IoError, TlsError } from '@tlsio/core'
import type { DtlsEngine, DtlsEngineSettings, HandshakeParameters } from '@tlsio/core/backend'
import { withBackend } from '../breaking/good.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'
import { type DtlsBackend, plainCookies, withDtls } from '../plain-dtls/backend.js'

type Engine = DtlsEngine<HandshakeParameters>

/** What is the same for all of them. */
const version = 'DTLSv1.2'

/** Each engine is changed when it is made. */
function withEngines(change: (engine: Engine) => void) {
  return withDtls((backend) => {
    const changed = <T>(engine: T): T => {
      change(engine as unknown as Engine)
      return engine
    }
    replace(backend, 'createDtlsClientEngine', (make) => (settings) => changed(make(settings)))
    replace(backend, 'createDtlsServerEngine', (make) => (settings) => changed(make(settings)))
  })
}

/** Each engine is made with other settings. */
function withSettings(change: (settings: DtlsEngineSettings) => Partial<DtlsEngineSettings>) {
  return withDtls((backend) => {
    replace(
      backend,
      'createDtlsClientEngine',
      (make) => (settings) => make({ ...settings, ...change(settings) }),
    )
    replace(
      backend,
      'createDtlsServerEngine',
      (make) => (settings) => make({ ...settings, ...change(settings) }),
    )
  })
}

/** Each connection is changed when it is made. */
function withConnections(change: (connection: DtlsConnection) => void) {
  return withDtls((backend) => {
    const changed = <T extends DtlsConnection>(connection: T): T => {
      change(connection)
      return connection
    }
    replace(
      backend,
      'createDtlsClientConnection',
      (make) =>
        (...args) =>
          changed(make(...args)),
    )
    replace(
      backend,
      'createDtlsServerConnection',
      (make) =>
        (...args) =>
          changed(make(...args)),
    )
  })
}

/** Each client is made with other options. */
function withClientOptions(change: Partial<DtlsConnectionOptions>) {
  return withDtls((backend) => {
    replace(
      backend,
      'createDtlsClientConnection',
      (make) => (socket, options) => make(socket, { ...options, ...change }),
    )
  })
}

function closesSocket(backend: DtlsBackend, when: 'close' | 'abort'): void {
  replace(backend, 'createDtlsClientConnection', (make) => (socket, options) => {
    const connection = make(socket, options)
    const close = () => (socket as FaultyDatagramSocket).close()
    if (when === 'abort') {
      replace(connection, 'handshake', (handshake) => async (given) => {
        given?.signal?.addEventListener('abort', close)
        await handshake(given)
      })
    } else {
      replace(connection, 'close', (former) => async (given) => {
        await former(given)
        await close()
      })
    }
    return connection
  })
}

/** Connections over datagrams. */
export const dtlsMutants: readonly Mutant[] = [
  {
    name: 'dtls-not-refused-with-a-name',
    breaks: 'dtls-refused-where-unsupported',
    create: withBackend((backend) => {
      replace(backend, 'createDtlsClientConnection', () => () => {
        throw new TlsError('TLS_NOT_SUPPORTED', 'There is no DTLS here.')
      })
    }),
  },
  {
    name: 'dtls-version-of-tls-told',
    breaks: 'dtls-handshake',
    version,
    create: withConnections((connection) => {
      replaceGetter(connection, 'protocolVersion', (former) => former() && 'TLSv1.2')
    }),
  },
  {
    name: 'dtls-message-size-told-too-early',
    breaks: 'dtls-handshake',
    version,
    create: withConnections((connection) => {
      replaceGetter(connection, 'maxMessageSize', (former) => former() ?? 1363)
    }),
  },
  {
    name: 'dtls-flights-never-sent-again',
    breaks: 'dtls-flights-sent-again',
    version,
    create: withEngines((engine) => replaceGetter(engine, 'timeout', () => undefined)),
  },
  {
    // An engine that is not asked any more once the handshake is done.
    name: 'dtls-last-flight-sent-once',
    breaks: 'dtls-flights-sent-again',
    version,
    create: withEngines((engine) => {
      replace(engine, 'receive', (receive) => (datagram) => {
        if (engine.result === undefined || datagram[0] !== 22) return receive(datagram)
      })
    }),
  },
  {
    name: 'dtls-vanished-peer-awaited-for-a-minute',
    breaks: 'dtls-vanished-peer-times-out',
    version,
    create: withClientOptions({ handshakeTimeout: undefined }),
  },
  {
    name: 'dtls-flights-sent-again-at-full-speed',
    breaks: 'dtls-vanished-peer-times-out',
    version,
    create: withSettings(() => ({ retransmissionTimeout: 1 })),
  },
  {
    name: 'dtls-garbage-is-fatal',
    breaks: 'dtls-strangers-dropped',
    version,
    create: withEngines((engine) => {
      replace(engine, 'receive', (receive) => (datagram) => {
        if (datagram[1] !== 254) throw new TlsError('TLS_NOT_TLS', 'It is no DTLS.')
        return receive(datagram)
      })
    }),
  },
  {
    name: 'dtls-anybody-accepted',
    breaks: 'dtls-peer-judged',
    version,
    create: withClientOptions({ acceptCertificate: () => true }),
  },
  {
    name: 'dtls-refused-peer-not-told',
    breaks: 'dtls-peer-judged',
    version,
    create: withEngines((engine) => replace(engine, 'alert', () => () => {})),
  },
  {
    name: 'dtls-server-asks-nobody',
    breaks: 'dtls-client-certificates',
    version,
    create: withDtls((backend) => {
      replace(backend, 'createDtlsServerEngine', (make) => (settings) => {
        const engine = make(settings)
        replace(
          engine,
          'start',
          (start) => (parameters) => start({ ...parameters, authenticationMode: 'none' }),
        )
        return engine
      })
    }),
  },
  {
    name: 'dtls-server-without-alpn',
    breaks: 'dtls-application-protocol',
    version,
    create: withDtls((backend) => {
      replace(backend, 'createDtlsServerEngine', (make) => (settings) => {
        const engine = make(settings)
        replace(
          engine,
          'start',
          (start) => (parameters) => start({ ...parameters, advertisedProtocols: [] }),
        )
        return engine
      })
    }),
  },
  {
    name: 'dtls-keying-material-of-the-label-alone',
    breaks: 'dtls-keying-material',
    version,
    create: withEngines((engine) => {
      replace(
        engine,
        'exportKeyingMaterial',
        () => (label, length) => new Uint8Array(length).fill(label.length),
      )
    }),
  },
  {
    name: 'dtls-no-cookies',
    breaks: 'dtls-cookies',
    version,
    create: withDtls((backend) => {
      backend.dtlsCookies = null
    }),
  },
  {
    name: 'dtls-cookie-good-for-any-address',
    breaks: 'dtls-cookies',
    version,
    create: withDtls((backend) => {
      backend.dtlsCookies = { check: (datagram) => plainCookies.check(datagram, '') }
    }),
  },
  {
    name: 'dtls-cookie-good-once',
    breaks: 'dtls-cookies',
    version,
    create: withDtls((backend) => {
      const used = new Set<string>()
      backend.dtlsCookies = {
        check(datagram, peer) {
          const verdict = plainCookies.check(datagram, peer)
          const text = datagram.join()
          if (verdict.kind !== 'verified' || !used.has(text)) {
            if (verdict.kind === 'verified') used.add(text)
            return verdict
          }
          return { kind: 'ignored' }
        },
      }
    }),
  },
  {
    name: 'dtls-messages-joined',
    breaks: 'dtls-message-is-a-record',
    version,
    create: withConnections((connection) => {
      let waiting: Uint8Array | undefined
      replace(connection, 'send', (send) => async (message, options) => {
        const joined = Uint8Array.from([...(waiting ?? []), ...message])
        waiting = undefined
        // Small ones wait for the next, as Nagle's algorithm has it.
        if (message.length === 1) waiting = joined
        else await send(joined, options)
      })
    }),
  },
  {
    name: 'dtls-replays-delivered',
    breaks: 'dtls-message-is-a-record',
    version,
    create: withEngines((engine) => {
      const genuine = new Map<string, Uint8Array>()
      const again: Uint8Array[] = []
      let last = ''
      replace(engine, 'receive', (receive) => (datagram) => {
        last = datagram.join()
        const former = genuine.get(last)
        if (former !== undefined) again.push(former)
        return receive(datagram)
      })
      replace(engine, 'takePlaintext', (take) => () => {
        const message = take()
        if (message !== undefined) genuine.set(last, message)
        return message ?? again.shift()
      })
    }),
  },
  {
    name: 'dtls-large-message-cut',
    breaks: 'dtls-message-too-large',
    version,
    create: withConnections((connection) => {
      replace(
        connection,
        'send',
        (send) => (message, options) =>
          send(message.subarray(0, connection.maxMessageSize ?? undefined), options),
      )
    }),
  },
  {
    name: 'dtls-large-message-is-the-end',
    breaks: 'dtls-message-too-large',
    version,
    create: withConnections((connection) => {
      replace(connection, 'send', (send) => async (message, options) => {
        try {
          await send(message, options)
        } catch (error) {
          const isSize = error instanceof IoError && error.code === 'IO_MESSAGE_TOO_LARGE'
          if (isSize) connection.abort(error)
          throw error
        }
      })
    }),
  },
  {
    name: 'dtls-datagrams-of-1400-whatever-is-asked',
    breaks: 'dtls-datagram-size',
    version,
    create: withSettings(() => ({ maxDatagramSize: 1400 })),
  },
  {
    name: 'dtls-shutdown-ignores-its-directions',
    breaks: 'dtls-shutdown-by-direction',
    version,
    create: withConnections((connection) => {
      // As the asynchronous function of GIO.
      replace(
        connection,
        'shutdown',
        (shutdown) => (_, options) => shutdown({ read: true, write: true }, options),
      )
    }),
  },
  {
    name: 'dtls-no-close-notify',
    breaks: 'dtls-close',
    version,
    create: withConnections((connection) => {
      replace(connection, 'close', () => async () => connection.abort())
    }),
  },
  {
    name: 'dtls-close-ends-the-socket',
    breaks: 'dtls-socket-left-open',
    version,
    create: withDtls((backend) => closesSocket(backend, 'close')),
  },
  {
    name: 'dtls-abort-ends-the-socket',
    breaks: 'dtls-socket-left-open',
    version,
    create: withDtls((backend) => closesSocket(backend, 'abort')),
  },
]
