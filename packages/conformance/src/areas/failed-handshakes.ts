import { IoError, type TlsError, type TlsErrorCode } from '@tlsio/core'
import { RecordType } from '@tlsio/core/wire'
import { equal, inBackground, ok, rejects } from '../assertions.js'
import { asking, bothAuthenticate } from '../authentication.js'
import { bytesOf, record } from '../bytes.js'
import type { CaseContext } from '../case-context.js'
import { type ConformanceCase, sharedVersions } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forB } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import type { TappedStream } from '../wire/tap.js'

/** A client whose handshake fails because its server speaks no TLS. */
async function failedClient(context: CaseContext) {
  const { client, server } = await context.streams()
  const connection = context.clientOn(client)
  await server.write(bytesOf('220 ready\r\n'))
  const what = 'The handshake with a server that speaks no TLS'
  const error = await deadline(rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, what), what)
  return { connection, error }
}

/** A client that has said hello and waits for an answer that nobody gives. */
async function waitingClient(
  context: CaseContext,
  options: { readonly signal?: AbortSignal } = {},
) {
  const streams = await context.streams()
  const connection = context.clientOn(streams.client)
  const handshake = inBackground(connection.handshake(options))
  await deadline(streams.server.read(), 'The ClientHello')
  return { streams, connection, handshake }
}
const { ALERT } = RecordType
const FATAL = 2
const HANDSHAKE_FAILURE = 40

/** What a server may answer a ClientHello with, and what that means. */
const alerts: readonly [name: string, alert: number, code: TlsErrorCode][] = [
  ['handshake-failure', 40, 'TLS_HANDSHAKE'],
  ['bad-certificate', 42, 'TLS_BAD_CERTIFICATE'],
  ['unknown-ca', 48, 'TLS_BAD_CERTIFICATE'],
  ['protocol-version', 70, 'TLS_HANDSHAKE'],
  ['internal-error', 80, 'TLS_MISC'],
  ['inappropriate-fallback', 86, 'TLS_INAPPROPRIATE_FALLBACK'],
]

/** Ways for a handshake to fail; each gives the wire of the end that does. */
const failures: Readonly<
  Record<string, Pick<ConformanceCase, 'requires'> & { run(c: CaseContext): Promise<TappedStream> }>
> = {
  plaintext: {
    async run(context) {
      const { client, server, clientWire } = await context.streams()
      const connection = context.clientOn(client)
      await server.write(bytesOf('220 ready\r\n'))
      await deadline(rejects(connection.handshake(), {}, 'The handshake'), 'The handshake')
      return clientWire
    },
  },
  alert: {
    async run(context) {
      const { streams, handshake } = await waitingClient(context)
      const alert = Uint8Array.of(FATAL, HANDSHAKE_FAILURE)
      await streams.server.write(record(context.version, ALERT, alert))
      await deadline(rejects(handshake, {}, 'The handshake'), 'The handshake')
      return streams.clientWire
    },
  },
  'end-of-stream': {
    async run(context) {
      const { streams, handshake } = await waitingClient(context)
      await streams.server.closeWrite()
      await deadline(rejects(handshake, {}, 'The handshake'), 'The handshake')
      return streams.clientWire
    },
  },
  'time-limit': {
    async run(context) {
      const { streams, handshake } = await waitingClient(context)
      streams.client.fail(new IoError('IO_TIMED_OUT', 'The transport has waited long enough.'))
      await deadline(rejects(handshake, {}, 'The handshake'), 'The handshake')
      return streams.clientWire
    },
  },
  'certificate-not-accepted': {
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), {}, 'The handshake')
      return pair.streams.clientWire
    },
  },
  'application-that-throws': {
    async run(context) {
      const acceptCertificate = () => {
        throw new Error('The user has gone.')
      }
      const pair = await context.pair({ certificate: forB, client: { acceptCertificate } })
      const { client } = await pair.attempt()
      await rejects(Promise.reject(client), {}, 'The handshake')
      return pair.streams.clientWire
    },
  },
  'server/plaintext': {
    async run(context) {
      const { client, server, serverWire } = await context.streams()
      const connection = context.serverOn(server)
      await client.write(bytesOf('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'))
      await deadline(rejects(connection.handshake(), {}, 'The handshake'), 'The handshake')
      return serverWire
    },
  },
  'server/certificate-missing': {
    requires: bothAuthenticate,
    async run(context) {
      const pair = await context.pair(asking('required', {}))
      void inBackground(pair.client.handshake())
      await deadline(rejects(pair.server.handshake(), {}, 'The handshake'), 'The handshake')
      return pair.streams.serverWire
    },
  },
}

const endsTheTransport = Object.entries(failures).map(
  ([name, { requires, run }]): ConformanceCase => ({
    title: `error-ends-the-transport/${name}`,
    source: 'TlsConnection: after a failed handshake the connection is of no use',
    requires,
    async run(context) {
      const wire = await run(context)
      ok(wire.closed, 'the transport is closed')
    },
  }),
)

/** How a handshake fails, and what is left then: part of the area `handshake`. */
export const failedHandshakes: readonly ConformanceCase[] = [
  {
    title: 'error-is-repeated',
    source: 'GIO GTlsConnection: a failed handshake fails every later operation',
    async run(context) {
      const { connection, error } = await failedClient(context)
      const same = { value: error }
      await deadline(rejects(connection.handshake(), same, 'handshake'), 'The second handshake')
      await deadline(rejects(connection.read(), same, 'read'), 'A read')
      await deadline(rejects(connection.write(bytesOf('x')), same, 'write'), 'A write')
    },
  },
  ...endsTheTransport,
  // porsager/postgres#1213, brianc/node-postgres#3144
  {
    title: 'error-of-an-implicit-one',
    source: 'GIO GTlsConnection: what the handshake failed with is what the operation fails with',
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      void inBackground(pair.server.handshake())
      const refused = { code: 'TLS_BAD_CERTIFICATE' }
      const [read, write] = [pair.client.read(), pair.client.write(bytesOf('x'))]
      const error = await deadline(rejects(read, refused, 'The read'), 'The read')
      await deadline(rejects(write, { value: error }, 'The write'), 'The write')
    },
  },
  {
    title: 'error-gives-way-to-closed',
    source: 'GIO GTlsConnection: closed is looked at before the error of the handshake',
    async run(context) {
      const { connection } = await failedClient(context)
      await deadline(connection.close(), 'close')
      const closed = { code: 'IO_CLOSED' }
      await rejects(connection.handshake(), closed, 'The second handshake')
      await rejects(connection.read(), closed, 'A read')
      await rejects(connection.write(bytesOf('x')), closed, 'A write')
    },
  },
  {
    title: 'facts-after-an-error',
    source: 'GIO GTlsConnection: properties; peer-certificate is set if the peer sent one',
    async run(context) {
      const { connection } = await failedClient(context)
      equal(connection.peerCertificate, null, 'peerCertificate of a peer that showed none')
      const pair = await context.pair({ certificate: forB })
      await pair.attempt()
      const shown = pair.client.peerCertificate?.isSame(certificateOf(forB))
      equal(shown, true, 'Whether peerCertificate is the one shown')
      for (const client of [connection, pair.client]) {
        equal(client.protocolVersion, null, 'protocolVersion')
        equal(client.cipherSuite, null, 'cipherSuite')
        equal(client.negotiatedProtocol, null, 'negotiatedProtocol')
        equal(client.isSessionResumed, undefined, 'isSessionResumed')
      }
    },
  },
  {
    title: 'garbage/to-the-client',
    source: 'GIO G_TLS_ERROR_NOT_TLS',
    async run(context) {
      const { error } = await failedClient(context)
      ok(error instanceof Error && error.message !== '', 'the error has a message')
    },
  },
  {
    title: 'garbage/to-the-server',
    source: 'GIO G_TLS_ERROR_NOT_TLS',
    async run(context) {
      const { client, server } = await context.streams()
      const connection = context.serverOn(server)
      await client.write(bytesOf('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'))
      const what = 'The handshake with a client that speaks no TLS'
      await deadline(rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, what), what)
    },
  },
  ...Object.entries({
    alert: [21, 3, 3, 0, 2, 1, 0],
    'application-data': [23, 3, 3, 0, 1, 7],
    'change-cipher-spec': [20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 1, 7],
    'huge-message': [22, 3, 3, 0, 4, 1, 255, 255, 255],
    'other-message': [22, 3, 3, 0, 4, 2, 0, 0, 0],
  }).map(
    ([name, bytes]): ConformanceCase => ({
      title: `garbage/to-the-server/${name}`,
      source: 'RFC 8446 §4: a client begins with a ClientHello',
      async run(context) {
        const { client, server } = await context.streams()
        const connection = context.serverOn(server)
        await client.write(Uint8Array.from(bytes))
        // The stream stays open: the answer must not wait for more.
        const what = 'The handshake with a client that begins with something else'
        await deadline(rejects(connection.handshake(), { name: 'TlsError' }, what), what)
      },
    }),
  ),
  {
    title: 'garbage/after-the-server-hello',
    source: 'RFC 8446 §6.2: bad_record_mac, decode_error, unexpected_message',
    async run(context) {
      const { client, server } = await context.streams()
      const connection = context.clientOn(client)
      const handshake = rejects(connection.handshake(), { name: 'TlsError' }, 'The handshake')
      await deadline(server.read(), 'The ClientHello')
      await server.write(Uint8Array.of(22, 3, 3, 0, 4, 2, 0, 0, 0))
      await server.closeWrite()
      await deadline(handshake, 'The end of the handshake')
    },
  },
  ...alerts.map(
    ([name, alert, code]): ConformanceCase => ({
      title: `alert/${name}`,
      source: 'RFC 8446 §6.2; GIO GTlsError',
      async run(context) {
        const { streams, handshake } = await waitingClient(context)
        await streams.server.write(record(context.version, ALERT, Uint8Array.of(FATAL, alert)))
        const what = 'The handshake'
        const error = await deadline(rejects(handshake, { code }, what), what)
        equal((error as TlsError).alert, alert, 'The alert that it tells')
      },
    }),
  ),
  {
    title: 'end-of-stream/to-the-client',
    source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
    async run(context) {
      const { streams, handshake } = await waitingClient(context)
      await streams.server.closeWrite()
      await deadline(rejects(handshake, { code: 'TLS_NOT_TLS' }, 'The handshake'), 'The handshake')
    },
  },
  {
    title: 'end-of-stream/to-the-server',
    source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
    async run(context) {
      const { client, server } = await context.streams()
      const connection = context.serverOn(server)
      await client.closeWrite()
      const handshake = rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, 'The handshake')
      await deadline(handshake, 'The handshake')
    },
  },
  {
    title: 'end-of-stream/in-the-middle',
    source: 'GIO GTlsConnection: an end of stream during the handshake is G_TLS_ERROR_NOT_TLS',
    async run(context) {
      const pair = await context.pair({ clientFaults: { endAfter: 100 } })
      void inBackground(pair.server.handshake())
      const handshake = rejects(pair.client.handshake(), { code: 'TLS_NOT_TLS' }, 'The handshake')
      await deadline(handshake, 'The handshake')
    },
  },
  {
    title: 'end-of-stream/without-watching-for-truncation',
    source: 'GIO GTlsConnection:require-close-notify: says nothing about the handshake',
    async run(context) {
      const { client, server } = await context.streams()
      const connection = context.clientOn(client, { client: { requireCloseNotify: false } })
      const handshake = rejects(connection.handshake(), { code: 'TLS_NOT_TLS' }, 'The handshake')
      await deadline(server.read(), 'The ClientHello')
      await server.closeWrite()
      await deadline(handshake, 'The handshake')
    },
  },
  {
    title: 'time-limit-of-the-transport',
    source: 'GIO GTlsConnection: only the transport has a time limit; G_IO_ERROR_TIMED_OUT',
    async run(context) {
      const { streams, connection, handshake } = await waitingClient(context)
      streams.client.fail(new IoError('IO_TIMED_OUT', 'The transport has waited long enough.'))
      const late = { code: 'IO_TIMED_OUT' }
      await deadline(rejects(handshake, late, 'The handshake'), 'The handshake')
      await rejects(connection.handshake(), late, 'The second handshake')
    },
  },
  {
    title: 'reset',
    source: 'GIO GTlsConnection: a reset is G_IO_ERROR_BROKEN_PIPE',
    async run(context) {
      const { streams, handshake } = await waitingClient(context)
      streams.client.reset()
      const broken = rejects(handshake, { code: 'IO_BROKEN_PIPE' }, 'The handshake')
      await deadline(broken, 'The handshake')
    },
  },
  {
    title: 'abort/before-it-starts',
    source: 'GIO GTlsConnection: cancelled before the start leaves the connection as it was',
    async run(context) {
      const pair = await context.pair()
      const reason = new Error('No longer wanted.')
      const signal = AbortSignal.abort(reason)
      await rejects(pair.client.handshake({ signal }), { value: reason }, 'The handshake')
      await pair.handshake()
    },
  },
  {
    title: 'abort/while-it-runs',
    source: 'GIO GTlsConnection: cancelled during the handshake, the error is repeated',
    async run(context) {
      const controller = new AbortController()
      const { signal } = controller
      const { streams, connection, handshake } = await waitingClient(context, { signal })
      const reason = new Error('No longer wanted.')
      controller.abort(reason)
      await deadline(rejects(handshake, { value: reason }, 'The handshake'), 'The handshake')
      await rejects(connection.handshake(), { value: reason }, 'The second handshake')
      await rejects(connection.read(), { value: reason }, 'A read')
      ok(streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'abort/before-all-other-checks',
    source: 'GIO GTlsConnection: cancelled already is looked at first',
    async run(context) {
      const { connection: failed } = await failedClient(context)
      const { client: closed } = await context.pair()
      await closed.close()
      const reason = new Error('No longer wanted.')
      const signal = AbortSignal.abort(reason)
      for (const connection of [failed, closed]) {
        await rejects(connection.handshake({ signal }), { value: reason }, 'The handshake')
        await rejects(connection.read({ signal }), { value: reason }, 'A read')
        const write = connection.write(bytesOf('x'), { signal })
        await rejects(write, { value: reason }, 'A write')
      }
    },
  },
  {
    title: 'no-common-version',
    source: 'RFC 8446 §4.2.1: protocol_version',
    requires: (subject) => sharedVersions(subject).length > 1,
    async run(context) {
      const { client: here, server: there } = context
      const shared = sharedVersions({ client: here.supports, server: there.supports })
      const other = shared.find((version) => version !== context.version)
      const pair = await context.pair({ server: { minVersion: other, maxVersion: other } })
      const { client, server } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_HANDSHAKE' }, "The client's handshake")
      await rejects(Promise.reject(server), { code: 'TLS_HANDSHAKE' }, "The server's handshake")
    },
  },
]
