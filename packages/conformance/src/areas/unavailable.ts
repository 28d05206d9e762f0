import { BackendRegistry, type TlsClientConnection, type TlsSession } from '@tlsio/core'
import { equal, ok, rejects, throws } from '../assertions.js'
import type { CaseContext } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { client as clientFixture, forA } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const dummy = 'GIO GDummyTlsBackend: everything fails with G_TLS_ERROR_UNAVAILABLE'

/** A client of a backend that was selected because another one was unusable. */
async function refusingClient(context: CaseContext): Promise<TlsClientConnection> {
  const registry = new BackendRegistry()
  const create = () => {
    throw new Error('Its engine is missing.')
  }
  registry.register({ name: 'unusable', priority: 100, create })
  const { name } = context.client
  registry.register({ name, priority: -100, create: (given) => context.createBackend(given) })
  const { client } = await context.streams()
  return registry.getDefault().createClientConnection(client, {
    serverIdentity: { hostname: 'a.test' },
  })
}

/** The refusal must say what was tried and why it was no use. */
async function refuses(operation: Promise<unknown>, what: string): Promise<void> {
  const error = await deadline(rejects(operation, { code: 'TLS_UNAVAILABLE' }, what), what)
  const { message } = error as Error
  ok(message.includes('unusable'), `"${message}" names the backend that was tried`)
  ok(message.includes('Its engine is missing.'), `"${message}" says why it was refused`)
}

const cases: readonly ConformanceCase[] = [
  {
    title: 'handshake-refused',
    source: dummy,
    expects: 'refusal',
    async run(context) {
      const client = await refusingClient(context)
      await refuses(client.handshake(), 'The handshake')
      await refuses(client.handshake(), 'The second handshake')
    },
  },
  {
    title: 'read-refused',
    source: dummy,
    expects: 'refusal',
    async run(context) {
      const client = await refusingClient(context)
      await refuses(client.read(), 'A read')
    },
  },
  {
    title: 'write-refused',
    source: dummy,
    expects: 'refusal',
    async run(context) {
      const client = await refusingClient(context)
      await refuses(client.write(Uint8Array.of(1)), 'A write')
    },
  },
  {
    title: 'server-refused',
    source: dummy,
    expects: 'refusal',
    async run(context) {
      const { server } = await context.streams()
      const handshake = async () => {
        const connection = context.client.createServerConnection(server, {
          certificate: certificateOf(forA),
        })
        await connection.handshake()
      }
      await rejects(handshake(), { code: 'TLS_UNAVAILABLE' }, 'A server connection')
    },
  },
  {
    title: 'nothing-is-sent',
    source: dummy,
    async run(context) {
      const { client, clientWire } = await context.streams()
      const connection = context.client.createClientConnection(client)
      await rejects(connection.handshake(), {}, 'The handshake')
      equal(clientWire.sent.bytes, 0, 'Bytes on the wire')
    },
  },
  {
    title: 'facts-are-empty',
    source: 'GIO GTlsConnection: properties before a handshake',
    async run(context) {
      const client = await refusingClient(context)
      await rejects(client.handshake(), {}, 'The handshake')
      equal(client.peerCertificate, null, 'peerCertificate')
      equal(client.peerCertificateErrors, 0, 'peerCertificateErrors')
      equal(client.protocolVersion, null, 'protocolVersion')
      equal(client.cipherSuite, null, 'cipherSuite')
      equal(client.isSessionResumed, undefined, 'isSessionResumed')
      equal(client.ocspStaple, null, 'ocspStaple')
    },
  },
  {
    title: 'copy-session-state-accepted-and-ignored',
    source: 'GIO g_tls_client_connection_copy_session_state(): may do nothing',
    async run(context) {
      const [one, other] = [await refusingClient(context), await refusingClient(context)]
      equal(one.copySessionState(other) as unknown, undefined, 'The result')
      equal(one.copySessionState(one) as unknown, undefined, 'The result')
      throws(() => one.copySessionState({} as never), { name: 'TypeError' }, 'Copying from {}')
      await refuses(one.handshake(), 'The handshake')
      equal(one.copySessionState(other) as unknown, undefined, 'The result after the failure')
    },
  },
  {
    title: 'options-refused-with-the-reason',
    source: 'GIO GDummyTlsBackend: everything fails with G_TLS_ERROR_UNAVAILABLE',
    expects: 'refusal',
    async run(context) {
      const { client } = await context.streams()
      const connection = context.client.createClientConnection(client, {
        advertisedProtocols: ['ftp'],
        certificate: certificateOf(clientFixture),
        keyLog: () => {},
        requestOcspStaple: true,
      })
      await rejects(connection.handshake(), { code: 'TLS_UNAVAILABLE' }, 'The handshake')
    },
  },
  {
    title: 'sessions-refused',
    source: 'TlsClientConnection.getSession, setSession',
    expects: 'refusal',
    async run(context) {
      const client = await refusingClient(context)
      const refused = { code: 'TLS_UNAVAILABLE' }
      await rejects(client.getSession(), refused, 'getSession')
      throws(() => client.setSession({} as TlsSession), refused, 'setSession')
      equal(client.setSession(null) as unknown, undefined, 'setSession(null)')
    },
  },
  {
    title: 'close-tolerated',
    source: 'GIO GDummyTlsConnection: a half-built one tolerates being closed',
    async run(context) {
      const { client, clientWire } = await context.streams()
      const connection = context.client.createClientConnection(client)
      await deadline(connection.close(), 'close')
      await deadline(connection.close(), 'The second close')
      ok(clientWire.closed, 'the transport is closed')
      ok(connection.closed, 'the connection says so')
    },
  },
  {
    title: 'close-after-refusal-tolerated',
    source: 'GIO GDummyTlsConnection: a half-built one tolerates being closed',
    async run(context) {
      const { client, clientWire } = await context.streams()
      const connection = context.client.createClientConnection(client)
      await rejects(connection.handshake(), {}, 'The handshake')
      await deadline(connection.close(), 'close')
      ok(clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'abort-and-dispose-tolerated',
    source: 'GIO GDummyTlsConnection: a half-built one tolerates being disposed of',
    async run(context) {
      const aborted = await refusingClient(context)
      aborted.abort(new Error('No longer wanted.'))
      const disposed = await refusingClient(context)
      await deadline(disposed[Symbol.asyncDispose](), 'asyncDispose')
    },
  },
]

/** What a backend without TLS must do: refuse, say why, and be harmless. */
export const unavailable: ConformanceArea = {
  name: 'unavailable',
  scope: 'backend',
  applies: (supports) => !supports.client && !supports.server,
  cases,
}
