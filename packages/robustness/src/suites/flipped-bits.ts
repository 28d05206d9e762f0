import type { TlsConnection, TlsError, TlsProtocolVersion } from '@tlsio/core'
import test from 'ava'
import {
  connectionPair,
  type Direction,
  directions,
  type Pair,
  type PairOptions,
  versions,
} from './support/pair.js'
import { nameOf, outcome, turns, within } from './support/settle.js'
import { bytes, closeBoth } from './support/transfer.js'
import { Unhandled } from './support/unhandled.js'
import { stalled, type Transform } from './support/wire.js'

const unhandled = new Unhandled()
test.after.always(() => unhandled.stop())

/** What a handshake, and a word each way, may fail with if somebody changes them on the way. */
const allowed = new Set([
  'TLS_NOT_TLS',
  'TLS_MISC',
  'TLS_HANDSHAKE',
  'TLS_BAD_CERTIFICATE',
  'TLS_CERTIFICATE_REQUIRED',
  'TLS_INAPPROPRIATE_FALLBACK',
  'TLS_EOF',
  'IO_BROKEN_PIPE',
])

for (const version of versions) {
  for (const direction of directions) {
    test.serial(`robustness/flipped-bits/handshake/${version}/${direction}`, async (t) => {
      t.timeout(300_000)
      const wrong: string[] = []
      const counts = new Map<string, number>()
      for (let offset = 0; ; offset++) {
        const { reached, ends, same } = await flippedHandshake(version, direction, offset)
        if (!reached) break
        counts.set(ends.join(' / '), (counts.get(ends.join(' / ')) ?? 0) + 1)
        const fine = ends.every((end) => end === 'ok')
        if (fine ? !same : ends.some((end) => end !== 'ok' && !allowed.has(end))) {
          wrong.push(`at ${offset}: ${ends.join(' / ')}`)
        }
      }
      t.deepEqual(wrong, [])
      t.deepEqual(await unhandled.take(), [])
      for (const [ends, count] of counts) t.log(`${count} × ${ends}`)
    })

    test.serial(`robustness/flipped-bits/data/${version}/${direction}`, async (t) => {
      t.timeout(300_000)
      const wrong: string[] = []
      let offset = 0
      for (; ; offset++) {
        const { reached, found } = await flippedData(version, direction, offset)
        if (!reached) break
        if (!refused.test(found)) wrong.push(`at ${offset}: ${found}`)
      }
      t.true(offset > 50)
      t.deepEqual(wrong, [])
      t.deepEqual(await unhandled.take(), [])
      t.log(`${offset} offsets`)
    })
  }
}

/** Never any data; `TLS_EOF` where a length was changed and the rest does not come. */
const refused =
  /^reader: TLS_(MISC|EOF), writer: (TLS_(MISC|HANDSHAKE|EOF)( alert \d+)?|null|IO_BROKEN_PIPE)$/

async function flippedHandshake(
  version: TlsProtocolVersion,
  direction: Direction,
  offset: number,
): Promise<{
  readonly reached: boolean
  readonly ends: readonly string[]
  readonly same: boolean
}> {
  const flip = new Flip(offset)
  const pair = connectionPair({ version, ...onTheWay(direction, flip) })
  const { client, server } = pair
  const received: Uint8Array[] = []
  const both = Promise.all([speak(client, received), speak(server, received)])
  const ends = await ended(both, pair)
  await closeBoth(client, server)
  const same = received.every((chunk) => Buffer.compare(chunk, HELLO) === 0)
  return { reached: flip.done, ends, same }
}

/** A handshake, and a word each way. */
async function speak(connection: TlsConnection, received: Uint8Array[]): Promise<string> {
  const result = await outcome(
    connection.write(HELLO).then(async () => received.push((await connection.read()) ?? HELLO)),
  )
  if ('value' in result) return 'ok'
  await outcome(connection.close())
  return nameOf(result.error)
}

async function flippedData(
  version: TlsProtocolVersion,
  direction: Direction,
  offset: number,
): Promise<{ readonly reached: boolean; readonly found: string }> {
  const flip = new Flip(Infinity)
  const pair = connectionPair({ version, ...onTheWay(direction, flip) })
  const { client, server } = pair
  await Promise.all([client.handshake(), server.handshake()])
  await turns(5)
  const toClient = direction === 'to-client'
  const [reader, writer] = toClient ? [client, server] : [server, client]
  flip.offset = offset + (toClient ? pair.clientWire : pair.serverWire).received
  await writer.write(bytes(40))
  await turns(2)
  if (!flip.done) {
    await closeBoth(client, server)
    return { reached: false, found: '' }
  }
  const [read, answer] = await ended(Promise.all([endOf(reader), endOf(writer)]), pair)
  await closeBoth(client, server)
  return { reached: true, found: `reader: ${read}, writer: ${answer}` }
}

async function endOf(connection: TlsConnection): Promise<string> {
  const result = await outcome(connection.read())
  if ('value' in result) return result.value === null ? 'null' : `${result.value.length} bytes`
  const { alert } = result.error as TlsError
  return `${nameOf(result.error)}${alert === undefined ? '' : ` alert ${alert}`}`
}

/** Where both wait for bytes that will not come, the network gives up in the end. */
async function ended<T>(work: Promise<T>, { clientWire, serverWire }: Pair): Promise<T> {
  const done = work.then(() => true)
  const wires = [clientWire, serverWire]
  while (!(await Promise.race([done, stalled(wires)]))) {
    for (const wire of wires) await wire.closeWrite()
  }
  return within(work, () => 'an end hangs')
}

function onTheWay(direction: Direction, flip: Flip): Partial<PairOptions> {
  return direction === 'to-client' ? { toClient: flip.apply } : { toServer: flip.apply }
}

/** Changes one bit at one offset. */
class Flip {
  offset: number
  done = false

  constructor(offset: number) {
    this.offset = offset
  }

  readonly apply: Transform = (chunk, at) => {
    const place = this.offset - at
    if (place < 0 || place >= chunk.length) return chunk
    this.done = true
    const copy = Uint8Array.from(chunk)
    copy[place] = (copy[place] ?? 0) ^ (1 << (this.offset % 8))
    return copy
  }
}

const HELLO = Uint8Array.of(104, 105)
