import { equal, inBackground, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forB } from '../fixtures/fixtures.js'

const closed = { code: 'IO_CLOSED' }
const closing = 'GIO g_io_stream_close(); RFC 8446 §6.1'
const halves = 'RFC 8446 §6.1: each direction is closed on its own'

const halfCloses = ({ client, server }: CaseSubject) => client.halfClose && server.halfClose

/** One direction ends, the other goes on: part of the area `close`. */
export const halfClose: readonly ConformanceCase[] = [
  {
    title: 'half-close/client-first',
    source: halves,
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.closeWrite(), 'closeWrite')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      await pair.server.write(bytesOf('late'))
      const received = await deadline(readExactly(pair.client, 4), 'An answer after the end')
      sameList(received, bytesOf('late'), 'What the client reads')
      await deadline(pair.server.closeWrite(), "The server's closeWrite")
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads then')
    },
  },
  {
    title: 'half-close/server-first',
    source: halves,
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.server.closeWrite(), 'closeWrite')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
      await pair.client.write(bytesOf('late'))
      const received = await deadline(readExactly(pair.server, 4), 'An answer after the end')
      sameList(received, bytesOf('late'), 'What the server reads')
    },
  },
  {
    title: 'half-close/no-more-writes',
    source: 'GIO g_output_stream_close(): G_IO_ERROR_CLOSED',
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.closeWrite(), 'closeWrite')
      const { bytes } = pair.streams.clientWire.sent
      await rejects(pair.client.write(bytesOf('x')), closed, 'A write')
      await deadline(pair.client.closeWrite(), 'The second closeWrite')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      ok(!pair.client.closed, 'the connection is half open')
    },
  },
  {
    title: 'half-close/reading',
    source: 'GIO g_input_stream_close(): nothing on the wire, writing goes on',
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      const { bytes } = pair.streams.clientWire.sent
      await deadline(pair.client.closeRead(), 'closeRead')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      await rejects(pair.client.read(), closed, 'A read')
      await pair.client.write(bytesOf('x'))
      const received = await deadline(readExactly(pair.server, 1), 'A write after closeRead')
      sameList(received, bytesOf('x'), 'What the server reads')
    },
  },
  {
    title: 'half-close/transport-too',
    source: 'GIO g_output_stream_close(): the write half of the base stream is closed, too',
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      const { clientWire } = pair.streams
      await deadline(pair.client.closeWrite(), 'closeWrite')
      ok(clientWire.sent.endsWithAlert, 'close_notify is the last on the wire')
      ok(clientWire.writeClosed, 'our direction of the transport is ended')
      ok(!clientWire.closed, 'the transport is not closed')
      equal(pair.client.protocolVersion, context.version, 'protocolVersion')
      ok(pair.client.cipherSuite !== null, 'cipherSuite is there')
    },
  },
  {
    title: 'half-close/then-close',
    source: `${closing}: close_notify is sent once`,
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.closeWrite(), 'closeWrite')
      const { bytes } = pair.streams.clientWire.sent
      await deadline(pair.client.close(), 'close')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
    },
  },
  {
    title: 'half-close/reading-then-close',
    source: `${closing}: close_notify is sent if the writing side is open`,
    requires: halfCloses,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.closeRead(), 'closeRead')
      await deadline(pair.client.close(), 'close')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'half-close/handshake-needs-both-directions',
    source: 'GIO GTlsConnection: a handshake needs both directions; G_IO_ERROR_CLOSED',
    requires: halfCloses,
    async run(context) {
      for (const end of ['closeRead', 'closeWrite'] as const) {
        const fresh = await context.pair()
        await deadline(fresh.client[end](), end)
        equal(fresh.streams.clientWire.sent.bytes, 0, 'Bytes on the wire')
        await rejects(fresh.client.handshake(), closed, `A handshake after ${end}`)
        const open = await context.connect()
        await deadline(open.client[end](), end)
        await rejects(open.client.handshake(), closed, `A second handshake after ${end}`)
      }
    },
  },
  {
    title: 'half-close/while-the-handshake-runs',
    source: 'GIO GTlsConnection: closing waits for a running handshake',
    requires: halfCloses,
    async run(context) {
      const pair = await context.pair()
      const handshake = inBackground(pair.client.handshake())
      const closeWrite = inBackground(pair.client.closeWrite())
      await deadline(Promise.all([handshake, pair.server.handshake()]), 'The handshake')
      await deadline(closeWrite, 'closeWrite')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      await pair.server.write(bytesOf('late'))
      const received = await deadline(readExactly(pair.client, 4), 'An answer after the end')
      sameList(received, bytesOf('late'), 'What the client reads')
    },
  },
  {
    title: 'half-close/after-a-failed-handshake',
    source: 'GIO GTlsConnection: allowed, sends nothing',
    requires: halfCloses,
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      await pair.attempt()
      const { bytes } = pair.streams.clientWire.sent
      await deadline(pair.client.closeWrite(), 'closeWrite')
      await deadline(pair.client.closeRead(), 'closeRead')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      ok(pair.client.closed, 'the connection says it is closed')
    },
  },
  {
    title: 'half-close/refused-where-unsupported',
    source: 'TlsCapabilities.halfClose: what a backend cannot do is refused, never ignored',
    expects: 'refusal',
    requires: ({ client }) => !client.halfClose,
    async run(context) {
      const pair = await context.connect()
      const refused = { code: 'TLS_NOT_SUPPORTED' }
      await rejects(pair.client.closeWrite(), refused, 'closeWrite')
      await rejects(pair.client.closeRead(), refused, 'closeRead')
      await pair.settle()
    },
  },
]
