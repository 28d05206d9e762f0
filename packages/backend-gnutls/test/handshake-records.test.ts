import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { HandshakeRecords } from '#src/handshake-records.js'

const records = [
  Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0),
  Uint8Array.of(20, 3, 3, 0, 1, 1),
  Uint8Array.of(23, 3, 3, 0, 0),
]
const all = concat(...records)

test('handshake-records/cut-anywhere', (t) => {
  for (let at = 0; at <= all.length; at++) {
    const reader = new HandshakeRecords()
    t.deepEqual([...reader.push(all.slice(0, at)), ...reader.push(all.slice(at))], records)
  }
})

test('handshake-records/what-is-left', (t) => {
  const reader = new HandshakeRecords()
  reader.push(all.subarray(0, all.length - 1))
  t.deepEqual(reader.takeRest(), Uint8Array.of(23, 3, 3, 0))
  t.is(reader.takeRest().length, 0)
})

const wrong: Readonly<Record<string, readonly number[]>> = {
  'ssl-2-hello': [0x80, 0x2e],
  'major-version': [22, 2],
  'too-long': [22, 3, 3, 0x48, 1],
  'message-of-megabytes': [22, 3, 1, 0, 4, 1, 255, 255, 255],
  'change-cipher-spec-of-two': [20, 3, 3, 0, 1, 2],
  'change-cipher-spec-that-is-long': [20, 3, 3, 0, 2, 1, 1],
}

for (const [name, bytes] of Object.entries(wrong)) {
  test(`handshake-records/no-tls/${name}`, (t) => {
    const reader = new HandshakeRecords()
    const given = bytes.flatMap((byte) => reader.push(Uint8Array.of(byte)))
    t.deepEqual(given, [])
    t.is(typeof reader.problem, 'string')
  })
}
