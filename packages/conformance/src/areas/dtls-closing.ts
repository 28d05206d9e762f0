import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf } from '../bytes.js'
import type { ConformanceCase } from '../conformance-case.js'
import { datagramConnection, datagramPair, nextMessage } from '../datagram-pair.js'
import { deadline } from '../deadline.js'
import type { FaultyDatagramSocket } from '../faulty-datagrams.js'

const closed = { code: 'IO_CLOSED' }
const shutdown = 'GIO g_dtls_connection_shutdown(): each direction for itself'
const baseSocket = 'GIO GDtlsConnection:base-socket is never closed'

/** Both sockets carry datagrams that are no DTLS. */
async function stillOpen(one: FaultyDatagramSocket, other: FaultyDatagramSocket): Promise<void> {
  const plain = bytesOf('plain')
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    await deadline(from.send(plain), 'Sending over the socket itself')
    // What was left over of DTLS comes before.
    let received = await deadline(to.receive(), 'A datagram')
    while (received.length !== plain.length) received = await deadline(to.receive(), 'A datagram')
    sameList(received, plain, 'What comes over the socket itself')
  }
}

/** How DTLS connections end: part of the area `dtls`. */
export const dtlsClosing: readonly ConformanceCase[] = [
  {
    title: 'shutdown/write-alone',
    source: shutdown,
    async run(context) {
      const { client, server } = await datagramConnection(context)
      await deadline(client.shutdown({ write: true }), 'The shutdown')
      await deadline(client.shutdown({ write: true }), 'The second shutdown')
      await rejects(client.send(bytesOf('x')), closed, 'Sending')
      equal(await nextMessage(server), null, 'What the server receives')
      await deadline(server.send(bytesOf('late')), 'Sending an answer')
      sameList((await nextMessage(client)) ?? [], bytesOf('late'), 'What the client receives')
      ok(!client.closed, 'the connection is half open')
    },
  },
  {
    title: 'shutdown/read-alone',
    source: shutdown,
    async run(context) {
      const { client, server, clientSocket } = await datagramConnection(context)
      const before = clientSocket.sent.length
      await deadline(client.shutdown({ read: true }), 'The shutdown')
      equal(clientSocket.sent.length, before, 'Datagrams sent in all')
      await rejects(client.receive(), closed, 'Receiving')
      await deadline(client.send(bytesOf('more')), 'Sending')
      sameList((await nextMessage(server)) ?? [], bytesOf('more'), 'What the server receives')
    },
  },
  {
    title: 'shutdown/neither-does-nothing',
    source: shutdown,
    async run(context) {
      const { client, server, clientSocket } = await datagramConnection(context)
      const before = clientSocket.sent.length
      await deadline(client.shutdown({ read: false, write: false }), 'The shutdown')
      equal(clientSocket.sent.length, before, 'Datagrams sent in all')
      ok(!client.closed, 'the connection is open')
      await deadline(client.send(bytesOf('more')), 'Sending')
      sameList((await nextMessage(server)) ?? [], bytesOf('more'), 'What the server receives')
    },
  },
  {
    title: 'shutdown/both-closes',
    source: shutdown,
    async run(context) {
      const { client, server } = await datagramConnection(context)
      await deadline(client.shutdown({ read: true, write: true }), 'The shutdown')
      ok(client.closed, 'the connection is closed')
      equal(await nextMessage(server), null, 'What the server receives')
    },
  },
  {
    title: 'close/peer-is-told',
    source: 'GIO g_dtls_connection_close(); RFC 5246 §7.2.1',
    async run(context) {
      const { client, server } = await datagramConnection(context)
      await deadline(client.send(bytesOf('last')), 'Sending')
      await deadline(client.close(), 'Closing')
      await deadline(client.close(), 'Closing again')
      ok(client.closed, 'the connection is closed')
      equal(client.protocolVersion, null, 'The version after close')
      sameList((await nextMessage(server)) ?? [], bytesOf('last'), 'What the server receives')
      equal(await nextMessage(server), null, 'What it receives then')
      equal(await nextMessage(server), null, 'What it receives once more')
      await rejects(client.send(bytesOf('x')), closed, 'Sending')
      await rejects(client.receive(), closed, 'Receiving')
      await deadline(server.close(), "The server's close")
    },
  },
  {
    title: 'close/lost-close-notify',
    source: 'DtlsConnection.receive(): close_notify may be lost; who must not wait gives a signal',
    async run(context) {
      let isCut = false
      const { client, server } = await datagramConnection(context, { drop: () => isCut })
      isCut = true
      await deadline(client.close(), 'Closing')
      const controller = new AbortController()
      const reason = new Error('long enough')
      const receiving = server.receive({ signal: controller.signal })
      controller.abort(reason)
      await rejects(receiving, { value: reason }, 'Receiving')
      await deadline(server.close(), "The server's close")
    },
  },
  {
    title: 'close/socket-stays-open',
    source: baseSocket,
    async run(context) {
      const pair = await datagramConnection(context)
      await deadline(Promise.all([pair.client.close(), pair.server.close()]), 'Closing both')
      await stillOpen(pair.clientSocket, pair.serverSocket)
    },
  },
  {
    title: 'abort/socket-stays-open',
    source: baseSocket,
    async run(context) {
      const pair = datagramPair(context)
      const reason = new Error('enough')
      const controller = new AbortController()
      const { signal } = controller
      const ends = [pair.client.handshake({ signal }), pair.server.handshake({ signal })]
      controller.abort(reason)
      for (const end of ends) await deadline(rejects(end, { value: reason }, 'The handshake'), 'It')
      await stillOpen(pair.clientSocket, pair.serverSocket)
    },
  },
]
