import test from 'ava'
import { MessageReader } from '#src/message-reader.js'
import { someBytes } from './support.js'

function message(type: number, length: number): Uint8Array {
  return Uint8Array.of(type, length >> 16, (length >> 8) & 255, length & 255, ...someBytes(length))
}

test('message-reader/however-they-are-cut', (t) => {
  const expected = [message(1, 0), message(2, 3), message(11, 300)]
  const bytes = Buffer.concat(expected)
  for (const size of [1, 2, 3, 4, 5, 7, 100, bytes.length]) {
    const reader = new MessageReader()
    const found: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) {
      for (const one of reader.receive(Uint8Array.from(bytes.subarray(at, at + size)))) {
        found.push(Buffer.from(one))
      }
    }
    t.deepEqual(
      found,
      expected.map((one) => Buffer.from(one)),
    )
    t.false(reader.isPartial)
  }
})

test('message-reader/part-of-one', (t) => {
  const reader = new MessageReader()
  t.deepEqual([...reader.receive(message(1, 10).subarray(0, 7))], [])
  t.true(reader.isPartial)
})

test('message-reader/refuses-at-the-header-what-is-longer-than-any', (t) => {
  for (const header of [Uint8Array.of(11, 1, 0, 0), Uint8Array.of(11, 255, 255, 255)]) {
    t.throws(() => [...new MessageReader().receive(header)], { message: /handshake message of/ })
  }
})

test('message-reader/hello-request-is-empty', (t) => {
  t.deepEqual([...new MessageReader().receive(message(0, 0))].length, 1)
  t.throws(() => [...new MessageReader().receive(Uint8Array.of(0, 0, 0, 1))])
})

test('message-reader/a-byte-at-a-time', (t) => {
  const whole = message(11, 60_000)
  const reader = new MessageReader()
  const found: Uint8Array[] = []
  for (const byte of whole) found.push(...reader.receive(Uint8Array.of(byte)))
  t.is(found.length, 1)
  t.is(Buffer.compare(found[0] as Uint8Array, whole), 0)
})
