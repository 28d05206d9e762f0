import { TlsCertificateFlags } from '@tlsio/core'
import { equal, inBackground, ok, rejects, sameList } from '../assertions.js'
import { bothAuthenticate } from '../authentication.js'
import { bytesOf } from '../bytes.js'
import type { CaseContext } from '../case-context.js'
import type { ConformanceCase } from '../conformance-case.js'
import {
  type DatagramPair,
  datagramConnection,
  datagramPair,
  nextMessage,
  RETRANSMISSION,
} from '../datagram-pair.js'
import { deadline } from '../deadline.js'
import { client as clientFixture, forA } from '../fixtures/fixtures.js'
import { certificateOf } from '../fixtures/load.js'

const retransmission = 'RFC 6347 §4.2.4: lost flights are sent again'
const cookies = 'RFC 6347 §4.2.1: a client shows that it receives at its address'

/** A message each way, to show that both ends have the same keys. */
async function exchange({ client, server }: DatagramPair): Promise<void> {
  await deadline(client.send(bytesOf('ping')), 'Sending')
  sameList((await nextMessage(server)) ?? [], bytesOf('ping'), 'What the server receives')
  await deadline(server.send(bytesOf('pong')), 'Sending')
  sameList((await nextMessage(client)) ?? [], bytesOf('pong'), 'What the client receives')
}

function overLossOf(percent: number): ConformanceCase {
  return {
    title: `handshake/loss-of-${percent}-percent`,
    source: retransmission,
    async run(context) {
      for (const seed of [1, 2, 3, 4, 5]) {
        const faults = { seed, loss: percent / 100, duplicate: 0.05, reorder: 0.1, delay: 5 }
        const pair = await datagramConnection(context, faults)
        equal(pair.client.protocolVersion, context.version, `The version, seed ${seed}`)
      }
    },
  }
}

/** The ClientHello that a client sends first, and the one after it was given a cookie. */
async function hellos(
  context: CaseContext,
): Promise<readonly [Uint8Array, Uint8Array, Uint8Array]> {
  const { clientSocket, serverSocket } = await datagramConnection(context)
  const [first, second] = clientSocket.sent
  const [answer] = serverSocket.sent
  ok(first !== undefined && second !== undefined && answer !== undefined, 'both have spoken')
  return [first, answer, second]
}

/** How DTLS connections begin: part of the area `dtls`. */
export const dtlsHandshakes: readonly ConformanceCase[] = [
  {
    title: 'handshake/facts',
    source: 'GIO GDtlsConnection: protocol-version, ciphersuite-name, peer-certificate',
    async run(context) {
      const pair = datagramPair(context)
      const { client, server } = pair
      equal(client.protocolVersion, null, 'The version before the handshake')
      equal(client.maxMessageSize, null, 'maxMessageSize before the handshake')
      await pair.handshake()
      for (const connection of [client, server]) {
        equal(connection.protocolVersion, context.version, 'The version')
        ok((connection.cipherSuite ?? '').startsWith('TLS_'), 'the cipher suite has an IANA name')
        const size = connection.maxMessageSize ?? 0
        ok(size > 1000 && size < 1400, `maxMessageSize ${size} is less than a datagram`)
      }
      equal(client.peerCertificateErrors, 0, 'What is wrong with the certificate')
      const { der } = certificateOf(forA)
      sameList(client.peerCertificate?.der ?? [], der, 'The certificate of the server')
      equal(server.serverName, 'a.test', 'The server name')
      await exchange(pair)
    },
  },
  overLossOf(5),
  overLossOf(20),
  {
    title: 'handshake/any-one-datagram-lost',
    source: `${retransmission}, the last one, too`,
    async run(context) {
      const { clientSocket, serverSocket } = await datagramConnection(context)
      for (const [lossy, { sent }] of [clientSocket, serverSocket].entries()) {
        for (let lost = 0; lost < sent.length; lost++) {
          const drop = (number: number, _: Uint8Array, end: number) =>
            end === lossy && number === lost
          const pair = datagramPair(context, { drop })
          await pair.handshake()
          await exchange(pair)
        }
      }
    },
  },
  {
    title: 'handshake/peer-that-vanished',
    source: 'GIO G_IO_ERROR_TIMED_OUT: a vanished server is no hang',
    async run(context) {
      const handshakeTimeout = 10 * RETRANSMISSION
      const { client, clientSocket } = datagramPair(context, {
        loss: 1,
        client: { retransmissionTimeout: RETRANSMISSION, handshakeTimeout },
      })
      const failed = rejects(client.handshake(), { code: 'IO_TIMED_OUT' }, 'The handshake')
      await deadline(failed, 'A handshake that nobody answers')
      const [first] = clientSocket.sent
      const count = clientSocket.sent.filter(({ length }) => length === first?.length).length
      ok(count > 1, 'the first flight was sent more than once')
      // At once, and after 1, 3 and 7 times the first delay.
      ok(count <= 6, `it was sent later each time, not ${count} times`)
    },
  },
  {
    title: 'handshake/strangers-are-dropped',
    source: 'RFC 6347 §4.1.2.7: invalid records are silently discarded',
    async run(context) {
      const pair = datagramPair(context)
      const garbage = [
        bytesOf('garbage'),
        new Uint8Array(0),
        new Uint8Array(2000).fill(255),
        // Records that say they are encrypted: application data, a handshake message, an alert.
        ...[23, 22, 21].map((type) =>
          Uint8Array.of(type, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4),
        ),
      ]
      for (const datagram of garbage) {
        await pair.clientSocket.send(datagram)
        await pair.serverSocket.send(datagram)
      }
      await pair.handshake()
      await exchange(pair)
    },
  },
  {
    title: 'handshake/wrong-name-refused',
    source: 'GIO GDtlsClientConnection:server-identity; G_TLS_CERTIFICATE_BAD_IDENTITY',
    async run(context) {
      const { client, server } = datagramPair(context, {
        client: { serverIdentity: { hostname: 'b.test', port: 990 } },
      })
      const told = inBackground(server.receive())
      const failed = rejects(
        client.handshake(),
        { code: 'TLS_BAD_CERTIFICATE', flags: TlsCertificateFlags.BAD_IDENTITY },
        'The handshake',
      )
      await deadline(failed, "The client's handshake")
      await rejects(client.send(bytesOf('x')), { code: 'TLS_BAD_CERTIFICATE' }, 'Sending')
      const code = 'TLS_BAD_CERTIFICATE'
      await deadline(rejects(told, { code }, 'Receiving at the server'), 'The alert')
    },
  },
  {
    title: 'handshake/client-certificate',
    source: 'GIO GDtlsServerConnection:authentication-mode; GDtlsConnection::accept-certificate',
    requires: bothAuthenticate,
    async run(context) {
      const certificate = certificateOf(clientFixture)
      const pair = await datagramConnection(context, {
        client: { certificate },
        server: { authenticationMode: 'required', acceptCertificate: () => true },
      })
      const shown = pair.server.peerCertificate?.der ?? []
      sameList(shown, certificate.der, 'The certificate of the client')
      await exchange(pair)
    },
  },
  {
    title: 'handshake/client-without-certificate',
    source: 'GIO G_TLS_ERROR_CERTIFICATE_REQUIRED',
    requires: bothAuthenticate,
    async run(context) {
      const { client, server } = datagramPair(context, {
        server: { authenticationMode: 'required', acceptCertificate: () => true },
      })
      const told = inBackground(client.receive())
      const code = 'TLS_CERTIFICATE_REQUIRED'
      await deadline(
        rejects(server.handshake(), { code }, 'The handshake'),
        "The server's handshake",
      )
      await deadline(rejects(told, {}, 'Receiving at the client'), 'The alert')
    },
  },
  {
    title: 'handshake/application-protocol',
    source: 'GIO GDtlsConnection:advertised-protocols, negotiated-protocol; RFC 7301',
    requires: ({ client, server }) => client.alpn && server.alpn,
    async run(context) {
      const { client, server } = await datagramConnection(context, {
        client: { advertisedProtocols: ['one', 'two'] },
        server: { advertisedProtocols: ['two', 'three'] },
      })
      equal(client.negotiatedProtocol, 'two', 'What the client negotiated')
      equal(server.negotiatedProtocol, 'two', 'What the server negotiated')
    },
  },
  {
    title: 'handshake/exported-keying-material',
    source: 'RFC 5705; GIO g_dtls_connection_get_channel_binding_data()',
    requires: ({ client, server }) => client.keyingMaterialExport && server.keyingMaterialExport,
    async run(context) {
      const { client, server } = await datagramConnection(context)
      const label = 'EXPERIMENTAL tlsio'
      const ours = client.exportKeyingMaterial(label, 40, bytesOf('context'))
      const theirs = server.exportKeyingMaterial(label, 40, bytesOf('context'))
      sameList(ours, theirs, 'The keying material of the client')
      const other = client.exportKeyingMaterial(label, 40, bytesOf('another'))
      ok(ours.join() !== other.join(), 'it depends on the context')
      const next = await datagramConnection(context)
      const others = next.client.exportKeyingMaterial(label, 40, bytesOf('context'))
      ok(ours.join() !== others.join(), 'each connection has its own')
      for (const type of ['tls-exporter', 'tls-server-end-point'] as const) {
        if (!client.supportsChannelBinding(type) || !server.supportsChannelBinding(type)) continue
        const binding = await client.getChannelBindingData(type)
        sameList(await server.getChannelBindingData(type), binding, `${type} of the server`)
      }
    },
  },
  {
    title: 'cookie/asked-for-first',
    source: cookies,
    async run(context) {
      const [hello, answer] = await hellos(context)
      sameList([answer[0], answer[13]], [22, 3], 'What the server sends first (HelloVerifyRequest)')
      ok(answer.length <= hello.length, 'the answer is not longer than the question')
    },
  },
  {
    title: 'cookie/good-for-one-address',
    source: cookies,
    async run(context) {
      const [first, , second] = await hellos(context)
      const asked = context.server.dtlsCookies
      ok(asked !== null, 'the backend has dtlsCookies')
      // The pair in memory has no addresses.
      equal(asked.check(second, '').kind, 'verified', 'A hello with its cookie')
      equal(asked.check(second, '').kind, 'verified', 'The same once more')
      equal(asked.check(first, '').kind, 'challenge', 'A hello without cookie')
      equal(asked.check(second, '192.0.2.1 5').kind, 'challenge', 'One from another address')
      equal(asked.check(bytesOf('garbage'), '').kind, 'ignored', 'Something else')
    },
  },
]
