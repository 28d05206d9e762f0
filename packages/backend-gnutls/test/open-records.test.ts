import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { OpenRecords } from '#src/open-records.js'

function record(type: number, length: number, fill: number = 22): Uint8Array {
  const body = new Uint8Array(length).fill(fill)
  return concat(Uint8Array.of(type, 3, 3, length >> 8, length & 255), body)
}

const good = [record(23, 300), record(23, 1), record(21, 19), record(24, 22), record(23, 16_640)]
const sizes = [1, 2, 3, 4, 5, 6, 7, 64, 1000, 16_384, 65_536]

/** In chunks of that size. */
function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

test('open-records/whatever-the-chunks', (t) => {
  for (const size of sizes) {
    const records = new OpenRecords()
    const found: Uint8Array[] = []
    for (const chunk of chunksOf(concat(...good), size)) {
      records.add(chunk)
      for (let one = records.next(); one !== undefined; one = records.next()) {
        found.push(one.slice())
        t.true((records.room?.length ?? 0) >= one.length, `room in chunks of ${size}`)
        records.use(Math.max(one.length - 22, 0))
      }
    }
    t.deepEqual(found, good, `chunks of ${size}`)
    t.is(records.size, 0)
  }
})

test('open-records/plaintext-covers-nothing-that-is-still-to-come', (t) => {
  const all = concat(...good, ...good)
  for (const size of sizes) {
    const records = new OpenRecords()
    const kept: Uint8Array[] = []
    let wrong = 0
    let index = 0
    for (const chunk of chunksOf(all, size)) {
      records.add(chunk)
      for (let one = records.next(); one !== undefined; one = records.next()) {
        if (Buffer.compare(one, good[index % good.length] as Uint8Array) !== 0) wrong++
        const room = (records.room as Uint8Array).subarray(0, Math.max(one.length - 22, 0))
        room.fill(++index)
        records.use(room.length)
        kept.push(room)
      }
    }
    t.is(wrong, 0, `records in chunks of ${size}`)
    t.true(
      kept.every((bytes, at) => bytes.every((byte) => byte === at + 1)),
      `plaintext in chunks of ${size}`,
    )
  }
})

test('open-records/memory-of-others-is-no-room', (t) => {
  const [first = new Uint8Array(0)] = good
  const records = new OpenRecords()
  records.add(concat(first, Uint8Array.of(1)).subarray(0, first.length))
  t.deepEqual(records.next(), first)
  t.is(records.room, undefined)
  // But what comes in two parts lies in memory of its own.
  const pool = Buffer.from(concat(first, first))
  records.add(pool.subarray(0, 10))
  t.is(records.next(), undefined)
  records.add(pool.subarray(10, first.length))
  t.deepEqual(records.next(), first)
  t.is(records.room?.length, first.length)
})

test('open-records/a-buffer-is-an-array-like-any-other', (t) => {
  const records = new OpenRecords()
  records.add(Buffer.from(concat(...good)))
  const one = records.next()
  t.is(one?.constructor, Uint8Array)
})

const refused = {
  'a-handshake-message-in-the-clear': record(22, 40),
  'a-type-that-is-none': record(25, 40),
  'another-version': concat(Uint8Array.of(23, 3, 1, 0, 40), new Uint8Array(40)),
  'no-tls-at-all': new TextEncoder().encode('HTTP/1.1 400 Bad Request'),
  'a-record-that-is-too-large': concat(Uint8Array.of(23, 3, 3, 65, 1), new Uint8Array(40)),
  'an-empty-record': concat(Uint8Array.of(23, 3, 3, 0, 0), new Uint8Array(40)),
}

for (const [name, bad] of Object.entries(refused)) {
  test(`open-records/passes-on/${name}`, (t) => {
    const front = concat(record(23, 300), record(21, 19))
    const all = concat(front, bad, record(23, 30))
    for (const size of sizes) {
      const records = new OpenRecords()
      const found: Uint8Array[] = []
      let seen = 0
      let late = 0
      for (const chunk of chunksOf(all, size)) {
        records.add(chunk)
        for (let one = records.next(); one !== undefined; one = records.next()) {
          found.push(one.slice())
        }
        seen += chunk.length
        // Not a byte is held back once the header is there.
        if (seen >= front.length + 5 && records.size > 0) late++
      }
      t.deepEqual(concat(...found), all, `chunks of ${size}`)
      t.is(late, 0, `chunks of ${size}`)
    }
  })
}
