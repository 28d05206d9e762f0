import { TlsError, TlsSession } from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { changeClients } from '../breaking/connections.js'
import { Passing, withClientDriver, withClientHandshake } from '../breaking/drivers.js'
import { withBackend, withClients, withLibrary } from '../breaking/good.js'
import { withFewer } from '../breaking/modest.js'
import { replace, replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const events: readonly Mutant[] = [
  {
    name: 'session-event-without-its-session',
    breaks: 'session-event',
    create: withClients((connection) => {
      replace(connection, 'dispatchEvent', (dispatch) => (event) => {
        return dispatch(event.type === 'session' ? new Event('session') : event)
      })
    }),
  },
  {
    name: 'only-the-first-session-announced',
    breaks: 'session-event',
    create: withClients((connection) => {
      let announced = false
      replace(connection, 'dispatchEvent', (dispatch) => (event) => {
        const again = event.type === 'session' && announced
        announced ||= event.type === 'session'
        return again || dispatch(event)
      })
    }),
  },
]

const getting: readonly Mutant[] = [
  {
    // What node:tls has at this moment is undefined.
    name: 'get-session-does-not-wait',
    breaks: 'get-session-gives-the-newest',
    create: withClients((connection) => {
      let hasCome = false
      connection.addEventListener('session', () => {
        hasCome = true
      })
      replace(connection, 'getSession', (getSession) => async (options) => {
        const isOpen = connection.protocolVersion !== null && !connection.isSessionResumed
        if (isOpen && !hasCome && connection.sessionResumption === 'automatic') {
          throw new TlsError('TLS_MISC', 'There is no session yet.')
        }
        return getSession(options)
      })
    }),
  },
  {
    name: 'get-session-fails-after-close',
    breaks: 'get-session-gives-the-newest',
    create: withClients((connection) => {
      replace(connection, 'getSession', (getSession) => async (options) => {
        if (connection.closed) throw new TlsError('TLS_MISC', 'The connection is closed.')
        return getSession(options)
      })
    }),
  },
  {
    name: 'session-without-its-certificate',
    breaks: 'get-session-gives-the-newest',
    create: withLibrary(() => {
      Object.defineProperty(TlsSession.prototype, 'peerCertificate', { get: () => null })
    }),
  },
  {
    name: 'session-shows-its-ticket',
    breaks: 'session-shows-nothing-secret',
    create: withLibrary(() => {
      const { prototype } = TlsSession
      const toJSON = prototype.toJSON
      prototype.toJSON = function () {
        const ticket = Buffer.from(TlsSession.dataOf(this) ?? []).toString('base64')
        return Object.assign(toJSON.call(this), { ticket })
      }
    }),
  },
  {
    name: 'get-session-gives-nothing-before-the-handshake',
    breaks: 'get-session-needs-a-handshake',
    create: withClients((connection) => {
      replace(connection, 'getSession', (getSession) => (options) => {
        return getSession(options).catch((error) => {
          if (error instanceof TlsError && error.code === 'TLS_MISC') return null as never
          throw error
        })
      })
    }),
  },
  {
    name: 'get-session-forgets-why-the-handshake-failed',
    breaks: 'get-session-needs-a-handshake',
    create: withClients((connection) => {
      replace(connection, 'getSession', (getSession) => async (options) => {
        return getSession(options).catch((error) => {
          const { code, message } = error as TlsError
          throw code === 'TLS_BAD_CERTIFICATE' ? new TlsError('TLS_MISC', message) : error
        })
      })
    }),
  },
]

const setting: readonly Mutant[] = [
  {
    name: 'set-session-does-nothing',
    breaks: 'set-session-offers-that-one',
    create: withClients((connection) => {
      replace(connection, 'setSession', (setSession) => (session) => {
        setSession(session)
        if (session !== null) setSession(null)
      })
    }),
  },
  {
    name: 'set-session-null-does-not-clear',
    breaks: 'set-session-offers-that-one',
    showsIn: { 'copy-session-state': 'null clears what was copied, too' },
    create: withClients((connection) => {
      replace(connection, 'setSession', (setSession) => (session) => {
        if (session !== null) setSession(session)
      })
    }),
  },
  {
    name: 'set-session-swallows-its-errors',
    breaks: 'set-session-refuses-loudly',
    create: withClients((connection) => {
      replace(connection, 'setSession', (setSession) => (session) => {
        try {
          setSession(session)
        } catch {
          // The handshake will be a full one.
        }
      })
    }),
  },
  {
    name: 'set-session-with-resumption-off-ignored',
    breaks: 'set-session-refuses-loudly',
    create: withClients((connection) => {
      replace(connection, 'setSession', (setSession) => (session) => {
        if (connection.sessionResumption === 'automatic') setSession(session)
      })
    }),
  },
  {
    name: 'sessions-resumed-though-not-claimed',
    breaks: 'sessions-refused-where-unsupported',
    showsIn: {
      'channel-binding': 'a second connection to the same server resumes there if that is claimed',
    },
    create: withBackend((backend) => {
      const { supports } = backend
      const claimed = { ...supports, sessionResumption: false }
      let isMaking = false
      // Its connections know nothing of what it says.
      replaceGetter(backend, 'supports', () => (isMaking ? supports : claimed))
      replace(backend, 'createClientConnection', (create) => (stream, options) => {
        isMaking = true
        try {
          return create(stream, options)
        } finally {
          isMaking = false
        }
      })
    }),
  },
]

const unclaimed: readonly Mutant[] = [
  {
    name: 'set-session-ignored-where-there-are-none',
    breaks: 'sessions-refused-where-unsupported',
    create: withFewer({ sessionResumption: false }, (backend) => {
      changeClients(backend, (connection) => replace(connection, 'setSession', () => () => {}))
    }),
  },
]

const damaged: readonly Mutant[] = [
  {
    name: 'damaged-session-throws-what-its-reader-does',
    breaks: 'damaged-sessions',
    showsIn: {
      'session-resumption': 'a store gives damaged sessions',
    },
    create: withClientHandshake((asked) => {
      // A number that every session has at its beginning: not so one that was cut off.
      const { session } = asked
      if (session !== undefined) new DataView(Uint8Array.from(session).buffer).getUint16(2)
      return asked
    }),
  },
  {
    name: 'damaged-session-never-ends',
    breaks: 'damaged-sessions',
    showsIn: {
      'session-resumption': 'a store gives damaged sessions',
    },
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          if (asked.session?.length === 0) await new Promise(() => {})
          return super.handshake(asked)
        }
      })(make(stream, events))
    }),
  },
]

/** Sessions in the hands of the application. */
export const sessionsMutants: readonly Mutant[] = [
  ...events,
  ...getting,
  ...setting,
  ...unclaimed,
  ...damaged,
]
