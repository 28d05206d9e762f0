import { parseDatagramHello } from '@tlsio/core/wire'
import test from 'ava'
import fc from 'fast-check'
import { clientHello } from '../support/dtls-hello.js'
import { play } from '../support/play.js'

test('datagram-hello/name', (t) => {
  t.is(parseDatagramHello(clientHello('a.test'))?.hello?.serverName, 'a.test')
})

test('datagram-hello/name-behind-a-cookie', (t) => {
  const datagram = clientHello('a.test', new Uint8Array(20))
  t.is(parseDatagramHello(datagram)?.hello?.serverName, 'a.test')
})

test('datagram-hello/fragment-has-no-name', (t) => {
  for (const fragment of [{ from: 0, to: 20 }, { from: 20 }]) {
    const parsed = parseDatagramHello(clientHello('a.test', undefined, fragment))
    t.deepEqual(parsed, { hello: undefined })
  }
})

test('datagram-hello/something-else', (t) => {
  const change = (at: number, value: number) => changed(clientHello('a.test'), at, value)
  const others = {
    'application data': change(0, 23),
    TLS: change(1, 3),
    'second epoch': change(4, 1),
    ServerHello: change(13, 2),
    'cut short': clientHello('a.test').subarray(0, 30),
    nothing: new Uint8Array(0),
  }
  for (const [what, datagram] of Object.entries(others)) {
    t.is(parseDatagramHello(datagram), undefined, what)
  }
})

test('datagram-hello/hello-that-cannot-be-read', (t) => {
  const datagram = clientHello('a.test')
  datagram[25 + 2 + 32] = 255 // length of the session ID
  t.deepEqual(parseDatagramHello(datagram), { hello: undefined })
})

test('datagram-hello/never-throws', async (t) => {
  const whole = clientHello('a.test')
  const damaged = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 })
    .map((changes) => changes.reduce((bytes, [at, value]) => changed(bytes, at, value), whole))
  const property = fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
    parseDatagramHello(bytes)
  })
  await play(t, property, 2000)
})

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = value
  return copy
}
