import { X509Certificate } from 'node:crypto'
import { checkServerIdentity } from 'node:tls'
import {
  type BackendContext,
  MemorySessionStore,
  type SessionStore,
  type TlsBackend,
  type TlsCertificate,
  TlsCertificateFlags,
  type TlsClientConnection,
  TlsDatabase,
  type TlsSession,
  type VerifyChainOptions,
} from '@tlsio/core'
import test from 'ava'
import { conformance } from '#src/index.js'
import type { TestBody } from '#src/options.js'
import { createNodeBackend } from './node-engine.js'

/** A backend that breaks one rule, and the cases that must notice: those and no others. */
interface BrokenBackend {
  readonly name: string
  /** The areas that are run; the others have nothing to do with it. */
  readonly areas: readonly string[]
  /** Cases of those areas that must fail. */
  readonly fails: readonly string[]
  create(context: BackendContext): TlsBackend
}

/** A backend whose client connections are changed when they are made. */
function changed(change: (connection: TlsClientConnection) => void): BrokenBackend['create'] {
  return (context) => {
    const backend = createNodeBackend(context)
    const create = backend.createClientConnection.bind(backend)
    return Object.assign(backend, {
      createClientConnection: (...args: Parameters<typeof create>) => {
        const connection = create(...args)
        change(connection)
        return connection
      },
    })
  }
}

function replace<K extends keyof TlsClientConnection>(
  connection: TlsClientConnection,
  name: K,
  value: TlsClientConnection[K],
): void {
  Object.defineProperty(connection, name, { value, configurable: true, writable: true })
}

/** Gives the same ticket to whoever asks. */
class RepeatingStore extends MemorySessionStore {
  readonly #last = new Map<string, TlsSession>()

  override put(key: string, session: TlsSession): void {
    super.put(key, session)
    this.#last.set(key, session)
  }

  override take(key: string): TlsSession | undefined {
    super.take(key)
    return this.#last.get(key)
  }
}

/** Takes all keys for the same. */
class KeylessStore extends MemorySessionStore {
  override put(_key: string, session: TlsSession): void {
    super.put('', session)
  }

  override take(_key: string): TlsSession | undefined {
    return super.take('')
  }

  override remove(_key: string, session: TlsSession): void {
    super.remove('', session)
  }
}

/** What a database has said of certificates so far. */
function answersOf(database: TlsDatabase): Map<string, number> {
  const answers = remembered.get(database) ?? new Map<string, number>()
  remembered.set(database, answers)
  return answers
}

const remembered = new WeakMap<TlsDatabase, Map<string, number>>()

function withStore(create: () => SessionStore): BrokenBackend['create'] {
  return (context) => createNodeBackend({ sessionStore: create(), ...context })
}

const brokenBackends: readonly BrokenBackend[] = [
  {
    name: 'copy-throws-for-a-closed-source',
    areas: ['copy-session-state'],
    fails: [
      'copy-session-state/after-the-source-has-closed',
      'copy-session-state/harmless/from-one-closed-without-handshake',
      'copy-session-state/harmless/from-one-that-was-aborted',
    ],
    create: changed((connection) => {
      const copy = connection.copySessionState.bind(connection)
      replace(connection, 'copySessionState', (source) => {
        if (source?.closed) throw new Error('It is closed.')
        copy(source)
      })
    }),
  },
  {
    name: 'copy-does-nothing',
    areas: ['copy-session-state'],
    fails: [
      'copy-session-state/after-the-source-has-closed',
      'copy-session-state/before-the-source-has-a-session',
      'copy-session-state/between-a-name-and-an-address-of-one-certificate',
      'copy-session-state/between-two-names-of-one-certificate',
      'copy-session-state/bypasses-the-store',
      'copy-session-state/failed-target-does-not-harm-the-source',
      'copy-session-state/from-a-half-closed-source',
      'copy-session-state/from-a-resumed-source',
      'copy-session-state/from-a-source-that-accepted-anything',
      'copy-session-state/only-from-a-client-connection',
      'copy-session-state/own-control-connection',
      'copy-session-state/refused-copy-gives-the-source-nothing',
      'copy-session-state/replaced-by-a-later-call',
      'copy-session-state/resumes',
      'copy-session-state/resumes-without-watching-for-truncation',
      'copy-session-state/six-at-the-same-time',
      'copy-session-state/ten-one-after-the-other',
      'copy-session-state/to-another-client-certificate',
      'copy-session-state/to-the-same-name-in-other-spelling',
      'copy-session-state/unused-tickets-first',
    ],
    create: changed((connection) => {
      replace(connection, 'copySessionState', () => {})
    }),
  },
  {
    name: 'copy-sets-one-session-for-ever',
    areas: ['copy-session-state'],
    fails: [
      'copy-session-state/at-the-same-time/unused-tickets-first',
      'copy-session-state/harmless/to-one-that-failed-or-closed',
      'copy-session-state/replaced-by-set-session',
      'copy-session-state/resumption-off-wins',
      'copy-session-state/unused-tickets-first',
    ],
    create: changed((connection) => {
      const copy = connection.copySessionState.bind(connection)
      const handshake = connection.handshake.bind(connection)
      let from: TlsClientConnection | undefined
      replace(connection, 'copySessionState', (source) => {
        copy(source)
        if (source !== connection) from = source
      })
      replace(connection, 'handshake', async (options) => {
        const session = await from?.getSession({ wait: 0 }).catch(() => undefined)
        if (session?.isResumable && connection.protocolVersion === null && !connection.closed) {
          connection.setSession(session)
        }
        return handshake(options)
      })
    }),
  },
  {
    // Core offers a ticket once, whatever the store does.
    name: 'store-that-repeats-is-harmless',
    areas: ['session-resumption', 'sessions'],
    fails: [],
    create: withStore(() => new RepeatingStore()),
  },
  {
    name: 'store-without-keys',
    areas: ['session-resumption', 'sessions'],
    fails: [
      'session-resumption/expires-with-the-store',
      'session-resumption/separate/name',
      'session-resumption/separate/name-and-address',
      'session-resumption/separate/port',
      'session-resumption/separate/port-and-none',
      'session-resumption/separate/protocols',
      'session-resumption/separate/set-late',
      'session-resumption/separate/versions',
      'sessions/set-session/null-clears',
    ],
    create: withStore(() => new KeylessStore()),
  },
  {
    name: 'resumption-always-on',
    areas: ['session-resumption', 'sessions'],
    fails: [
      'sessions/get-session/off',
      'session-resumption/off/keeps-nothing',
      'session-resumption/off/offers-nothing',
      'sessions/set-session/refusals',
    ],
    create: changed((connection) => {
      connection.sessionResumption = 'automatic'
    }),
  },
  {
    name: 'resumption-always-claimed',
    areas: ['session-resumption', 'sessions'],
    fails: [
      'session-resumption/automatic',
      'session-resumption/automatic-without-watching-for-truncation',
      'session-resumption/off/offers-nothing',
      'session-resumption/separate/client-certificate',
      'session-resumption/separate/name',
      'session-resumption/separate/name-and-address',
      'session-resumption/separate/other-client-certificate',
      'session-resumption/separate/port',
      'session-resumption/separate/port-and-none',
      'session-resumption/separate/protocols',
      'session-resumption/separate/trust',
      'session-resumption/separate/versions',
      'session-resumption/server-that-refuses-gets-a-full-handshake',
      'session-resumption/server-with-another-certificate',
      'session-resumption/server-with-shared-ticket-keys',
      'session-resumption/store/that-fails-breaks-nothing',
      'session-resumption/store/that-gives-damaged-sessions-breaks-nothing',
      'sessions/damaged/cut-off',
      'sessions/damaged/garbage',
      'sessions/damaged/of-another-engine',
      'sessions/damaged/of-another-version',
      'sessions/damaged/one-byte-changed',
      'sessions/set-session/wrong-name',
    ],
    create: changed((connection) => {
      replace(connection, 'isSessionResumed', true)
    }),
  },
  {
    name: 'failed-handshake-forgotten',
    areas: ['handshake'],
    fails: [
      'handshake/abort/before-all-other-checks',
      'handshake/abort/before-it-starts',
      'handshake/abort/while-it-runs',
      'handshake/error-gives-way-to-closed',
      'handshake/error-is-repeated',
      'handshake/time-limit-of-the-transport',
    ],
    create: changed((connection) => {
      const handshake = connection.handshake.bind(connection)
      let failed = false
      replace(connection, 'handshake', async (options) => {
        if (failed) return
        await handshake(options).catch((error) => {
          failed = true
          throw error
        })
      })
    }),
  },
  {
    name: 'anybody-accepted',
    areas: ['peer-verification'],
    fails: [
      'peer-verification/no-data-before-the-verdict',
      'peer-verification/rejected/all-that-is-wrong-is-told',
      'peer-verification/rejected/another-database',
      'peer-verification/rejected/common-name-only',
      'peer-verification/rejected/empty-database',
      'peer-verification/rejected/expired',
      'peer-verification/rejected/forged-and-expired',
      'peer-verification/rejected/forged-and-expired-with-the-real-authority',
      'peer-verification/rejected/intermediate-missing',
      'peer-verification/rejected/no-identity-expected',
      'peer-verification/rejected/nobody-trusted',
      'peer-verification/rejected/not-for-servers',
      'peer-verification/rejected/not-yet-valid',
      'peer-verification/rejected/self-signed',
      'peer-verification/rejected/server-hears-of-it',
      'peer-verification/rejected/unknown-authority',
      'peer-verification/rejected/wildcard-for-no-label',
      'peer-verification/rejected/wildcard-for-two-labels',
      'peer-verification/rejected/wrong-address',
      'peer-verification/rejected/wrong-name',
    ],
    create: changed((connection) => {
      connection.acceptCertificate ??= () => true
    }),
  },
  {
    // The common name if there is no other, parts of labels, and a dot at the end.
    name: 'identity-as-node-tls-judges',
    areas: ['identity'],
    fails: [
      'identity/common-name/alone',
      'identity/malformed/dots',
      'identity/wildcard/whole-left-most-label',
    ],
    create: changed((connection) => {
      Object.defineProperty(connection, 'peerCertificateErrors', {
        get() {
          const { peerCertificate, serverIdentity } = connection
          if (peerCertificate === null || serverIdentity === null) return 0
          const hostname = 'hostname' in serverIdentity ? serverIdentity.hostname : ''
          const { hostname: host } = new URL(
            hostname.includes(':') ? `https://[${hostname}]/` : `https://${hostname}/`,
          )
          const shown = new X509Certificate(peerCertificate.pem)
          // Node 22.23 takes an address of IPv6 for a name, which is not what this is about.
          const isFor = host.startsWith('[')
            ? shown.checkIP(host.slice(1, -1)) !== undefined
            : checkServerIdentity(host, shown.toLegacyObject() as never) === undefined
          return isFor ? 0 : TlsCertificateFlags.BAD_IDENTITY
        },
      })
    }),
  },
  {
    name: 'custom-database-ignored',
    areas: ['custom-database'],
    fails: [
      'custom-database/client/abort-ends-the-wait-for-an-answer',
      'custom-database/client/accepts-whom-nobody-else-would',
      'custom-database/client/application-decides-last',
      'custom-database/client/failure-refuses',
      'custom-database/client/no-answer-refuses',
      'custom-database/client/nobody-expected',
      'custom-database/client/refuses-whom-everybody-accepts',
      'custom-database/client/what-it-is-asked',
      'custom-database/session/asked-again-at-the-present-time',
      'custom-database/session/failure-is-not-offered',
      'custom-database/session/of-another-database-is-not-offered',
      'custom-database/session/refused-is-not-offered',
      'custom-database/session/the-new-connection-decides',
    ],
    create: changed((connection) => {
      const { database } = connection
      if (database && TlsDatabase.decidesOtherwise(database)) connection.database = undefined
    }),
  },
  {
    name: 'custom-database-not-asked-about-sessions',
    areas: ['custom-database'],
    fails: [
      'custom-database/session/asked-again-at-the-present-time',
      'custom-database/session/failure-is-not-offered',
      'custom-database/session/refused-is-not-offered',
    ],
    create: changed((connection) => {
      const { database } = connection
      if (!database || !TlsDatabase.decidesOtherwise(database)) return
      const answers = answersOf(database)
      connection.database = Object.assign(new TlsDatabase(), {
        fingerprint: () => database.fingerprint(),
        async verifyChain(certificate: TlsCertificate, options: VerifyChainOptions) {
          const known = await certificate.fingerprint()
          const answer = answers.get(known) ?? (await database.verifyChain(certificate, options))
          answers.set(known, answer)
          return answer
        },
      })
    }),
  },
  {
    name: 'staple-never-asked-for',
    areas: ['ocsp-stapling'],
    fails: ['ocsp-stapling/asked-for-on-the-wire'],
    create: changed((connection) => {
      connection.requestOcspStaple = false
    }),
  },
  {
    name: 'staple-always-asked-for',
    areas: ['ocsp-stapling'],
    fails: [
      'ocsp-stapling/not-asked-for-by-default',
      'ocsp-stapling/read-when-the-handshake-starts',
    ],
    create: changed((connection) => {
      connection.requestOcspStaple = true
    }),
  },
  {
    name: 'truncation-taken-for-the-end',
    areas: ['close'],
    fails: [
      'close/truncation/after-data',
      'close/truncation/in-a-record',
      'close/truncation/to-the-client',
    ],
    create: changed((connection) => {
      connection.requireCloseNotify = false
    }),
  },
  {
    name: 'half-close-ends-both-directions',
    areas: ['close'],
    fails: [
      'close/half-close/client-first',
      'close/half-close/no-more-writes',
      'close/half-close/transport-too',
      'close/half-close/while-the-handshake-runs',
    ],
    create: changed((connection) => {
      replace(connection, 'closeWrite', () => connection.close())
    }),
  },
  {
    name: 'close-without-close-notify',
    areas: ['close'],
    fails: [
      'close/after-a-pending-write',
      'close/async-dispose',
      'close/client-first',
      'close/close-notify-error-before-that-of-the-transport',
      'close/close-notify-without-requiring-it',
      'close/error-of-the-transport',
      'close/half-close/reading-then-close',
      'close/while-the-handshake-runs',
    ],
    create: changed((connection) => {
      replace(connection, 'close', async () => connection.abort())
    }),
  },
]

for (const { name, areas, fails, create } of brokenBackends) {
  test(`broken-backends/${name}`, async (t) => {
    // Some areas do not depend on the version.
    const prefix = /^node(→node\/TLSv1\.3)?\//
    const cases = new Map<string, TestBody>()
    conformance({
      test: (title, body) => cases.set(title, body),
      createBackend: create,
      createPeer: createNodeBackend,
      filter: (title) =>
        prefix.test(title) &&
        areas.some((area) => title.replace(prefix, '').startsWith(`${area}/`)),
    })
    t.true(cases.size > fails.length)
    const failed: string[] = []
    for (const [title, body] of cases) {
      await body().catch(() => failed.push(title.replace(prefix, '')))
    }
    t.deepEqual(failed.sort(), [...fails].sort())
  })
}
