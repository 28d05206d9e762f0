import type { TlsClientConnection } from '@tlsio/core'
import { equal, inBackground, rejects, sameList } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseContext } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forB } from '../fixtures/fixtures.js'
import { ForeignBackend } from '../foreign-backend.js'
import { copied, copy, dataConnection, resumed } from '../resumption.js'

const never = 'GIO g_tls_client_connection_copy_session_state(): never fails, never tells'

/** The target cannot use what it copied, and must then behave as if it had not copied. */
function inVain(
  title: string,
  source: (context: CaseContext) => Promise<TlsClientConnection>,
): ConformanceCase {
  return {
    title: `harmless/${title}`,
    source: never,
    async run(context) {
      const pair = await context.pair(dataConnection)
      copy(pair.client, await source(context))
      await pair.handshake()
      resumed(pair, false)
      await pair.settle()
    },
  }
}

/** Copies that can be of no use, and must do no harm: part of the area `copy-session-state`. */
export const harmlessCopies: readonly ConformanceCase[] = [
  inVain('from-one-without-handshake', async (context) => (await context.pair()).client),
  inVain('from-one-closed-without-handshake', async (context) => {
    const { client } = await context.pair()
    await client.close()
    return client
  }),
  inVain('from-one-that-failed', async (context) => {
    const pair = await context.pair({ certificate: forB })
    await pair.attempt()
    return pair.client
  }),
  inVain('from-one-that-was-aborted', async (context) => {
    const { client } = await context.pair()
    client.abort(new Error('No longer wanted.'))
    return client
  }),
  inVain('from-one-without-resumption', async (context) => {
    const { client } = await context.connect({ client: { sessionResumption: 'off' } })
    return client
  }),
  inVain('from-another-backend', async (context) => {
    const { client } = await context.streams()
    return new ForeignBackend().createClientConnection(client)
  }),
  {
    title: 'harmless/from-another-instance-of-the-backend',
    source: never,
    async run(context) {
      const clientBackend = context.createBackend()
      const control = await context.connect({ clientBackend })
      const pair = await copied(context, control.client)
      equal(pair.client.peerCertificateErrors, 0, 'peerCertificateErrors')
    },
  },
  {
    title: 'harmless/from-itself',
    source: never,
    async run(context) {
      const pair = await context.pair()
      copy(pair.client, pair.client)
      await pair.handshake()
      copy(pair.client, pair.client)
      await pair.settle()
    },
  },
  {
    title: 'harmless/twice',
    source: never,
    async run(context) {
      const control = await context.connect()
      const pair = await context.pair(dataConnection)
      copy(pair.client, control.client)
      copy(pair.client, control.client)
      await pair.handshake()
      await pair.settle()
    },
  },
  {
    title: 'harmless/in-a-circle',
    source: never,
    async run(context) {
      const [one, other] = [await context.pair(dataConnection), await context.pair(dataConnection)]
      copy(one.client, other.client)
      copy(other.client, one.client)
      await one.handshake()
      await other.handshake()
      await other.settle()
    },
  },
  {
    title: 'harmless/while-a-handshake-runs',
    source: never,
    async run(context) {
      const control = await context.pair()
      const pair = await context.pair(dataConnection)
      const handshakes = inBackground(Promise.all([control.handshake(), pair.handshake()]))
      copy(pair.client, control.client)
      await handshakes
      copy(pair.client, control.client)
      await pair.settle()
      equal(pair.client.isSessionResumed, pair.server.isSessionResumed, 'isSessionResumed')
    },
  },
  {
    title: 'harmless/to-a-half-closed-one',
    source: never,
    requires: ({ client, server }) => client.halfClose && server.halfClose,
    async run(context) {
      const control = await context.connect()
      const pair = await context.connect(dataConnection)
      await deadline(pair.client.closeWrite(), 'closeWrite')
      copy(pair.client, control.client)
      await pair.server.write(bytesOf('late'))
      const received = await deadline(readExactly(pair.client, 4), 'What comes after')
      sameList(received, bytesOf('late'), 'What the client reads')
    },
  },
  {
    title: 'harmless/to-one-that-has-its-handshake',
    source: never,
    async run(context) {
      const [control, pair] = [await context.connect(), await context.connect(dataConnection)]
      copy(pair.client, control.client)
      await pair.settle()
      equal(pair.client.isSessionResumed, pair.server.isSessionResumed, 'isSessionResumed')
    },
  },
  {
    title: 'harmless/to-one-that-failed-or-closed',
    source: never,
    async run(context) {
      const control = await context.connect()
      const failed = await context.pair({ ...dataConnection, certificate: forB })
      const { client: error } = await failed.attempt()
      copy(failed.client, control.client)
      await rejects(failed.client.handshake(), { value: error }, 'The handshake')
      const closed = await context.pair()
      await closed.client.close()
      copy(closed.client, control.client)
    },
  },
]
