import test from 'ava'
import { concat, RecordReader } from '#src/wire/record-reader.js'

const alert = Uint8Array.of(21, 3, 3, 0, 2, 1, 0)
const data = Uint8Array.of(23, 3, 3, 0, 3, 7, 8, 9)

test('record-reader/records-in-one-chunk', (t) => {
  const records = new RecordReader().push(concat(alert, data))
  t.deepEqual(
    records.map(({ type, legacyVersion, fragment }) => [type, legacyVersion, [...fragment]]),
    [
      [21, 0x0303, [1, 0]],
      [23, 0x0303, [7, 8, 9]],
    ],
  )
})

test('record-reader/byte-by-byte', (t) => {
  const reader = new RecordReader()
  const records = [...concat(alert, data)].flatMap((byte) => reader.push(Uint8Array.of(byte)))
  t.deepEqual(
    records.map(({ type }) => type),
    [21, 23],
  )
  t.is(reader.pending, 0)
})

test('record-reader/cut-anywhere', (t) => {
  const bytes = concat(alert, data, alert, data)
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const reader = new RecordReader()
      const chunks = [
        bytes.subarray(0, first),
        bytes.subarray(first, second),
        bytes.subarray(second),
      ]
      const records = chunks.flatMap((chunk) => reader.push(chunk))
      t.deepEqual(
        records.map(({ type, fragment }) => [type, ...fragment]),
        [
          [21, 1, 0],
          [23, 7, 8, 9],
          [21, 1, 0],
          [23, 7, 8, 9],
        ],
        `${first} ${second}`,
      )
      t.is(reader.pending, 0)
    }
  }
})

test('record-reader/what-is-whole-is-not-copied', (t) => {
  const reader = new RecordReader()
  const chunk = concat(alert, data, alert.subarray(0, 6))
  const records = reader.push(chunk)
  t.deepEqual(
    records.map(({ fragment }) => fragment.buffer === chunk.buffer),
    [true, true],
  )
  t.is(reader.pending, 6)
  chunk.fill(0)
  t.deepEqual(reader.push(alert.subarray(6)), [
    { type: 21, legacyVersion: 0x0303, fragment: alert.subarray(5) },
  ])
})

test('record-reader/unfinished-record-is-held', (t) => {
  const reader = new RecordReader()
  t.is(reader.push(data.subarray(0, 6)).length, 0)
  t.is(reader.pending, 6)
  t.is(reader.problem, undefined)
})

test('record-reader/empty-chunk', (t) => {
  t.deepEqual(new RecordReader().push(new Uint8Array(0)), [])
})

for (const [name, bytes, problem] of [
  ['text', [...new TextEncoder().encode('220 ready\r\n')], 'record type 50'],
  ['version-2', [22, 2, 0, 0, 1, 0], 'record version 2.x'],
  ['oversized', [23, 3, 3, 0xff, 0xff], 'record of 65535 bytes'],
] as const) {
  test(`record-reader/garbage/${name}`, (t) => {
    const reader = new RecordReader()
    t.is(reader.push(concat(alert, Uint8Array.from(bytes))).length, 1, 'what came before stands')
    t.is(reader.problem, problem)
    t.deepEqual(reader.push(alert), [], 'the rest is ignored')
    t.is(reader.pending, 0)
  })
}
