import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { allowed, converse } from '../conversation.js'
import { connectionPair, directions } from '../pair.js'
import { recordsIn } from '../records.js'
import type { Subject } from '../subject.js'
import { bytes, closeBoth } from '../transfer.js'
import { Unhandled } from '../unhandled.js'
import type { Transform } from '../wire.js'

/** What somebody on the way does to one record; with the next one if it takes two. */
const tricks: Readonly<Record<string, (record: Uint8Array, next: Uint8Array) => Uint8Array[]>> = {
  swapped: (record, next) => [next, record],
  repeated: (record, next) => [record, record, next],
  dropped: (_record, next) => [next],
}

/** Records in another order, twice or not at all, of a handshake or of data, are never taken for what was sent. */
export function misplacedRecords(subject: Subject): void {
  const about = `robustness/${subject.name}/misplaced-records`
  const backend = subject.createBackend()
  const unhandled = new Unhandled()
  test.after.always(() => unhandled.stop())
  for (const version of subject.versions) {
    for (const direction of directions) {
      for (const [name, trick] of Object.entries(tricks)) {
        test.serial(`${about}/${name}/${version}/${direction}`, async (t) => {
          t.timeout(300_000)
          const wrong: string[] = []
          let index = 0
          for (; ; index++) {
            const misplace = new Misplace(index, trick)
            const { apply } = misplace
            const pair = connectionPair({
              ...{ backend, version },
              ...(direction === 'to-client' ? { toClient: apply } : { toServer: apply }),
            })
            const { ends, same } = await converse(pair, WORD)
            await closeBoth(pair.client, pair.server)
            if (!misplace.done) break
            const fine = ends.every((end) => end === 'ok' || allowed.has(end))
            if (!fine || !same) wrong.push(`record ${index}: ${ends.join(' / ')}, same: ${same}`)
          }
          t.true(index >= 2, `${index} places`)
          t.deepEqual(wrong, [])
          t.deepEqual(await unhandled.take(), [])
          t.log(`${index} places`)
        })
      }
    }
  }
}

/** Plays a trick at the place with a number: a record that another follows in the same chunk. */
class Misplace {
  done = false
  readonly #index: number
  readonly #trick: (record: Uint8Array, next: Uint8Array) => Uint8Array[]
  #places = 0

  constructor(index: number, trick: (record: Uint8Array, next: Uint8Array) => Uint8Array[]) {
    this.#index = index
    this.#trick = trick
  }

  readonly apply: Transform = (chunk) => {
    const records = recordsIn(chunk)
    const place = this.#index - this.#places
    this.#places += Math.max(records.length - 1, 0)
    const [record, next] = [records[place], records[place + 1]]
    if (this.done || record === undefined || next === undefined) return chunk
    this.done = true
    records.splice(place, 2, ...this.#trick(record, next))
    return concat(...records)
  }
}

/** Three records, or four. */
const WORD = bytes(40_000)
