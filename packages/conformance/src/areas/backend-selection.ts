import {
  BackendRegistry,
  compareVersions,
  memoryDatagramPair,
  type TlsCapabilities,
  type TlsProtocolVersion,
} from '@tlsio/core'
import { noCapabilities } from '@tlsio/core/backend'
import { equal, ok, sameList, throws } from '../assertions.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { otherDatabase, testDatabase } from '../fixtures/load.js'

/** Claims that make no sense without others. */
const neededFor: Readonly<
  Partial<Record<keyof TlsCapabilities, readonly (keyof TlsCapabilities)[]>>
> = {
  sessionResumption: ['client'],
  serverSessionResumption: ['server'],
  clientCertificates: ['client'],
  certificateRequest: ['clientCertificates'],
  acceptedCas: ['client'],
  ocspStapling: ['client'],
  clientAuthentication: ['server'],
  ticketsPerHandshake: ['serverSessionResumption'],
}

/** Whether it says more of this than a backend that can do nothing. */
function isClaimed(supports: TlsCapabilities, name: keyof TlsCapabilities): boolean {
  const claim = supports[name]
  return Array.isArray(claim) ? claim.length > 0 : claim !== noCapabilities[name]
}

const isDtls = (version: TlsProtocolVersion): boolean => version.startsWith('DTLS')

const cases: readonly ConformanceCase[] = [
  {
    title: 'name-can-be-preferred',
    source: 'GIO GIO_USE_TLS: a backend is named in the environment',
    async run({ client }) {
      ok(/^[a-z][a-z0-9-]*$/.test(client.name), `"${client.name}" is a lower-case word`)
      ok(client.name !== 'help', '"help" is no backend')
    },
  },
  {
    title: 'fresh-backend-each-time',
    source: 'The suite itself: cases must not see each other',
    async run(context) {
      const [one, other] = [context.createBackend(), context.createBackend()]
      ok(one !== other, 'createBackend makes a new one')
      one.setDefaultDatabase(otherDatabase())
      const { defaultDatabase } = other
      // If they share it after all, the cases that follow must not suffer.
      one.setDefaultDatabase(null)
      equal(defaultDatabase, testDatabase(), "The other one's default database")
    },
  },
  {
    title: 'capabilities-agree-with-each-other',
    source: 'TlsCapabilities; GIO g_tls_backend_supports_tls()',
    async run({ client: { supports, supportsTls, supportsDtls } }) {
      const { protocolVersions, dtlsVersions } = supports
      equal(supportsTls, supports.client || supports.server, 'supportsTls')
      equal(protocolVersions.length > 0, supportsTls, 'Whether versions are named')
      const sorted = [...new Set(protocolVersions)].sort(compareVersions)
      sameList(protocolVersions, sorted, 'The versions from oldest to newest')
      for (const name of Object.keys(noCapabilities) as (keyof TlsCapabilities)[]) {
        if (!isClaimed(supports, name)) continue
        ok(supportsTls, `${name} is not claimed without TLS`)
        for (const needed of neededFor[name] ?? []) {
          ok(isClaimed(supports, needed), `${needed} is claimed, as ${name} needs it`)
        }
      }
      const has13 = protocolVersions.includes('TLSv1.3')
      ok(has13 || supports.ticketsPerHandshake === null, 'tickets of TLS 1.3 need TLS 1.3')
      equal(supportsDtls, dtlsVersions.length > 0, 'supportsDtls')
      const sortedDtls = [...new Set(dtlsVersions)].sort(compareVersions)
      sameList(dtlsVersions, sortedDtls, 'The versions of DTLS from oldest to newest')
      const isApart = !protocolVersions.some(isDtls) && dtlsVersions.every(isDtls)
      ok(isApart, 'versions of TLS and of DTLS are named apart')
    },
  },
  {
    title: 'dtls-refused-where-unsupported',
    source: 'TlsCapabilities.dtlsVersions: what a backend cannot do is refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => client.dtlsVersions.length === 0,
    async run(context) {
      const supports = { ...noCapabilities, dtlsVersions: ['DTLSv1.2'] as const }
      const able = { name: 'able', priority: 0, supports, create: () => context.createBackend() }
      const backend = context.createBackend({ registrations: () => [able] })
      const [near, far] = memoryDatagramPair()
      const makers = {
        client: () => backend.createDtlsClientConnection(near),
        server: () => backend.createDtlsServerConnection(far),
      }
      for (const [end, make] of Object.entries(makers)) {
        const error = throws(make, { code: 'TLS_NOT_SUPPORTED' }, `Making a DTLS ${end}`)
        const { message } = error as Error
        ok(message.includes('"able"'), `"${message}" names a backend that has DTLS`)
      }
      equal(backend.dtlsCookies, null, 'dtlsCookies')
    },
  },
  {
    title: 'selected-by-name-before-priority',
    source: 'GIO extension point gio-tls-backend; GIO_USE_TLS',
    async run(context) {
      const preferred = context.createBackend()
      const { name } = preferred
      const registry = new BackendRegistry({ preference: () => name })
      registry.register({ name: 'other', priority: 100, create: () => context.createBackend() })
      registry.register({ name, priority: -100, create: () => preferred })
      ok(registry.getDefault() === preferred, 'the preferred one is chosen')
      ok(registry.getDefault() === preferred, 'it stays the default')
    },
  },
  {
    title: 'selected-after-one-that-is-unusable',
    source: 'GIO g_tls_backend_get_default(): a candidate that fails to initialise is passed over',
    async run(context) {
      const { name } = context.client
      const registry = new BackendRegistry()
      const create = () => {
        throw new Error('Its engine is missing.')
      }
      registry.register({ name: 'unusable', priority: 100, create })
      registry.register({ name, priority: 0, create: () => context.client })
      ok(registry.getDefault() === context.client, 'the next one is chosen')
      const outcomes = registry.explain().map(({ outcome }) => outcome)
      sameList(outcomes, ['refused', 'chosen'], 'The outcomes')
    },
  },
  {
    title: 'default-database-as-given',
    source: 'GIO g_tls_backend_get_default_database()',
    async run({ client }) {
      equal(client.defaultDatabase, testDatabase(), 'The default database')
    },
  },
  {
    title: 'default-database-replaced-and-restored',
    source: 'GIO g_tls_backend_set_default_database()',
    async run({ client }) {
      const own = client.defaultDatabase
      client.setDefaultDatabase(otherDatabase())
      equal(client.defaultDatabase, otherDatabase(), 'The default database')
      client.setDefaultDatabase(null)
      equal(client.defaultDatabase, own, 'The database after null')
    },
  },
]

/** Whether a backend can be chosen, and says the truth about itself. */
export const backendSelection: ConformanceArea = {
  name: 'backend-selection',
  scope: 'backend',
  applies: () => true,
  cases,
}
