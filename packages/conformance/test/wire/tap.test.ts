import { once } from 'node:events'
import { connect, createSecureContext, TLSSocket } from 'node:tls'
import { memoryStreamPair } from '@tlsio/core'
import { toDuplex } from '@tlsio/core/node'
import test from 'ava'
import { forA, testCa } from '#src/fixtures/fixtures.js'
import { tapStream } from '#src/wire/tap.js'

test('tap/what-a-handshake-shows', async (t) => {
  const [near, far] = memoryStreamPair()
  const [client, server] = [tapStream(near), tapStream(far)]
  const serverSocket = new TLSSocket(toDuplex(server), {
    isServer: true,
    secureContext: createSecureContext({ cert: forA.certificate, key: forA.privateKey }),
  })
  const clientSocket = connect({ socket: toDuplex(client), ca: testCa, servername: 'a.test' })
  await once(clientSocket, 'secureConnect')
  clientSocket.end('!')
  serverSocket.resume()
  await once(serverSocket, 'end')
  t.true(client.sent.bytes > 0)
  t.is(server.received.bytes, client.sent.bytes)
  t.is(client.sent.clientHellos[0]?.serverName, 'a.test')
  t.is(server.received.clientHellos.length, 1)
  t.is(client.received.serverHellos[0]?.version, 0x0304)
  t.deepEqual(client.received.handshakeTypes, [2])
  t.deepEqual([...client.sent.records.keys()].sort(), [20, 22, 23])
  t.true(client.sent.endsWithAlert, 'close_notify, encrypted')
  t.is(client.sent.problem, undefined)
  clientSocket.destroy()
  serverSocket.destroy()
})

test('tap/alert-in-the-clear', async (t) => {
  const [near] = memoryStreamPair()
  const tap = tapStream(near)
  await tap.write(Uint8Array.of(21, 3, 3, 0, 2, 1, 0))
  t.true(tap.sent.endsWithAlert)
  await tap.write(Uint8Array.of(23, 3, 3, 0, 1, 9))
  t.false(tap.sent.endsWithAlert)
  t.deepEqual(tap.sent.lastRecord, { type: 23, length: 1 })
})

test('tap/handshake-messages-in-the-clear', async (t) => {
  const [near] = memoryStreamPair()
  const tap = tapStream(near)
  await tap.write(Uint8Array.of(22, 3, 3, 0, 8, 13, 0, 0, 0, 14, 0, 0, 0))
  t.deepEqual(tap.sent.handshakeTypes, [13, 14])
})

test('tap/no-tls', async (t) => {
  const [near] = memoryStreamPair()
  const tap = tapStream(near)
  await tap.write(new TextEncoder().encode('EHLO a.test\r\n'))
  t.is(tap.sent.problem, 'record type 69')
  t.is(tap.received.problem, undefined)
})

test('tap/closing-is-noticed-and-passed-on', async (t) => {
  const [near, far] = memoryStreamPair()
  const tap = tapStream(near)
  await tap.closeWrite()
  t.true(tap.writeClosed)
  t.false(tap.closed)
  t.is(await far.read(), null)
  await tap.close()
  t.true(tap.closed)
  await t.throwsAsync(tap.read(), { code: 'IO_CLOSED' })
})

test('tap/abort-is-noticed-and-passed-on', async (t) => {
  const [near, far] = memoryStreamPair()
  const tap = tapStream(near)
  tap.abort(new Error('test'))
  t.true(tap.closed)
  await t.throwsAsync(far.read(), { code: 'IO_BROKEN_PIPE' })
})

test('tap/waits-for-bytes', async (t) => {
  const [near] = memoryStreamPair()
  const tap = tapStream(near)
  const reached = tap.sent.reached(3)
  await tap.write(Uint8Array.of(1, 2))
  await tap.write(Uint8Array.of(3))
  await t.notThrowsAsync(reached)
  await t.notThrowsAsync(tap.sent.reached(2))
})
