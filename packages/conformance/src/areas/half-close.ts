import { equal, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, readExactly } from '../bytes.js'
import type { CaseSubject, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'

const closed = { code: 'IO_CLOSED' }
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
]
