import { concat } from '@tlsio/core/wire'
import test from 'ava'
import { DatagramGate } from '#src/datagram-gate.js'
import { handshakeFragments, wholeRecords } from '#src/datagram-records.js'
import { part, record } from './datagrams.js'

const REQUEST = 13
/** Certificate types, signature algorithms, and two names. */
const request = Uint8Array.from([2, 1, 64, 0, 2, 4, 3, 0, 9, 0, 3, 48, 1, 2, 0, 2, 48, 0])
const names = [Uint8Array.of(48, 1, 2), Uint8Array.of(48, 0)]

test('datagram-records/what-is-cut-is-left-out', (t) => {
  const one = record(Uint8Array.of(1, 2, 3))
  const two = record(new Uint8Array(300), { type: 23, epoch: 1 })
  const datagram = concat(one, two)
  t.deepEqual(wholeRecords(datagram), { bytes: datagram, count: 2 })
  for (let length = one.length; length < datagram.length; length++) {
    t.deepEqual(wholeRecords(datagram.subarray(0, length)), { bytes: one, count: 1 })
  }
  for (let length = 0; length < one.length; length++) {
    t.is(wholeRecords(one.subarray(0, length)).count, 0)
  }
})

test('datagram-records/messages-in-the-clear', (t) => {
  const body = Uint8Array.of(9, 8, 7)
  const two = concat(part(2, body, 1), part(11, body, 2, 1))
  const datagram = concat(
    record(two),
    record(part(20, body), { epoch: 1 }),
    record(part(13, body), { type: 23 }),
    record(part(14, new Uint8Array(0), 5)),
  )
  t.deepEqual(
    handshakeFragments(datagram).map(({ type, length, sequence, offset, bytes }) => [
      ...[type, length, sequence, offset],
      [...bytes],
    ]),
    [
      [2, 3, 1, 0, [9, 8, 7]],
      [11, 3, 2, 1, [8, 7]],
      [14, 0, 5, 0, []],
    ],
  )
})

test('datagram-records/parts-that-are-cut', (t) => {
  const message = part(2, Uint8Array.of(1, 2, 3))
  for (let length = 0; length < message.length; length++) {
    t.deepEqual(handshakeFragments(record(message.subarray(0, length))), [])
  }
})

/** The gate before a client whose server has said hello, as message 1. */
function gateAfterHello(): DatagramGate {
  const gate = new DatagramGate()
  gate.look(record(part(2, new Uint8Array(70), 1)))
  return gate
}

test('datagram-gate/request-in-one-datagram', (t) => {
  const gate = gateAfterHello()
  t.true(gate.hasServerHello)
  t.deepEqual(gate.look(record(part(REQUEST, request))), names)
  t.true(gate.isOpen)
  // It may be sent again.
  t.is(gate.look(record(part(REQUEST, request))), undefined)
})

test('datagram-gate/request-in-parts-in-any-order-and-twice', (t) => {
  const gate = gateAfterHello()
  const [end, start, middle] = [
    part(REQUEST, request, 4, 12),
    part(REQUEST, request, 4, 0, 5),
    part(REQUEST, request, 4, 3, 14),
  ]
  for (const early of [end, start, end]) t.is(gate.look(record(early)), undefined)
  t.deepEqual(gate.look(record(middle)), names)
})

test('datagram-gate/request-before-the-hello', (t) => {
  const gate = new DatagramGate()
  t.is(gate.look(record(part(REQUEST, request))), undefined)
  t.deepEqual(gate.look(record(part(2, new Uint8Array(70), 1))), names)
})

test('datagram-gate/what-makes-no-sense-changes-nothing', (t) => {
  const gate = gateAfterHello()
  const strangers = [
    // Another message number, and those where no request stands.
    part(REQUEST, new Uint8Array(40), 5, 0, 10),
    part(REQUEST, request, 9000),
    part(REQUEST, request, 1),
    part(REQUEST, request, 6),
    // No request by its content.
    part(REQUEST, Uint8Array.of(255, 255), 3),
    // Longer than it says, and of megabytes.
    concat(Uint8Array.of(REQUEST, 0, 0, 4, 0, 4, 0, 0, 2, 0, 0, 4), new Uint8Array(4)),
    concat(Uint8Array.of(REQUEST, 255, 255, 255, 0, 4, 0, 0, 0, 0, 0, 1), new Uint8Array(1)),
  ]
  for (const stranger of strangers) t.is(gate.look(record(stranger)), undefined)
  t.is(gate.look(new Uint8Array(7)), undefined)
  t.deepEqual(gate.look(record(part(REQUEST, request))), names)
})
