import { memoryDatagramPair } from '@tlsio/core'
import test from 'ava'
import { bytes, text } from '../support/scripted-engine.js'

test('memory-datagrams/borders-are-kept', async (t) => {
  const [a, b] = memoryDatagramPair()
  await a.send(bytes('one'))
  await a.send(bytes('two'))
  await a.send(new Uint8Array(0))
  t.is(text(await b.receive()), 'one')
  t.is(text(await b.receive()), 'two')
  t.is((await b.receive()).length, 0)
})

test('memory-datagrams/what-is-sent-is-a-copy', async (t) => {
  const [a, b] = memoryDatagramPair()
  const datagram = bytes('one')
  await a.send(datagram)
  datagram[0] = 0
  t.is(text(await b.receive()), 'one')
})

test('memory-datagrams/one-receiver-at-a-time', async (t) => {
  const [a, b] = memoryDatagramPair()
  const first = b.receive()
  await t.throwsAsync(b.receive(), { code: 'IO_PENDING' } as object)
  await a.send(bytes('one'))
  t.is(text(await first), 'one')
})

test('memory-datagrams/receive-that-was-given-up-takes-nothing', async (t) => {
  const [a, b] = memoryDatagramPair()
  const controller = new AbortController()
  const given = b.receive({ signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.throwsAsync(given, { message: 'enough' })
  await a.send(bytes('one'))
  t.is(text(await b.receive()), 'one')
  await t.throwsAsync(b.receive({ signal: controller.signal }), { message: 'enough' })
})

test('memory-datagrams/nothing-waits-without-limit', async (t) => {
  const [a, b] = memoryDatagramPair()
  for (let number = 0; number < 2000; number++) await a.send(bytes(`${number}`))
  const received: string[] = []
  const end = b.receive().then(function more(datagram): Promise<void> {
    received.push(text(datagram))
    return b.receive().then(more)
  })
  await turn()
  await b.close()
  await t.throwsAsync(end, { code: 'IO_CLOSED' } as object)
  t.is(received.length, 1024)
  t.is(received.at(-1), '1023')
})

test('memory-datagrams/bytes-have-a-limit-too', async (t) => {
  const [a, b] = memoryDatagramPair()
  for (let number = 0; number < 10; number++) await a.send(new Uint8Array(20_000))
  for (let number = 0; number < 4; number++) t.is((await b.receive()).length, 20_000)
  const next = b.receive()
  await a.send(bytes('after'))
  t.is(text(await next), 'after')
})

test('memory-datagrams/too-large', async (t) => {
  const [a] = memoryDatagramPair()
  await a.send(new Uint8Array(65_507))
  await t.throwsAsync(a.send(new Uint8Array(65_508)), { code: 'IO_MESSAGE_TOO_LARGE' } as object)
})

test('memory-datagrams/close', async (t) => {
  const [a, b] = memoryDatagramPair()
  const pending = a.receive()
  await a.close()
  await a.close()
  await t.throwsAsync(pending, { code: 'IO_CLOSED' } as object)
  await t.throwsAsync(a.receive(), { code: 'IO_CLOSED' } as object)
  await t.throwsAsync(a.send(bytes('one')), { code: 'IO_CLOSED' } as object)
  await b.send(bytes('lost'))
})

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
