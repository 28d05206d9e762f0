import { type IoStream, type TlsClientConnection, TlsError, TlsSession } from '@tlsio/core'
import type { ClientHandshakeParameters, HandshakeResult } from '@tlsio/core/backend'
import { changeClients } from '../breaking/connections.js'
import { hostOf, withCopiesStarting, withCopy } from '../breaking/copies.js'
import { Passing, withClientDriver } from '../breaking/drivers.js'
import { createGood, withLibrary } from '../breaking/good.js'
import { overrideGetter } from '../breaking/override.js'
import type { Mutant } from '../mutant.js'

const sevenDays = 604_800_000

const numbers: readonly Mutant[] = [
  {
    name: 'copy-without-a-ticket-is-an-error',
    breaks: 'few-tickets',
    create: withCopiesStarting(async (_, source) => {
      if (source.protocolVersion !== 'TLSv1.3' || source.sessionResumption === 'off') return
      const { isResumable } = await source.getSession({ wait: 0 })
      if (!isResumable) throw new TlsError('TLS_MISC', 'There is no ticket to copy.')
    }),
  },
  {
    name: 'copies-use-a-ticket-once',
    breaks: 'copy-uses-tickets-again',
    create: withLibrary(() => {
      // Whoever offers it has counted himself already.
      overrideGetter(TlsSession.prototype, 'isResumable', (session, former) => {
        return former() && session.uses < 2
      })
    }),
  },
  {
    name: 'tickets-of-copies-dropped',
    breaks: 'tickets-of-the-family',
    create: (context) => {
      const copying = new WeakSet<IoStream>()
      const backend = withClientDriver((make, stream, events) =>
        make(stream, {
          session: (state) => {
            if (!copying.has(stream)) events.session(state)
          },
        }),
      )(context)
      changeClients(backend, (connection) => {
        const { transport } = connection
        const copySessionState = connection.copySessionState.bind(connection)
        connection.copySessionState = (source) => {
          copySessionState(source)
          copying.add(transport)
        }
      })
      return backend
    },
  },
  {
    name: 'use-of-a-ticket-not-counted',
    breaks: 'tickets-good-once',
    showsIn: {
      'session-resumption': 'a store that repeats itself goes by the count',
      sessions: 'the use of a session that was set is counted',
      'copy-session-state': 'copies take unused tickets first',
    },
    create: withLibrary(() => {
      TlsSession.reserve = () => {}
      TlsSession.release = () => {}
    }),
  },
  {
    name: 'tickets-after-the-first-data-lost',
    breaks: 'late-tickets',
    create: withClientDriver((make, stream, events) => {
      let hasData = false
      const driver = make(stream, {
        session: (state) => {
          if (!hasData) events.session(state)
        },
      })
      return new (class extends Passing<ClientHandshakeParameters> {
        override write(chunk: Uint8Array): Promise<void> {
          hasData = true
          return super.write(chunk)
        }
      })(driver)
    }),
  },
]

const lifetimes: readonly Mutant[] = [
  {
    name: 'lifetime-of-tickets-left-out',
    breaks: 'ticket-lifetime',
    create: withClientDriver((make, stream, events) =>
      make(stream, { session: ({ data }) => events.session({ data }) }),
    ),
  },
  {
    name: 'ticket-kept-as-long-as-its-server-says',
    breaks: 'ticket-seven-days',
    create: withLibrary(() => {
      const factsOf = TlsSession.factsOf
      TlsSession.factsOf = (session) => {
        const facts = factsOf(session)
        const { lifetime = 0 } = session
        // As if it had come later by what its lifetime has too much.
        return { ...facts, receivedAt: facts.receivedAt + Math.max(0, lifetime - sevenDays) }
      }
    }),
  },
  {
    name: 'ages-by-the-time-of-day',
    breaks: 'ages-by-the-monotonic-clock',
    create: (context) => {
      const { clock } = context
      if (clock === undefined) return createGood(context)
      return createGood({
        ...context,
        clock: {
          now: () => clock.now(),
          monotonicNow: () => clock.now(),
          after: (delay, action) => clock.after(delay, action),
        },
      })
    },
  },
]

const refused: readonly Mutant[] = [
  {
    name: 'certificate-of-the-refused-ticket-told',
    breaks: 'ticket-refused-certificate-judged',
    showsIn: {
      'custom-database': 'a server refuses a session, and its certificate is judged',
      'client-authentication': 'a server refuses a session, and asks for a certificate',
      'session-resumption': 'a server refuses a session',
      sessions: 'a server refuses a damaged session',
      'copy-session-state': 'a server refuses the session of a copy',
    },
    // As an engine that takes its own wish for the answer of the server.
    create: withClientDriver((make, stream, events) => {
      return new (class extends Passing<ClientHandshakeParameters> {
        override async handshake(asked: ClientHandshakeParameters): Promise<HandshakeResult> {
          const result = await super.handshake(asked)
          return asked.session === undefined ? result : { ...result, isSessionResumed: true }
        }
      })(make(stream, events))
    }),
  },
]

const families: readonly Mutant[] = [
  {
    name: 'control-connections-of-a-host-taken-for-one',
    breaks: 'copy-keeps-to-its-source',
    create: (context) => {
      const first = new Map<string, TlsClientConnection>()
      return withCopy((copy) => (source) => {
        const host = hostOf(source) ?? ''
        if (!first.has(host)) first.set(host, source)
        copy(first.get(host) ?? source)
      })(context)
    },
  },
]

/** Tickets of TLS 1.3 as servers deal with them. */
export const ticketsMutants: readonly Mutant[] = [...numbers, ...lifetimes, ...refused, ...families]
