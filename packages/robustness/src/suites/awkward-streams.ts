import { faultyStream } from '@tlsio/conformance'
import type { IoStream, TlsBackend, TlsProtocolVersion } from '@tlsio/core'
import test from 'ava'
import { GatheringStream } from '../gathering.js'
import { LimitedStream } from '../limited.js'
import { connectionPair, directions } from '../pair.js'
import { nameOf, outcome, summary, turns, within } from '../settle.js'
import type { Subject } from '../subject.js'
import { bytes, closeBoth, echo, readAll } from '../transfer.js'
import { Unhandled } from '../unhandled.js'

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

/** Streams that are right, but split, joined, late or cut between records. */
export function awkwardStreams(subject: Subject): void {
  const about = `robustness/${subject.name}/awkward-streams`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const requireCloseNotify of [true, false]) {
      const shape = { backend, version, requireCloseNotify }
      const suffix = `${version}/${requireCloseNotify ? 'strict' : 'lenient'}`

      for (const [name, wrap] of Object.entries(streams)) {
        test.serial(`${about}/${name}/${suffix}`, async (t) => {
          const { client, server } = connectionPair({
            ...shape,
            wrapClient: wrap,
            wrapServer: wrap,
          })
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
        const title = `${about}/handshake-data-and-end-at-once/${direction}`
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

      test.serial(`${about}/a-megabyte-in-one-chunk/${suffix}`, async (t) => {
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
      test.serial(`${about}/data-cut/${version}/${direction}`, async (t) => {
        t.timeout(300_000)
        const whole = await cutData(backend, version, direction, Infinity)
        t.is(whole.found, '40 bytes, then null')
        const { record, total } = whole
        const wrong: string[] = []
        for (let offset = 0; offset < total; offset++) {
          const { found, length } = await cutData(backend, version, direction, offset)
          // A write may go out in parts, so that one of them comes through; never more than came.
          const least = Math.min(2, Math.floor(offset / record)) * 20
          const fits = length >= least && length < least + 20
          if (!fits || !found.endsWith(', then TLS_EOF')) wrong.push(`at ${offset}: ${found}`)
        }
        t.deepEqual(wrong, [])
        t.deepEqual(await unhandled.take(), [])
        t.log(`${total} offsets`)
      })
    }
  }
}

/** What is read of two records of 20 bytes and `close_notify` if `limit` bytes of all that arrive. */
async function cutData(
  backend: TlsBackend,
  version: TlsProtocolVersion,
  direction: (typeof directions)[number],
  limit: number,
): Promise<{
  readonly found: string
  readonly length: number
  readonly record: number
  readonly total: number
}> {
  const limited: LimitedStream[] = []
  const wrap = (stream: IoStream) => {
    const made = new LimitedStream(stream)
    limited.push(made)
    return made
  }
  const pair = connectionPair({ backend, version, wrapClient: wrap, wrapServer: wrap })
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
  return { found, length, record, total: wire.received - before }
}
