import { equal, inBackground, ok, rejects, sameList, throws } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseSubject, ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forB } from '../fixtures/fixtures.js'

const closed = { code: 'IO_CLOSED' }
const closing = 'GIO g_io_stream_close(); RFC 8446 §6.1'
const truncation = 'GIO GTlsConnection:require-close-notify'
const halves = 'RFC 8446 §6.1: each direction is closed on its own'

const detectsTruncation = ({ client }: CaseSubject) => client.truncationDetection !== 'never'
const halfCloses = ({ client, server }: CaseSubject) => client.halfClose && server.halfClose

const cases: readonly ConformanceCase[] = [
  {
    title: 'client-first',
    source: closing,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.close(), 'close')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      ok(pair.streams.clientWire.sent.endsWithAlert, 'close_notify is the last on the wire')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
      ok(pair.client.closed, 'the connection says so')
    },
  },
  {
    title: 'server-first',
    source: closing,
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.server.close(), 'close')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
      ok(pair.streams.serverWire.sent.endsWithAlert, 'close_notify is the last on the wire')
    },
  },
  {
    title: 'data-before-the-end-arrives',
    source: closing,
    async run(context) {
      const pair = await context.connect()
      await pair.server.write(bytesOf('goodbye'))
      await deadline(pair.server.close(), 'close')
      const received = await deadline(readExactly(pair.client, 7), 'The last data')
      sameList(received, bytesOf('goodbye'), 'What the client reads')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What comes then')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What comes again')
    },
  },
  {
    title: 'second-call-does-nothing',
    source: 'GIO g_io_stream_close(): closing twice succeeds',
    async run(context) {
      const pair = await context.connect()
      await deadline(
        Promise.all([pair.client.close(), pair.client.close()]),
        'close, twice at once',
      )
      const { bytes } = pair.streams.clientWire.sent
      await deadline(pair.client.close(), 'The third close')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
    },
  },
  {
    title: 'before-the-handshake',
    source: 'GIO GTlsConnection: close never starts a handshake',
    async run(context) {
      const pair = await context.pair()
      await deadline(pair.client.close(), 'close')
      equal(pair.streams.clientWire.sent.bytes, 0, 'Bytes on the wire')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
      await rejects(pair.client.handshake(), closed, 'The handshake')
    },
  },
  {
    title: 'while-the-handshake-runs',
    source: 'GIO GTlsConnection: close waits for a running handshake',
    async run(context) {
      const pair = await context.pair()
      const handshake = inBackground(pair.client.handshake())
      const close = inBackground(pair.client.close())
      await deadline(Promise.all([handshake, pair.server.handshake()]), 'The handshake')
      await deadline(close, 'close')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
    },
  },
  {
    title: 'after-a-failed-handshake',
    source: 'GIO GTlsConnection: allowed, sends nothing, closes the transport',
    async run(context) {
      const pair = await context.pair({ certificate: forB })
      await pair.attempt()
      const { bytes } = pair.streams.clientWire.sent
      await deadline(pair.client.close(), 'close')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'does-not-wait-for-the-peer',
    source: "GIO GTlsConnection: the peer's close_notify is not awaited",
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.close(), 'close, with a peer that does nothing')
    },
  },
  {
    title: 'transport-closed-even-if-close-notify-fails',
    source: 'GIO GTlsConnection: then the base stream is closed, always',
    async run(context) {
      const pair = await context.connect()
      pair.streams.client.reset()
      await deadline(
        pair.client.close().catch(() => {}),
        'close',
      )
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'pending-read-is-rejected',
    source: 'GIO GTlsConnection: a read pending at close fails with G_IO_ERROR_CLOSED',
    async run(context) {
      const pair = await context.connect()
      const read = rejects(pair.client.read(), closed, 'The pending read')
      await deadline(pair.client.close(), 'close')
      await deadline(read, 'The pending read')
    },
  },
  {
    title: 'nothing-works-afterwards',
    source: 'GIO G_IO_ERROR_CLOSED',
    async run(context) {
      const { client } = await context.connect()
      await deadline(client.close(), 'close')
      await rejects(client.read(), closed, 'A read')
      await rejects(client.write(bytesOf('x')), closed, 'A write')
      await rejects(client.handshake(), closed, 'A handshake')
    },
  },
  {
    title: 'async-dispose',
    source: 'TC39 Explicit Resource Management; GIO: dropping the last reference closes',
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client[Symbol.asyncDispose](), 'asyncDispose')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'abort-is-unclean',
    source: 'IoStream.abort',
    async run(context) {
      const pair = await context.connect()
      const { bytes } = pair.streams.clientWire.sent
      const reason = new Error('No longer wanted.')
      const read = rejects(pair.client.read(), { value: reason }, 'The pending read')
      pair.client.abort(reason)
      await deadline(read, 'The pending read')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
      equal(pair.streams.clientWire.sent.bytes, bytes, 'Bytes sent in all')
      await deadline(pair.client.close(), 'close afterwards')
    },
  },
  {
    title: 'truncation/to-the-client',
    source: `${truncation}: G_TLS_ERROR_EOF`,
    requires: detectsTruncation,
    async run(context) {
      const pair = await context.connect()
      await pair.streams.server.closeWrite()
      const read = rejects(pair.client.read(), { code: 'TLS_EOF' }, 'A read')
      await deadline(read, 'The end of the stream')
    },
  },
  {
    title: 'truncation/to-the-server',
    source: `${truncation}: G_TLS_ERROR_EOF`,
    requires: ({ server }) => server.truncationDetection !== 'never',
    async run(context) {
      const pair = await context.connect()
      await pair.streams.client.closeWrite()
      const read = rejects(pair.server.read(), { code: 'TLS_EOF' }, 'A read')
      await deadline(read, 'The end of the stream')
    },
  },
  {
    title: 'truncation/in-a-record',
    source: `${truncation}: G_TLS_ERROR_EOF`,
    requires: detectsTruncation,
    async run(context) {
      const pair = await context.connect()
      const minor = context.version === 'TLSv1' ? 1 : context.version === 'TLSv1.1' ? 2 : 3
      await pair.streams.server.write(Uint8Array.of(23, 3, minor, 0, 100, 1, 2, 3))
      await pair.streams.server.closeWrite()
      const read = rejects(pair.client.read(), { code: 'TLS_EOF' }, 'A read')
      await deadline(read, 'The end of the stream')
    },
  },
  {
    title: 'truncation/after-data',
    source: `${truncation}: what came before is read first`,
    requires: detectsTruncation,
    async run(context) {
      const pair = await context.connect()
      const { sent } = pair.streams.serverWire
      const onTheWire = sent.reached(sent.bytes + 4)
      await pair.server.write(bytesOf('half'))
      await deadline(onTheWire, 'The data on the wire')
      await pair.streams.server.closeWrite()
      const received = await deadline(readExactly(pair.client, 4), 'The data')
      sameList(received, bytesOf('half'), 'What the client reads')
      const read = rejects(pair.client.read(), { code: 'TLS_EOF' }, 'The next read')
      await deadline(read, 'The end of the stream')
    },
  },
  {
    title: 'truncation/allowed',
    source: `${truncation}: FALSE`,
    async run(context) {
      const pair = await context.connect({ client: { requireCloseNotify: false } })
      await pair.streams.server.closeWrite()
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
    },
  },
  {
    title: 'truncation/allowed-late',
    source: `${truncation}: may be changed until the end is read`,
    async run(context) {
      const pair = await context.connect()
      pair.client.requireCloseNotify = false
      await pair.streams.server.closeWrite()
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
    },
  },
  {
    title: 'truncation/close-notify-without-watching',
    source: truncation,
    async run(context) {
      const off = { requireCloseNotify: false }
      const pair = await context.pair({ client: off, server: off, bare: true })
      await pair.handshake()
      await pair.settle()
      await deadline(pair.server.close(), 'close')
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
    },
  },
  {
    title: 'truncation/watched-from-now-on',
    source: `${truncation}; TlsCapabilities.truncationDetection: what it cannot do it refuses`,
    async run(context) {
      const pair = await context.connect({ client: { requireCloseNotify: false } })
      const { truncationDetection } = context.client.supports
      const switchOn = () => {
        pair.client.requireCloseNotify = true
      }
      if (truncationDetection !== 'always') {
        throws(switchOn, { code: 'TLS_NOT_SUPPORTED' }, 'Watching for truncation from now on')
        return
      }
      switchOn()
      await pair.streams.server.closeWrite()
      await deadline(rejects(pair.client.read(), { code: 'TLS_EOF' }, 'A read'), 'The end')
    },
  },
  {
    title: 'reset',
    source: 'GIO GTlsConnection: a reset is G_IO_ERROR_BROKEN_PIPE',
    async run(context) {
      const pair = await context.connect()
      const read = rejects(pair.client.read(), { code: 'IO_BROKEN_PIPE' }, 'A read')
      pair.streams.client.reset()
      await deadline(read, 'The pending read')
    },
  },
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
]

/** How a connection ends, and how it must not. */
export const close: ConformanceArea = {
  name: 'close',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
