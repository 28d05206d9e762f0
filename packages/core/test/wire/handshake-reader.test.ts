import test from 'ava'
import { HandshakeReader, maxMessageLength } from '#src/wire/handshake-reader.js'

const record = (type: number, ...fragment: number[]) => ({
  type,
  legacyVersion: 0x0303,
  fragment: Uint8Array.from(fragment),
})

test('handshake-reader/two-messages-in-one-record', (t) => {
  const messages = new HandshakeReader().push(record(22, 2, 0, 0, 1, 9, 14, 0, 0, 0))
  t.deepEqual(
    messages.map(({ type, body }) => [type, [...body]]),
    [
      [2, [9]],
      [14, []],
    ],
  )
})

test('handshake-reader/message-over-many-records', (t) => {
  const reader = new HandshakeReader()
  const messages = [1, 0, 0, 2, 5, 6].flatMap((byte) => reader.push(record(22, byte)))
  t.deepEqual(
    messages.map(({ type, body }) => [type, [...body]]),
    [[1, [5, 6]]],
  )
})

test('handshake-reader/second-hello-after-change-cipher-spec', (t) => {
  const reader = new HandshakeReader()
  reader.push(record(20, 1))
  t.is(reader.push(record(22, 1, 0, 0, 1, 5)).length, 1)
})

test('handshake-reader/ciphertext-is-not-read', (t) => {
  const reader = new HandshakeReader()
  reader.push(record(20, 1))
  t.deepEqual(reader.push(record(22, 0, 0, 0, 0, 0, 0, 0, 1)), [])
  t.deepEqual(reader.push(record(22, 1, 0, 0, 1, 5)), [], 'nor what follows it')
})

test('handshake-reader/bounded', (t) => {
  const reader = new HandshakeReader()
  const length = maxMessageLength + 1
  t.deepEqual(reader.push(record(22, 1, length >> 16, (length >> 8) & 255, length & 255)), [])
  t.deepEqual(reader.push(record(22, 1, 0, 0, 1, 5)), [])
})
