import { MemorySessionStore, type SessionStore, TlsSession } from '@tlsio/core'
import { ok, sameList } from '../assertions.js'
import { pattern } from '../bytes.js'
import type { ConformanceCase } from '../conformance-case.js'
import { ManualClock } from '../manual-clock.js'
import { bothResume, bothResumeByTicket, connectOnce, resumed } from '../resumption.js'

/** Stores of the application's own, and the clock: part of the area `session-resumption`. */
export const sessionStores: readonly ConformanceCase[] = [
  {
    title: 'expires-with-the-store',
    source: 'GIO glib-networking: 10 minutes from the creation of the entry; arXiv:1810.07304',
    requires: bothResume,
    async run(context) {
      const clock = new ManualClock()
      const options = { clientBackend: context.createBackend({ clock }) }
      await connectOnce(context, options)
      clock.advance(9 * 60_000)
      resumed(await connectOnce(context, options), true)
      clock.advance(61_000)
      const late = await connectOnce(context, options)
      sameList(late.offered(), [], 'What is offered after more than 10 minutes')
    },
  },
  {
    title: 'store/given-to-the-backend',
    source: 'BackendOptions.sessionStore',
    requires: bothResume,
    async run(context) {
      const sessionStore = new MemorySessionStore()
      const backend = () => context.createBackend({ sessionStore })
      await connectOnce(context, { clientBackend: backend() })
      ok(sessionStore.size === 1, 'the session is in the store')
      resumed(await connectOnce(context, { clientBackend: backend() }), true)
    },
  },
  {
    title: 'store/asynchronous',
    source: 'SessionStore: put and take may be promises',
    requires: bothResume,
    async run(context) {
      const store = new MemorySessionStore()
      const sessionStore: SessionStore = {
        put: async (key, session) => store.put(key, session),
        take: async (key) => store.take(key),
        remove: async (key, session) => store.remove(key, session),
      }
      const options = { clientBackend: context.createBackend({ sessionStore }) }
      await connectOnce(context, options)
      resumed(await connectOnce(context, options), true)
    },
  },
  {
    title: 'store/that-repeats-has-each-ticket-offered-once',
    source: 'RFC 8446 Appendix C.4: whatever a store does, a ticket is used once',
    requires: bothResumeByTicket,
    async run(context) {
      let first: TlsSession | undefined
      const sessionStore: SessionStore = {
        put: (_, session) => {
          first ??= session
        },
        take: () => first,
        remove() {},
      }
      const options = { clientBackend: context.createBackend({ sessionStore }) }
      await connectOnce(context, options)
      resumed(await connectOnce(context, options), true)
      const again = await connectOnce(context, options)
      sameList(again.offered(), [], 'What is offered when the store repeats itself')
    },
  },
  {
    title: 'store/that-gives-damaged-sessions-breaks-nothing',
    source: 'GIO glib-networking: a session that cannot be imported is ignored',
    requires: bothResume,
    async run(context) {
      const { client } = await context.connect()
      const facts = TlsSession.factsOf(await client.getSession())
      const garbage = [new Uint8Array(), Uint8Array.of(0), pattern(1000)]
      for (const data of garbage) {
        const damaged = new TlsSession(facts, { data })
        const sessionStore: SessionStore = { put() {}, take: () => damaged, remove() {} }
        const options = { clientBackend: context.createBackend({ sessionStore }) }
        resumed(await connectOnce(context, options), false)
      }
    },
  },
  {
    title: 'store/that-fails-breaks-nothing',
    source: 'SessionStore: core takes an error for "nothing there"',
    requires: bothResume,
    async run(context) {
      const thrown = () => {
        throw new Error('The store is broken.')
      }
      const rejected = () => Promise.reject(new Error('The store is broken.'))
      for (const fail of [thrown, rejected]) {
        const sessionStore: SessionStore = { put: fail, take: fail, remove: fail }
        const options = { clientBackend: context.createBackend({ sessionStore }) }
        await connectOnce(context, options)
        resumed(await connectOnce(context, options), false)
      }
    },
  },
]
