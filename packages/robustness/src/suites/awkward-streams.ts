import { faultyStream } from '@tlsio/conformance'
import type { IoStream, TlsProtocolVersion } from '@tlsio/core'
import test from 'ava'
import { GatheringStream } from './support/gathering.js'
import { LimitedStream } from './support/limited.js'
import { connectionPair, directions, versions } from './support/pair.js'
import { nameOf, outcome, summary, turns, within } from './support/settle.js'
import { bytes, closeBoth, echo, readAll } from './support/transfer.js'
import { Unhandled } from './support/unhandled.js'

const unhandled = new Unhandled()
test.after.always(() => unhandled.stop())

/** Streams that are right, but not as one is used to. */
const streams: Readonly<Record<string, (stream: IoStream) => IoStream>> = {
  'single-bytes': (stream) => faultyStream(stream, { splitReads: 1 }),
  'written-byte-by-byte': (stream) => faultyStream(stream, { splitWrites: 1 }),
  delayed: (stream) => faultyStream(stream, { delay: 25 }),
  'delayed-and-in-pieces': (stream) =>
    faultyStream(stream, { delay: 7, splitReads: 3, splitWrites: 5 }),
  coalesced: (stream) => new GatheringStream(stream, 4),
  'coalesced-and-late': (stream) => new GatheringStream(stream, 50),
}

for (const version of versions) {
  for (const requireCloseNotify of [true, false]) {
    const shape = { version, requireCloseNotify }
    const suffix = `${version}/${requireCloseNotify ? 'strict' : 'lenient'}`

    for (const [name, wrap] of Object.entries(streams)) {
      test.serial(`robustness/awkward-streams/${name}/${suffix}`, async (t) => {
        const { client, server } = connectionPair({ ...shape, wrapClient: wrap, wrapServer: wrap })
        const sent = bytes(3000)
        const [received, echoed] = await within(
          Promise.all([
            echo(server),
            readAll(client),
            client.write(sent).then(() => client.closeWrite()),
          ]),
          () => 'a conversation hangs',
        )
        t.deepEqual(Buffer.from(received), Buffer.from(sent))
        t.deepEqual(Buffer.from(echoed), Buffer.from(sent))
        await closeBoth(client, server)
        t.deepEqual(await unhandled.take(), [])
      })
    }

    for (const direction of directions) {
      const title = `robustness/awkward-streams/handshake-data-and-end-at-once/${direction}`
      test.serial(`${title}/${suffix}`, async (t) => {
        const late = (stream: IoStream) => new GatheringStream(stream, 30)
        const toClient = direction === 'to-client'
        const { client, server } = connectionPair({
          ...shape,
          ...(toClient ? { wrapServer: late } : { wrapClient: late }),
        })
        const [writer, reader] = toClient ? [server, client] : [client, server]
        const sent = bytes(20_000)
        const [received] = await within(
          Promise.all([readAll(reader), writer.write(sent).then(() => writer.close())]),
          () => 'it hangs',
        )
        t.deepEqual(Buffer.from(received), Buffer.from(sent))
        await closeBoth(reader)
        t.deepEqual(await unhandled.take(), [])
      })
    }

    test.serial(`robustness/awkward-streams/a-megabyte-in-one-chunk/${suffix}`, async (t) => {
      const { client, server } = connectionPair({
        ...shape,
        wrapServer: (stream) => new GatheringStream(stream, 1),
      })
      await Promise.all([client.handshake(), server.handshake()])
      const sent = bytes(1_048_576)
      const [received] = await within(
        Promise.all([readAll(client), server.write(sent).then(() => server.closeWrite())]),
        () => 'it hangs',
      )
      t.is(Buffer.compare(received, sent), 0)
      await closeBoth(client, server)
      t.deepEqual(await unhandled.take(), [])
    })
  }

  for (const direction of directions) {
    test.serial(`robustness/awkward-streams/data-cut/${version}/${direction}`, async (t) => {
      t.timeout(300_000)
      const whole = await cutData(version, direction, Infinity)
      t.is(whole.found, '40 bytes, then null')
      const { record, total } = whole
      const wrong: string[] = []
      for (let offset = 0; offset < total; offset++) {
        const { found } = await cutData(version, direction, offset)
        const length = Math.min(2, Math.floor(offset / record)) * 20
        if (found !== `${length} bytes, then TLS_EOF`) wrong.push(`at ${offset}: ${found}`)
      }
      t.deepEqual(wrong, [])
      t.deepEqual(await unhandled.take(), [])
      t.log(`${total} offsets`)
    })
  }
}

/** What is read of two records of 20 bytes and `close_notify` if `limit` bytes of all that arrive. */
async function cutData(
  version: TlsProtocolVersion,
  direction: (typeof directions)[number],
  limit: number,
): Promise<{ readonly found: string; readonly record: number; readonly total: number }> {
  const limited: LimitedStream[] = []
  const wrap = (stream: IoStream) => {
    const made = new LimitedStream(stream)
    limited.push(made)
    return made
  }
  const pair = connectionPair({ version, wrapClient: wrap, wrapServer: wrap })
  const { client, server } = pair
  await Promise.all([client.handshake(), server.handshake()])
  await turns(5)
  const toClient = direction === 'to-client'
  const [reader, writer] = toClient ? [client, server] : [server, client]
  const wire = toClient ? pair.clientWire : pair.serverWire
  const before = wire.received
  limited[toClient ? 0 : 1]?.limit(limit)
  await writer.write(bytes(20))
  await turns(3)
  const record = wire.received - before
  await writer.write(bytes(20))
  await writer.closeWrite()
  const received: Uint8Array[] = []
  const end = await within(
    outcome(readAll(reader, async (chunk) => void received.push(chunk))),
    () => `a read hangs, cut at ${limit}`,
  )
  const length = Buffer.concat(received).length
  const again = await summary(reader.read())
  const same = again === ('error' in end ? nameOf(end.error) : 'null')
  await closeBoth(client, server)
  const found = `${length} bytes, then ${same ? again : `not the same again: ${again}`}`
  return { found, record, total: wire.received - before }
}
