import { IoError } from '@tlsio/core'
import { RecordType } from '@tlsio/core/wire'
import { equal, rejects, sameList, throws } from '../assertions.js'
import { bytesOf, readExactly, record } from '../bytes.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'

const truncation = 'GIO GTlsConnection:require-close-notify'

const detectsTruncation = ({ client }: CaseSubject) => client.truncationDetection !== 'never'

/** What a stream's end means that nobody announced: part of the area `close`. */
export const endsOfStream: readonly ConformanceCase[] = [
  // nodejs/node#33705, pyca/pyopenssl#229
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
      const { APPLICATION_DATA } = RecordType
      const begun = record(context.version, APPLICATION_DATA, Uint8Array.of(1, 2, 3), 100)
      await pair.streams.server.write(begun)
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
    title: 'truncation/watch-refused-where-unsupported',
    source: 'TlsCapabilities.truncationDetection: what it cannot do it refuses',
    expects: 'refusal',
    requires: ({ client }) => client.truncationDetection === 'never',
    async run(context) {
      const { client, clientWire } = await context.streams()
      const connection = context.clientOn(client, { client: { requireCloseNotify: true } })
      const expected = { code: 'TLS_NOT_SUPPORTED' }
      const refused = rejects(connection.handshake(), expected, 'Watching for truncation')
      await deadline(refused, 'The refusal')
      equal(clientWire.sent.bytes, 0, 'Bytes on the wire')
    },
  },
  {
    title: 'reset/without-watching-for-truncation',
    source: 'GIO GTlsConnection: a reset is G_IO_ERROR_BROKEN_PIPE',
    async run(context) {
      const pair = await context.connect({ client: { requireCloseNotify: false } })
      const read = rejects(pair.client.read(), { code: 'IO_BROKEN_PIPE' }, 'A read')
      pair.streams.client.reset()
      await deadline(read, 'The pending read')
    },
  },
  {
    title: 'time-limit-of-the-transport',
    source: 'GIO GTlsConnection: only the transport has a time limit; G_IO_ERROR_TIMED_OUT',
    async run(context) {
      const pair = await context.connect()
      const read = rejects(pair.client.read(), { code: 'IO_TIMED_OUT' }, 'A read')
      pair.streams.client.fail(new IoError('IO_TIMED_OUT', 'The transport has waited long enough.'))
      await deadline(read, 'The pending read')
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
]
