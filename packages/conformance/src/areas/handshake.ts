import { equal, inBackground, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import { type ConformanceArea, type ConformanceCase, sharedVersions } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forA, forB, forLocalhost } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'
import { cipherSuiteName } from '../wire/wire-names.js'
import { failedHandshakes } from './failed-handshakes.js'
import { retriesAndKeyUpdates } from './retries-and-key-updates.js'
import { upgrades } from './upgrades.js'

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
      const answer = pair.streams.clientWire.received.serverHellos.at(-1)
      const suite = cipherSuiteName(answer?.cipherSuite ?? 0)
      ok((client.cipherSuite ?? '').startsWith('TLS_'), `${client.cipherSuite} is an IANA name`)
      // Numbers without a name here are those that hardly anybody speaks.
      if (suite.startsWith('TLS_')) equal(client.cipherSuite, suite, 'The suite on the wire')
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
    title: 'facts-only-after-the-verdict',
    source: 'GIO GTlsConnection: negotiated values are announced after verification',
    async run(context) {
      const events: string[] = []
      const pair = await context.pair({
        certificate: forB,
        client: {
          acceptCertificate: () => {
            const { protocolVersion, cipherSuite, peerCertificateErrors, isSessionResumed } =
              pair.client
            equal(protocolVersion, null, 'protocolVersion before the verdict')
            equal(cipherSuite, null, 'cipherSuite before the verdict')
            equal(peerCertificateErrors, 0, 'peerCertificateErrors before the verdict')
            equal(isSessionResumed, undefined, 'isSessionResumed before the verdict')
            events.push('asked')
            return true
          },
        },
      })
      for (const name of ['peerCertificate', 'peerCertificateErrors']) {
        pair.client.addEventListener(`change:${name}`, () => events.push(name))
      }
      await pair.handshake()
      sameList(events, ['asked', 'peerCertificate', 'peerCertificateErrors'], 'What happened')
      equal(pair.client.protocolVersion, context.version, 'protocolVersion after the verdict')
    },
  },
  {
    title: 'transport-is-the-stream-given',
    source: 'GIO GTlsConnection:base-io-stream',
    async run(context) {
      const { client, server, streams } = await context.pair()
      equal(client.transport, streams.client, "The client's transport")
      equal(server.transport, streams.server, "The server's transport")
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
      // Long enough for one that starts by itself: another connection is made meanwhile, and used.
      const other = await context.connect()
      await other.close()
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
    title: 'newest-common-version',
    source: 'RFC 8446 §4.2.1: supported_versions',
    requires: (subject) => sharedVersions(subject).at(-1) === subject.version,
    async run(context) {
      const any = { minVersion: undefined, maxVersion: undefined }
      const pair = await context.pair({ client: any, server: any })
      await pair.handshake()
      equal(pair.client.protocolVersion, context.version, 'protocolVersion')
    },
  },
  {
    title: 'newest-version-of-the-peer',
    source: 'RFC 8446 §4.2.1: supported_versions',
    requires: (subject) => sharedVersions(subject).at(-1) !== subject.version,
    async run(context) {
      const pair = await context.pair({ client: { minVersion: undefined, maxVersion: undefined } })
      await pair.handshake()
      equal(pair.client.protocolVersion, context.version, "The client's version")
      equal(pair.server.protocolVersion, context.version, "The server's version")
    },
  },
  {
    title: 'settings-set-later-have-no-effect',
    source: 'GIO GTlsConnection: properties take effect until the handshake starts',
    async run(context) {
      const pair = await context.connect()
      const { client } = pair
      client.serverIdentity = { hostname: 'elsewhere.test' }
      client.database = null
      client.acceptCertificate = () => false
      client.sessionResumption = 'off'
      equal(client.database, null, 'The database kept')
      equal(client.sessionResumption, 'off', 'The setting kept')
      await pair.handshake()
      await pair.settle()
      equal(client.peerCertificateErrors, 0, 'peerCertificateErrors')
      equal(pair.server.serverName, 'a.test', 'The server name sent')
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
    title: 'options/newer-version-than-any',
    source: 'TlsCapabilities.protocolVersions: the refusal names a backend that has it',
    expects: 'refusal',
    requires: ({ client }) => !client.protocolVersions.includes('TLSv1.3'),
    async run(context) {
      const { client } = await context.streams()
      throws(
        () =>
          context.clientOn(client, { client: { minVersion: 'TLSv1.3', maxVersion: undefined } }),
        { code: 'TLS_NOT_SUPPORTED' },
        'Asking for TLS 1.3 or newer',
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

/** How a connection comes about, and what both ends know afterwards. */
export const handshake: ConformanceArea = {
  name: 'handshake',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...retriesAndKeyUpdates, ...failedHandshakes, ...upgrades],
}
