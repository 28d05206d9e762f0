import {
  TlsCertificate,
  TlsCertificateFlags,
  type TlsConnection,
  TlsDatabase,
  TlsError,
  type VerifyChainOptions,
} from '@tlsio/core'
import { changeClients } from '../breaking/connections.js'
import { createGood, withBackend, withClients, withLibrary, withServers } from '../breaking/good.js'
import { overrideGetter, overrideMethod } from '../breaking/override.js'
import { replaceGetter } from '../breaking/replace.js'
import type { Mutant } from '../mutant.js'

const { prototype } = TlsDatabase
const { BAD_IDENTITY, EXPIRED } = TlsCertificateFlags

/** A connection says whom may be asked, be it nobody: otherwise it is the application that asks. */
function outside({ interaction }: VerifyChainOptions): boolean {
  return interaction === undefined
}

/** Good, but a database answers the application itself otherwise. */
function withVerdicts(
  change: (
    verify: TlsDatabase['verifyChain'],
    ...asked: [certificate: TlsCertificate, options: VerifyChainOptions]
  ) => Promise<number>,
): Mutant['create'] {
  return withLibrary(() => {
    overrideMethod(prototype, 'verifyChain', (_, verify) => (certificate, options = {}) => {
      return outside(options) ? change(verify, certificate, options) : verify(certificate, options)
    })
  })
}

const verdicts: readonly Mutant[] = [
  {
    name: 'database-stops-at-the-first-flag',
    breaks: 'database-tells-all-that-is-wrong',
    create: withVerdicts(async (verify, ...asked) => {
      const flags = await verify(...asked)
      return flags & -flags
    }),
  },
  {
    name: 'database-throws-for-what-is-wrong',
    breaks: 'database-tells-all-that-is-wrong',
    showsIn: { 'file-database': 'a verdict is how it shows whom the file trusts' },
    create: withVerdicts(async (verify, ...asked) => {
      const flags = await verify(...asked)
      if (flags !== 0) throw new TlsError('TLS_BAD_CERTIFICATE', 'The certificate is not valid.')
      return flags
    }),
  },
  {
    name: 'database-ignores-the-time-asked-about',
    breaks: 'database-tells-all-that-is-wrong',
    create: withVerdicts((verify, certificate, { time: _, ...options }) =>
      verify(certificate, options),
    ),
  },
  {
    name: 'database-never-says-expired',
    breaks: 'database-tells-all-that-is-wrong',
    create: withVerdicts(async (verify, ...asked) => (await verify(...asked)) & ~EXPIRED),
  },
  {
    name: 'database-leaves-names-to-connections',
    breaks: 'database-checks-the-identity-asked-for',
    create: withVerdicts(async (verify, ...asked) => (await verify(...asked)) & ~BAD_IDENTITY),
  },
  {
    name: 'database-wants-a-name',
    breaks: 'database-checks-the-identity-asked-for',
    showsIn: { 'file-database': 'no name is given there, either' },
    create: withVerdicts(async (verify, certificate, options) => {
      const flags = await verify(certificate, options)
      return options.identity ? flags : flags | BAD_IDENTITY
    }),
  },
  {
    name: 'database-takes-any-purpose-for-servers',
    breaks: 'database-checks-the-purpose',
    create: withVerdicts((verify, certificate, options) =>
      verify(certificate, { ...options, purpose: 'serverAuth' }),
    ),
  },
  {
    name: 'database-skips-constraints-outside-of-connections',
    breaks: 'database-checks-constraints',
    create: withVerdicts(async (verify, certificate, options) => {
      let constrained = 0
      const flags = await verify(certificate, {
        ...options,
        onVerdict(verdict) {
          options.onVerdict?.(verdict)
          if (verdict.findings.every(({ rule }) => /^(name-constraints|path-length)$/.test(rule))) {
            constrained = verdict.flags & ~BAD_IDENTITY
          }
        },
      })
      return flags & ~constrained
    }),
  },
  {
    name: 'database-links-what-it-has-found',
    breaks: 'database-leaves-links-alone',
    create: withLibrary(() => {
      const found = new WeakMap<TlsCertificate, TlsCertificate>()
      overrideGetter(TlsCertificate.prototype, 'issuer', (certificate, former) => {
        return former() ?? found.get(certificate) ?? null
      })
      overrideMethod(prototype, 'verifyChain', (_, verify) => (certificate, options = {}) => {
        if (!outside(options)) return verify(certificate, options)
        return verify(certificate, {
          ...options,
          onVerdict(verdict) {
            options.onVerdict?.(verdict)
            const [, issuer] = verdict.path
            if (issuer) found.set(certificate, TlsCertificate.fromDer(issuer))
          },
        })
      })
    }),
  },
  {
    name: 'database-keeps-its-findings-to-itself',
    breaks: 'database-tells-why',
    create: withVerdicts((verify, certificate, { onVerdict, ...options }) =>
      verify(certificate, {
        ...options,
        onVerdict: (verdict) => onVerdict?.({ ...verdict, findings: [] }),
      }),
    ),
  },
  {
    name: 'database-tells-a-path-without-its-anchor',
    breaks: 'database-tells-why',
    create: withVerdicts((verify, certificate, { onVerdict, ...options }) =>
      verify(certificate, {
        ...options,
        onVerdict: (verdict) => onVerdict?.({ ...verdict, path: verdict.path.slice(0, -1) }),
      }),
    ),
  },
  {
    name: 'database-takes-an-abort-for-a-verdict',
    breaks: 'database-abort-is-no-verdict',
    create: withLibrary(() => {
      overrideMethod(prototype, 'verifyChain', (_, verify) => async (certificate, options = {}) => {
        const { signal } = options
        return verify(certificate, options).catch((error) => {
          if (signal?.aborted) return TlsCertificateFlags.GENERIC_ERROR
          throw error
        })
      })
    }),
  },
  {
    name: 'path-in-the-order-sent-only',
    breaks: 'path-found-among-what-was-sent',
    create: withVerdicts((verify, certificate, { others = [], ...options }) =>
      verify(certificate, { ...options, others: others.slice(0, 1) }),
    ),
  },
]

const lookUps: readonly Mutant[] = [
  {
    name: 'handle-of-whatever-is-asked-for',
    breaks: 'database-handles',
    create: withLibrary(() => {
      overrideMethod(prototype, 'createHandle', () => (certificate) => {
        return certificate.fingerprint().then((digest) => `anchors:#${digest}`)
      })
    }),
  },
  {
    name: 'foreign-handle-is-an-error',
    breaks: 'database-handles',
    create: withLibrary(() => {
      overrideMethod(prototype, 'lookupByHandle', (_, lookUp) => async (...asked) => {
        const found = await lookUp(...asked)
        if (found === null) throw new TlsError('TLS_MISC', 'There is no such handle.')
        return found
      })
    }),
  },
  {
    name: 'issuer-not-found-is-an-error',
    breaks: 'database-look-up-of-an-issuer',
    create: withLibrary(() => {
      overrideMethod(prototype, 'lookupIssuer', (_, lookUp) => async (...asked) => {
        const found = await lookUp(...asked)
        if (found === null) throw new TlsError('TLS_MISC', 'The issuer is not there.')
        return found
      })
    }),
  },
  {
    name: 'first-of-the-issued-only',
    breaks: 'database-look-up-of-the-issued',
    create: withLibrary(() => {
      overrideMethod(prototype, 'lookupIssuedBy', (_, lookUp) => async (...asked) => {
        return (await lookUp(...asked)).slice(0, 1)
      })
    }),
  },
  {
    name: 'key-pair-without-a-key',
    breaks: 'database-holds-no-keys',
    create: withLibrary(() => {
      overrideMethod(prototype, 'lookupIssuer', (_, lookUp) => (certificate, options = {}) => {
        return lookUp(certificate, { ...options, withPrivateKey: false })
      })
    }),
  },
]

const anchors: readonly Mutant[] = [
  {
    name: 'anchors-in-another-order',
    breaks: 'database-anchors-as-given',
    create: withLibrary(() => {
      overrideGetter(prototype, 'anchors', (_, former) => [...former()].reverse())
    }),
  },
  {
    name: 'text-without-certificates-trusts-nobody',
    breaks: 'database-of-nothing-refused',
    create: withLibrary(() => {
      const { fromPem } = TlsDatabase
      TlsDatabase.fromPem = (text, options) => {
        if (!text.includes('BEGIN CERTIFICATE')) return new TlsDatabase([], options)
        return fromPem.call(TlsDatabase, text, options)
      }
    }),
  },
  {
    name: 'default-database-made-at-each-question',
    breaks: 'default-database',
    showsIn: { 'custom-database': 'a default database of its own kind is lost as well' },
    create: withBackend((backend) => {
      replaceGetter(backend, 'defaultDatabase', (former) => {
        const database = former()
        return database && TlsDatabase.fromCertificates(database.anchors)
      })
    }),
  },
  {
    name: 'default-database-unchecked',
    breaks: 'default-database',
    create: (context) => {
      const backend = createGood(context)
      const set = backend.setDefaultDatabase.bind(backend)
      backend.setDefaultDatabase = (database) => {
        set(database instanceof TlsDatabase ? database : null)
      }
      return backend
    },
  },
  {
    name: 'connection-database-never-undefined',
    breaks: 'connection-database-of-three-states',
    create: (context) => {
      const backend = createGood(context)
      changeClients(backend, (connection) => {
        replaceGetter(connection, 'database', (former) => {
          const own = former()
          return own === undefined ? backend.defaultDatabase : own
        })
      })
      return backend
    },
  },
]

/** Good, but the database of each connection is another one, made of what the application gave. */
function withDatabases(change: (database: TlsDatabase) => TlsDatabase): Mutant['create'] {
  const wrap = (connection: TlsConnection) => {
    const { database } = connection
    if (database && TlsDatabase.decidesOtherwise(database)) connection.database = change(database)
  }
  return (context) => {
    const clients = withClients(wrap)(context)
    const servers = withServers(wrap)(context)
    clients.createServerConnection = servers.createServerConnection.bind(servers)
    return clients
  }
}

/** A database that asks another one, in its own way. */
function asking(
  database: TlsDatabase,
  verifyChain: TlsDatabase['verifyChain'],
  fingerprint: TlsDatabase['fingerprint'] = () => database.fingerprint(),
): TlsDatabase {
  return Object.assign(new TlsDatabase(), { verifyChain, fingerprint })
}

const custom: readonly Mutant[] = [
  {
    name: 'custom-database-taken-for-the-default',
    breaks: 'custom-database-decides',
    create: withClients((connection) => {
      const { database } = connection
      if (database && TlsDatabase.decidesOtherwise(database)) connection.database = undefined
    }),
  },
  {
    name: 'custom-database-asked-without-what-was-sent',
    breaks: 'custom-database-asked-properly',
    create: withDatabases((database) =>
      asking(database, (certificate, { others: _, ...options } = {}) =>
        database.verifyChain(certificate, options),
      ),
    ),
  },
  {
    name: 'custom-database-asked-for-any-purpose',
    breaks: 'custom-database-asked-properly',
    create: withDatabases((database) =>
      asking(database, (certificate, { purpose: _, ...options } = {}) =>
        database.verifyChain(certificate, options),
      ),
    ),
  },
  {
    name: 'custom-database-that-fails-has-nothing-against-it',
    breaks: 'custom-database-without-verdict-refuses',
    create: withDatabases((database) =>
      asking(database, (...asked) => database.verifyChain(...asked).catch(() => 0)),
    ),
  },
  {
    name: 'custom-database-without-answer-has-nothing-against-it',
    breaks: 'custom-database-without-verdict-refuses',
    create: withDatabases((database) =>
      asking(database, async (...asked) => Number(await database.verifyChain(...asked)) || 0),
    ),
  },
  {
    name: 'custom-database-not-told-of-the-abort',
    breaks: 'custom-database-waited-for-until-the-abort',
    create: withDatabases((database) =>
      asking(database, (certificate, { signal: _, ...options } = {}) =>
        database.verifyChain(certificate, options),
      ),
    ),
  },
  {
    name: 'custom-database-not-asked-about-sessions',
    breaks: 'custom-database-asked-about-sessions',
    create: (() => {
      const remembered = new WeakMap<TlsDatabase, Map<string, number>>()
      return withDatabases((database) => {
        const answers = remembered.get(database) ?? new Map<string, number>()
        remembered.set(database, answers)
        return asking(database, async (certificate, options) => {
          const known = await certificate.fingerprint()
          const answer = answers.get(known) ?? (await database.verifyChain(certificate, options))
          answers.set(known, answer)
          return answer
        })
      })
    })(),
  },
]

/** In the order of the requirements. */
export const databasesMutants: readonly Mutant[] = [...verdicts, ...lookUps, ...anchors, ...custom]
