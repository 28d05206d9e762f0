import type { TlsBackend, TlsConnection, TlsError, TlsProtocolVersion } from '@tlsio/core'
import test from 'ava'
import { allowed, converse, ended } from '../conversation.js'
import { connectionPair, type Direction, directions, type PairOptions } from '../pair.js'
import { recordsIn } from '../records.js'
import { nameOf, outcome, turns } from '../settle.js'
import type { Subject } from '../subject.js'
import { bytes, closeBoth } from '../transfer.js'
import { Unhandled } from '../unhandled.js'
import type { Transform } from '../wire.js'

/**
 * A bit changed at any byte, of a handshake or of data, is never taken for what was sent. A subject that
 * differs from another one in little need be shown every so many bytes of the handshake only.
 */
export function flippedBits(subject: Subject, every: number = 1): void {
  const about = `robustness/${subject.name}/flipped-bits`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const direction of directions) {
      test.serial(`${about}/handshake/${version}/${direction}`, async (t) => {
        t.timeout(300_000)
        const wrong: string[] = []
        const counts = new Map<string, number>()
        let offset = 0
        for (; ; offset += every) {
          const { reached, inVersion, ends, same } = await flippedHandshake(
            backend,
            version,
            direction,
            offset,
          )
          if (!reached) break
          counts.set(ends.join(' / '), (counts.get(ends.join(' / ')) ?? 0) + 1)
          const unnoticed = ends.every((end) => end === 'ok')
          // The version of a record in the clear is looked at by nobody (RFC 5246 Appendix E.1).
          const fine = unnoticed ? inVersion : ends.every((end) => end === 'ok' || allowed.has(end))
          if (!fine || !same) wrong.push(`at ${offset}: ${ends.join(' / ')}, same: ${same}`)
        }
        t.true(offset > 100, `${offset} offsets`)
        t.deepEqual(wrong, [])
        t.deepEqual(await unhandled.take(), [])
        for (const [ends, count] of counts) t.log(`${count} × ${ends}`)
      })

      test.serial(`${about}/data/${version}/${direction}`, async (t) => {
        t.timeout(300_000)
        const wrong: string[] = []
        let offset = 0
        for (; ; offset++) {
          const { reached, found } = await flippedData(backend, version, direction, offset)
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
}

/** Never any data; `TLS_EOF` where a length was changed and the rest does not come. */
const refused =
  /^reader: TLS_(MISC|EOF), writer: (TLS_(MISC|HANDSHAKE|EOF)( alert \d+)?|null|IO_BROKEN_PIPE)$/

async function flippedHandshake(
  backend: TlsBackend,
  version: TlsProtocolVersion,
  direction: Direction,
  offset: number,
): Promise<{
  readonly reached: boolean
  readonly inVersion: boolean
  readonly ends: readonly string[]
  readonly same: boolean
}> {
  const flip = new Flip(offset)
  const pair = connectionPair({ backend, version, ...onTheWay(direction, flip) })
  const { client, server } = pair
  const conversation = await converse(pair, HELLO)
  // What comes after the last word, such as close_notify, is nobody's concern any more.
  const { done: reached, inVersion } = flip
  await closeBoth(client, server)
  return { reached, inVersion, ...conversation }
}

async function flippedData(
  backend: TlsBackend,
  version: TlsProtocolVersion,
  direction: Direction,
  offset: number,
): Promise<{ readonly reached: boolean; readonly found: string }> {
  const flip = new Flip(Infinity)
  const pair = connectionPair({ backend, version, ...onTheWay(direction, flip) })
  const { client, server } = pair
  await Promise.all([client.handshake(), server.handshake()])
  await turns(5)
  const toClient = direction === 'to-client'
  const [reader, writer] = toClient ? [client, server] : [server, client]
  flip.offset = offset + (toClient ? pair.clientWire : pair.serverWire).received
  await writer.write(bytes(SENT))
  await turns(2)
  if (!flip.done) {
    await closeBoth(client, server)
    return { reached: false, found: '' }
  }
  const [read, answer] = await ended(Promise.all([endOf(reader), endOf(writer)]), pair)
  await closeBoth(client, server)
  return { reached: true, found: `reader: ${read}, writer: ${answer}` }
}

/** How reading ends. What comes before a damaged record is let pass, but never all of it. */
async function endOf(connection: TlsConnection): Promise<string> {
  let count = 0
  for (;;) {
    const result = await outcome(connection.read())
    if ('error' in result) {
      const { alert } = result.error as TlsError
      return `${nameOf(result.error)}${alert === undefined ? '' : ` alert ${alert}`}`
    }
    if (result.value === null) return 'null'
    count += result.value.length
    if (count >= SENT) return `${count} bytes`
  }
}

function onTheWay(direction: Direction, flip: Flip): Partial<PairOptions> {
  return direction === 'to-client' ? { toClient: flip.apply } : { toServer: flip.apply }
}

/** Changes one bit at one offset. */
class Flip {
  offset: number
  done = false
  /** Whether it is in the version of a record. */
  inVersion = false

  constructor(offset: number) {
    this.offset = offset
  }

  readonly apply: Transform = (chunk, at) => {
    const place = this.offset - at
    if (place < 0 || place >= chunk.length) return chunk
    this.done = true
    let start = 0
    for (const record of recordsIn(chunk)) {
      if (place === start + 1 || place === start + 2) this.inVersion = true
      start += record.length
    }
    const copy = Uint8Array.from(chunk)
    copy[place] = (copy[place] ?? 0) ^ (1 << (this.offset % 8))
    return copy
  }
}

/** Bytes that are sent to be damaged. */
const SENT = 40

const HELLO = Uint8Array.of(104, 105)
