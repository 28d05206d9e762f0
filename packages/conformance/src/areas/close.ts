import { IoError } from '@tlsio/core'
import { equal, inBackground, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, pattern, readExactly, readToEnd } from '../bytes.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { forB } from '../fixtures/fixtures.js'
import { endsOfStream } from './end-of-stream.js'
import { halfClose } from './half-close.js'

const closed = { code: 'IO_CLOSED' }
const closing = 'GIO g_io_stream_close(); RFC 8446 §6.1'

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
    title: 'after-a-pending-write',
    source: 'TlsConnection.close: waits for our own pending write',
    async run(context) {
      const pair = await context.connect()
      const data = pattern(2 ** 20)
      const all = Promise.all([
        readToEnd(pair.server),
        pair.client.write(data),
        pair.client.close(),
      ])
      const [received] = await deadline(all, 'The last data and the end')
      sameList(received, data, 'What the server reads')
    },
  },
  {
    title: 'a-closed-transport-is-left-alone',
    source: 'RFC 9293 §3.10.5: an abort drops what is queued, also what close has left to be sent',
    async run(context) {
      for (const side of ['client', 'server'] as const) {
        const pair = await context.connect()
        await pair[side].write(bytesOf('goodbye'))
        await deadline(pair[side].close(), 'close')
        pair[side].abort()
        ok(!pair.streams[`${side}Wire`].aborted, `the ${side}'s transport is closed, and no more`)
      }
    },
  },
  {
    title: 'close-notify-without-requiring-it',
    source: 'GIO GTlsConnection:require-close-notify: our own close always sends it',
    async run(context) {
      const pair = await context.connect({ client: { requireCloseNotify: false } })
      await deadline(pair.client.close(), 'close')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
      ok(pair.streams.clientWire.sent.endsWithAlert, 'close_notify is the last on the wire')
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
    title: 'after-the-peer-has-gone',
    source: 'RFC 5246 §7.2.1: who has said close_notify need not wait for the answer',
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.server.close(), "The server's close")
      equal(await deadline(pair.client.read(), 'The end'), null, 'What the client reads')
      await deadline(pair.client.close(), 'close')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
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
    title: 'close-notify-error-before-that-of-the-transport',
    source: 'GIO GTlsConnection: the first error is the one that close fails with',
    async run(context) {
      const closeError = new IoError('IO_FAILED', 'The transport does not close.')
      const pair = await context.connect({ clientFaults: { closeError } })
      pair.streams.client.reset()
      const close = rejects(pair.client.close(), { code: 'IO_BROKEN_PIPE' }, 'close')
      await deadline(close, 'close')
      ok(pair.streams.clientWire.closed, 'the transport is closed')
    },
  },
  {
    title: 'error-of-the-transport',
    source: 'GIO g_io_stream_close()',
    async run(context) {
      const closeError = new IoError('IO_FAILED', 'The transport does not close.')
      const pair = await context.connect({ clientFaults: { closeError } })
      await deadline(rejects(pair.client.close(), { code: 'IO_FAILED' }, 'close'), 'close')
      ok(pair.client.closed, 'the connection is closed all the same')
      equal(await deadline(pair.server.read(), 'The end'), null, 'What the server reads')
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
]

/** How a connection ends, and how it must not. */
export const close: ConformanceArea = {
  name: 'close',
  scope: 'version',
  applies: (supports) => supports.client,
  cases: [...cases, ...endsOfStream, ...halfClose],
}
