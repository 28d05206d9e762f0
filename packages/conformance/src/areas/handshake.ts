import { equal, inBackground, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseContext } from '../case-context.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forA, forB, forLocalhost } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

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

const cases: readonly ConformanceCase[] = [
  {
    title: 'facts-on-both-ends',
    source: 'GIO g_tls_connection_handshake(); GTlsConnection properties',
    async run(context) {
      const pair = await context.pair()
      const { client, server } = pair
      equal(client.protocolVersion, null, 'protocolVersion before the handshake')
      equal(client.cipherSuite, null, 'cipherSuite before the handshake')
      equal(client.peerCertificate, null, 'peerCertificate before the handshake')
      equal(client.isSessionResumed, undefined, 'isSessionResumed before the handshake')
      await pair.handshake()
      equal(client.protocolVersion, context.version, "The client's version")
      equal(server.protocolVersion, context.version, "The server's version")
      ok((client.cipherSuite ?? '').startsWith('TLS_'), `${client.cipherSuite} is an IANA name`)
      equal(server.cipherSuite, client.cipherSuite, "The server's cipher suite")
      ok(client.peerCertificate?.isSame(certificateOf(forA)) === true, 'the certificate is shown')
      equal(client.peerCertificateErrors, 0, 'peerCertificateErrors')
      equal(server.peerCertificate, null, "The client's certificate")
      equal(client.negotiatedProtocol, null, 'negotiatedProtocol')
      equal(client.isSessionResumed, false, 'isSessionResumed')
      equal(server.isSessionResumed, false, "The server's isSessionResumed")
      equal(server.serverName, 'a.test', 'serverName')
      equal(pair.streams.clientWire.sent.problem, undefined, 'What is wrong on the wire')
    },
  },
  {
    title: 'facts-after-close',
    source: 'GIO GTlsConnection:protocol-version, ciphersuite-name: unknown after close',
    async run(context) {
      const pair = await context.connect()
      await pair.close()
      equal(pair.client.protocolVersion, null, 'protocolVersion')
      equal(pair.client.cipherSuite, null, 'cipherSuite')
      ok(pair.client.peerCertificate !== null, 'peerCertificate is kept')
      equal(pair.client.isSessionResumed, false, 'isSessionResumed')
    },
  },
  {
    title: 'change-events',
    source: 'GIO GTlsConnection: notify::peer-certificate once per handshake',
    async run(context) {
      const pair = await context.pair()
      let count = 0
      pair.client.addEventListener('change:peerCertificate', () => count++)
      await pair.handshake()
      equal(count, 1, 'The number of events')
    },
  },
  {
    title: 'nothing-happens-before-it',
    source: 'GIO g_tls_client_connection_new(): does no I/O',
    async run(context) {
      const pair = await context.pair()
      await deadline(Promise.resolve(), 'A turn')
      equal(pair.streams.clientWire.sent.bytes, 0, 'Bytes from the client')
      equal(pair.streams.serverWire.sent.bytes, 0, 'Bytes from the server')
    },
  },
  {
    title: 'second-call-does-nothing',
    source: 'GIO g_tls_connection_handshake(): a no-op once it has succeeded',
    async run(context) {
      const pair = await context.connect()
      const { bytes } = pair.streams.clientWire.sent
      await pair.handshake()
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
    },
  },
  {
    title: 'calls-at-once-share-the-outcome',
    source: 'TlsConnection.handshake',
    async run(context) {
      const pair = await context.pair()
      const all = [pair.client.handshake(), pair.client.handshake(), pair.server.handshake()]
      await deadline(Promise.all(all), 'All handshakes')
      equal(pair.streams.clientWire.sent.clientHellos.length, 1, 'The number of ClientHellos')
    },
  },
  {
    title: 'implicit-by-read',
    source: 'GIO GTlsConnection: the first read or write does the handshake',
    async run(context) {
      const { client, server } = await context.pair()
      const read = readExactly(client, 5)
      await deadline(Promise.all([server.write(bytesOf('hello')), read]), 'The first read')
      sameList(await read, bytesOf('hello'), 'What was read')
      equal(client.protocolVersion, context.version, 'protocolVersion')
    },
  },
  {
    title: 'implicit-by-write',
    source: 'GIO GTlsConnection: the first read or write does the handshake',
    async run(context) {
      const { client, server } = await context.pair()
      const read = readExactly(server, 5)
      await deadline(Promise.all([client.write(bytesOf('hello')), read]), 'The first write')
      sameList(await read, bytesOf('hello'), 'What was read')
      equal(server.protocolVersion, context.version, 'protocolVersion')
    },
  },
  {
    title: 'byte-by-byte',
    source: 'RFC 8446 §5.1: record boundaries mean nothing',
    async run(context) {
      const one = { splitReads: 1, splitWrites: 1, delay: 2 }
      const pair = await context.connect({ clientFaults: one, serverFaults: one })
      equal(pair.client.protocolVersion, context.version, 'protocolVersion')
    },
  },
  {
    title: 'settings-are-read-when-it-starts',
    source: 'GIO GTlsConnection: properties take effect until the handshake starts',
    async run(context) {
      const pair = await context.pair({ client: { serverIdentity: null }, certificate: forB })
      pair.client.serverIdentity = { hostname: 'b.test' }
      const handshake = inBackground(pair.handshake())
      pair.client.serverIdentity = { hostname: 'elsewhere.test' }
      await handshake
      equal(pair.server.serverName, 'b.test', 'The server name sent')
    },
  },
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
  {
    title: 'error-ends-the-transport',
    source: 'TlsConnection: after a failed handshake the connection is of no use',
    async run(context) {
      const { client, server, clientWire } = await context.streams()
      const connection = context.clientOn(client)
      await server.write(bytesOf('220 ready\r\n'))
      await deadline(rejects(connection.handshake(), {}, 'The handshake'), 'The handshake')
      ok(clientWire.closed, 'the transport is closed')
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
    title: 'no-common-version',
    source: 'RFC 8446 §4.2.1: protocol_version',
    requires: ({ client, server }) => sharedVersions(client, server).length > 1,
    async run(context) {
      const { supports } = context.server
      const other = sharedVersions(context.client.supports, supports).find(
        (version) => version !== context.version,
      )
      const pair = await context.pair({ server: { minVersion: other, maxVersion: other } })
      const { client, server } = await pair.attempt()
      await rejects(Promise.reject(client), { code: 'TLS_HANDSHAKE' }, "The client's handshake")
      await rejects(Promise.reject(server), { code: 'TLS_HANDSHAKE' }, "The server's handshake")
    },
  },
  {
    title: 'newest-common-version',
    source: 'RFC 8446 §4.2.1: supported_versions',
    requires: ({ client, server, version }) => sharedVersions(client, server).at(-1) === version,
    async run(context) {
      const any = { minVersion: undefined, maxVersion: undefined }
      const pair = await context.pair({ client: any, server: any })
      await pair.handshake()
      equal(pair.client.protocolVersion, context.version, 'protocolVersion')
    },
  },
  {
    title: 'options/senseless-ones',
    source: 'TlsBackend.createClientConnection: TypeError or RangeError at the call',
    async run(context) {
      const { client } = await context.streams()
      const make = (options: object) => () => context.clientOn(client, { client: options })
      const isType = { name: 'TypeError' }
      throws(make({ serverIdentity: { hostname: '' } }), isType, 'An empty host name')
      throws(make({ serverIdentity: { hostname: 'a b' } }), isType, 'A host name with a space')
      throws(make({ serverIdentity: { address: 'a.test' } }), isType, 'An address that is a name')
      throws(make({ serverIdentity: { hostname: 'a.test', port: 65536 } }), isType, 'Port 65536')
      throws(make({ minVersion: 'TLSv9' }), isType, 'TLS 9')
      throws(make({ database: {} }), isType, 'A database that is none')
    },
  },
  {
    title: 'options/unsupported-version',
    source: 'TlsCapabilities.protocolVersions: others are refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.protocolVersions.includes('SSLv3'),
    async run(context) {
      const { client } = await context.streams()
      throws(
        () => context.clientOn(client, { client: { minVersion: 'SSLv3' } }),
        { code: 'TLS_NOT_SUPPORTED' },
        'Asking for SSL 3',
      )
    },
  },
  {
    title: 'server/without-certificate',
    source: 'GIO GTlsServerConnection: a certificate must be set before the handshake',
    async run(context) {
      const pair = await context.pair({ server: { certificate: undefined } })
      void inBackground(pair.client.handshake())
      const failed = rejects(pair.server.handshake(), { code: 'TLS_BAD_CERTIFICATE' }, 'handshake')
      await deadline(failed, "The server's handshake")
    },
  },
  {
    title: 'server/certificate-set-late',
    source: 'GIO GTlsConnection:certificate: read when the handshake starts',
    async run(context) {
      const pair = await context.pair({ server: { certificate: undefined } })
      pair.server.certificate = certificateOf(forLocalhost)
      pair.client.serverIdentity = { hostname: 'localhost' }
      await pair.handshake()
    },
  },
]

function sharedVersions(
  client: CaseSubject['client'],
  server: CaseSubject['server'],
): readonly CaseSubject['version'][] {
  return client.protocolVersions.filter((version) => server.protocolVersions.includes(version))
}

/** How a connection comes about, and what both ends know afterwards. */
export const handshake: ConformanceArea = {
  name: 'handshake',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
