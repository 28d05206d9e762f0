import type { IoStream } from '@tlsio/core'
import { concat, hex, RecordType } from '@tlsio/core/wire'
import { equal, inBackground, ok, rejects, sameList } from '../assertions.js'
import { bytesOf, pattern, readExactly, readToEnd, record } from '../bytes.js'
import type { Pair } from '../case-context.js'
import type { ConformanceArea, ConformanceCase } from '../conformance-case.js'
import { deadline } from '../deadline.js'
import { Gate } from '../gate.js'
import { bothResumeByTicket } from '../resumption.js'

const mebibyte = 2 ** 20

/**
 * Without a watch for truncation an engine may take the very stream, and the way through it is
 * another.
 */
const off = { requireCloseNotify: false }
const ways = [
  { way: '', options: { bare: true } },
  { way: '/without-watching-for-truncation', options: { bare: true, client: off, server: off } },
] as const

/** A case for each way that data can take. */
function eachWay(
  title: string,
  source: string,
  run: (pair: Pair) => Promise<void>,
): readonly ConformanceCase[] {
  return ways.map(({ way, options }) => ({
    title: `${title}${way}`,
    source,
    run: async (context) => run(await context.pair(options)),
  }))
}

const cases: readonly ConformanceCase[] = [
  ...eachWay('echo', 'GIO GTlsConnection: is a GIOStream', async ({ client, server }) => {
    const ping = Promise.all([readExactly(server, 4), client.write(bytesOf('ping'))])
    sameList((await deadline(ping, 'ping'))[0], bytesOf('ping'), 'What the server reads')
    const pong = Promise.all([readExactly(client, 4), server.write(bytesOf('pong'))])
    sameList((await deadline(pong, 'pong'))[0], bytesOf('pong'), 'The answer')
  }),
  ...eachWay(
    'one-mebibyte-both-ways-at-once',
    'GIO GTlsConnection: reads and writes do not wait for each other',
    async ({ client, server }) => {
      const [there, back] = [pattern(mebibyte, 1), pattern(mebibyte, 2)]
      const all = Promise.all([
        readExactly(server, mebibyte),
        readExactly(client, mebibyte),
        client.write(there),
        server.write(back),
      ])
      const [atServer, atClient] = await deadline(all, 'A mebibyte each way')
      sameList(atServer, there, 'What the server reads')
      sameList(atClient, back, 'What the client reads')
    },
  ),
  ...[false, true].map(
    (isResumed): ConformanceCase => ({
      title: `client-that-has-its-say-and-goes${isResumed ? '/resumed' : ''}`,
      source: 'RFC 8446 §4.6.1: tickets come after the handshake, and nobody has to wait for them',
      requires: isResumed ? bothResumeByTicket : ({ version }) => version === 'TLSv1.3',
      async run(context) {
        const streams = await context.streams()
        const client = context.clientOn(streams.client, {
          client: { sessionResumption: isResumed ? 'automatic' : 'off' },
        })
        if (isResumed) client.copySessionState((await context.connect()).client)
        const gate = new Gate(streams.server)
        const server = context.serverOn(gate)
        const heard = inBackground(readToEnd(server))
        await deadline(client.write(bytesOf('one line for the log')), 'The only write')
        await deadline(client.close(), 'close')
        gate.open()
        sameList(
          await deadline(heard, 'The line'),
          bytesOf('one line for the log'),
          'What is heard',
        )
        if (isResumed) equal(client.isSessionResumed, true, 'Whether the client resumed')
      },
    }),
  ),
  {
    title: 'byte-by-byte',
    source: 'RFC 8446 §5.1: record boundaries mean nothing',
    async run(context) {
      const one = { splitReads: 1, splitWrites: 1 }
      const pair = await context.pair({ clientFaults: one, serverFaults: one })
      const data = pattern(2000)
      const all = Promise.all([readExactly(pair.server, data.length), pair.client.write(data)])
      const [received] = await deadline(all, 'Data in single bytes')
      sameList(received, data, 'What the server reads')
    },
  },
  ...eachWay(
    'many-small-writes',
    'GIO g_output_stream_write(): data stays in order',
    async ({ client, server }) => {
      const data = pattern(20_100)
      const read = readExactly(server, data.length)
      const write = async () => {
        let at = 0
        for (let length = 1; at < data.length; length = (length % 200) + 1) {
          await client.write(data.subarray(at, at + length))
          at += length
        }
      }
      const [received] = await deadline(Promise.all([read, write()]), 'Many small writes')
      sameList(received, data, 'What the server reads')
    },
  ),
  {
    title: 'empty-write',
    source: 'GIO g_output_stream_write(): a count of zero',
    async run(context) {
      const pair = await context.connect()
      await deadline(pair.client.write(new Uint8Array(0)), 'An empty write')
      await pair.client.write(bytesOf('x'))
      sameList(await deadline(readExactly(pair.server, 1), 'x'), bytesOf('x'), 'What comes next')
    },
  },
  {
    title: 'write-beside-a-pending-read',
    source: 'GIO GTlsConnection: reads and writes do not wait for each other',
    async run(context) {
      const pair = await context.connect()
      const read = inBackground(readExactly(pair.client, 1))
      await deadline(pair.client.write(bytesOf('?')), 'The write')
      sameList(await deadline(readExactly(pair.server, 1), '?'), bytesOf('?'), 'The question')
      await pair.server.write(bytesOf('!'))
      sameList(await deadline(read, 'The read'), bytesOf('!'), 'The answer')
    },
  },
  {
    title: 'second-read-is-refused',
    source: 'GIO G_IO_ERROR_PENDING: one operation per direction',
    async run(context) {
      const pair = await context.connect()
      const first = inBackground(readExactly(pair.client, 1))
      await rejects(pair.client.read(), { code: 'IO_PENDING' }, 'A second read')
      await pair.server.write(bytesOf('x'))
      sameList(await deadline(first, 'The first read'), bytesOf('x'), 'What the first read gives')
    },
  },
  {
    title: 'second-write-is-refused',
    source: 'GIO G_IO_ERROR_PENDING: one operation per direction',
    async run(context) {
      const pair = await context.connect()
      const first = inBackground(pair.client.write(bytesOf('a')))
      await rejects(pair.client.write(bytesOf('b')), { code: 'IO_PENDING' }, 'A second write')
      await deadline(first, 'The first write')
      await pair.client.write(bytesOf('c'))
      const received = await deadline(readExactly(pair.server, 2), 'Two bytes')
      sameList(received, bytesOf('ac'), 'What the server reads')
    },
  },
  {
    title: 'aborted-read-loses-nothing',
    source: 'GIO g_input_stream_read_async(): a cancelled read leaves the connection usable',
    async run(context) {
      const pair = await context.connect()
      const controller = new AbortController()
      const reason = new Error('No longer wanted.')
      const { signal } = controller
      const aborted = rejects(pair.client.read({ signal }), { value: reason }, 'The aborted read')
      controller.abort(reason)
      await deadline(aborted, 'The aborted read')
      await pair.server.write(bytesOf('still here'))
      const received = await deadline(readExactly(pair.client, 10), 'The next read')
      sameList(received, bytesOf('still here'), 'What the next read gives')
    },
  },
  {
    title: 'aborted-write-keeps-the-order',
    source: 'TlsConnection.write: an aborted one may still be sent; the next one comes after it',
    async run(context) {
      const pair = await context.connect()
      const controller = new AbortController()
      const reason = new Error('No longer wanted.')
      const { signal } = controller
      // Nobody reads yet, so it waits.
      const data = pattern(4 * mebibyte)
      const aborted = rejects(pair.client.write(data, { signal }), { value: reason }, 'The write')
      controller.abort(reason)
      await deadline(aborted, 'The aborted write')
      const rest = async () => {
        await pair.client.write(bytesOf('next'))
        await pair.client.close()
      }
      const all = Promise.all([readToEnd(pair.server), rest()])
      const [received] = await deadline(all, 'What was written')
      const sent = received.length - 4
      sameList(received.subarray(sent), bytesOf('next'), 'The end of what the server reads')
      sameList(received.subarray(0, sent), data.subarray(0, sent), 'What comes before')
    },
  },
  {
    title: 'write-on-a-broken-stream',
    source: 'GIO g_output_stream_write(): an error, never a count of zero for ever',
    async run(context) {
      const pair = await context.connect()
      pair.streams.client.reset()
      const writeOn = async () => {
        // A first one may still find room on its way to the stream.
        for (let count = 0; count < 100; count++) await pair.client.write(pattern(65_536))
      }
      const broken = rejects(writeOn(), { code: 'IO_BROKEN_PIPE' }, 'Writing on and on')
      await deadline(broken, 'Writing on and on')
    },
  },
  {
    title: 'damaged-record',
    source: 'RFC 8446 §5.2; RFC 5246 §7.2.2: bad_record_mac; GIO G_TLS_ERROR_MISC',
    async run(context) {
      const pair = await context.connect()
      const damaged = record(context.version, RecordType.APPLICATION_DATA, pattern(64))
      await pair.streams.server.write(damaged)
      const read = rejects(pair.client.read(), { code: 'TLS_MISC' }, 'A read')
      await deadline(read, 'The read')
    },
  },
  {
    title: 'aborted-before-the-read',
    source: 'GIO GCancellable: cancelled already',
    async run(context) {
      const pair = await context.connect()
      const reason = new Error('No longer wanted.')
      const signal = AbortSignal.abort(reason)
      await rejects(pair.client.read({ signal }), { value: reason }, 'A read')
      await rejects(pair.client.write(bytesOf('x'), { signal }), { value: reason }, 'A write')
      await pair.settle()
    },
  },
  ...eachWay(
    'write-only-client',
    'RFC 8446 §4.6.1: tickets may come at any time; curl/curl#6149',
    async ({ client, server }) => {
      const data = pattern(mebibyte)
      const upload = async () => {
        await client.write(data)
        await client.close()
      }
      const [received] = await deadline(Promise.all([readToEnd(server), upload()]), 'An upload')
      equal(received.length, data.length, 'Bytes that arrive')
      sameList(received, data, 'What the server reads')
    },
  ),
  {
    title: 'input-is-taken-although-nobody-reads',
    source: 'RFC 8446 §4.6.1: tickets may come at any time; curl/curl#6149',
    async run(context) {
      const pair = await context.pair()
      await pair.handshake()
      const { clientWire, serverWire } = pair.streams
      const before = serverWire.sent.bytes
      // Whatever the server sends of its own accord is in front of it.
      await deadline(pair.server.write(bytesOf('.')), 'A write of the server')
      await deadline(serverWire.sent.reached(before + 1), 'What the server sends')
      const taken = clientWire.received.reached(serverWire.sent.bytes)
      await deadline(taken, 'That a client takes what comes, although nobody reads from it,')
    },
  },
  ...eachWay(
    'server-speaks-first',
    'TlsConnection: the first read or write runs the handshake',
    async ({ client, server }) => {
      const data = pattern(100_000)
      const download = async () => {
        await server.write(data)
        await server.close()
      }
      const [received] = await deadline(Promise.all([readToEnd(client), download()]), 'A download')
      sameList(received, data, 'What the client reads')
    },
  ),
  {
    title: 'data-is-encrypted',
    source: 'RFC 8446 §5.2; RFC 5246 §6.2.3',
    async run(context) {
      const { client, server } = await context.streams()
      const written: Uint8Array[] = []
      const listening: IoStream = {
        read: (options) => client.read(options),
        write: (chunk, options) => {
          written.push(chunk.slice())
          return client.write(chunk, options)
        },
        closeWrite: () => client.closeWrite(),
        close: () => client.close(),
        abort: (reason) => client.abort(reason),
      }
      const [sender, receiver] = [context.clientOn(listening), context.serverOn(server)]
      const secret = pattern(1000)
      await deadline(
        Promise.all([sender.write(secret), readExactly(receiver, secret.length)]),
        'Data',
      )
      const wire = hex(concat(...written))
      ok(wire.length / 2 > secret.length, 'there is more on the wire than the plaintext')
      ok(!wire.includes(hex(secret)), 'the plaintext is not on the wire')
    },
  },
]

/** What goes through an open connection. */
export const applicationData: ConformanceArea = {
  name: 'application-data',
  scope: 'version',
  applies: (supports) => supports.client,
  cases,
}
