import { once } from 'node:events'
import { connect, createSecureContext, TLSSocket } from 'node:tls'
import { memoryStreamPair } from '@tlsio/core'
import { toDuplex } from '@tlsio/core/node'
import test from 'ava'
import { forA, testCa } from '#src/fixtures/fixtures.js'
import { observedTap } from '#src/wire/tap.js'
import { TraceRecorder } from '#src/wire/trace-recorder.js'

/** Two tapped ends, and a clock that goes on by one at each look. */
function tappedPair() {
  let time = 0
  const recorder = new TraceRecorder(1, () => time++)
  const [near, far] = memoryStreamPair()
  const client = observedTap(near, recorder.observer('client'))
  const server = observedTap(far, recorder.observer('server'))
  return { client, server, trace: () => recorder.trace(client, server) }
}

const record = (type: number, ...fragment: number[]) =>
  Uint8Array.of(type, 3, 3, 0, fragment.length, ...fragment)

test('trace/of-a-handshake', async (t) => {
  const { client, server, trace } = tappedPair()
  const serverSocket = new TLSSocket(toDuplex(server), {
    isServer: true,
    secureContext: createSecureContext({ cert: forA.certificate, key: forA.privateKey }),
  })
  const clientSocket = connect({
    socket: toDuplex(client),
    ca: testCa,
    servername: 'a.test',
    ALPNProtocols: ['x-one'],
    maxVersion: 'TLSv1.2',
  })
  await once(clientSocket, 'secureConnect')
  clientSocket.end('a secret of the application')
  serverSocket.resume()
  await once(serverSocket, 'end')
  const { records, omitted, problems } = trace()
  t.deepEqual(
    records.slice(0, 5).map(({ from, messages }) => [from, ...messages]),
    [
      ['client', 1],
      ['server', 2],
      ['server', 11],
      ['server', 12],
      ['server', 14],
    ],
  )
  const [first, second] = records
  t.is(first?.clientHello?.serverName, 'a.test')
  t.deepEqual(first?.clientHello?.protocols, ['x-one'])
  t.deepEqual(first?.clientHello?.versions, [0x0303])
  t.true(first?.clientHello?.groups.includes(0x001d), 'x25519')
  t.is(first?.clientHello?.sessionTicket, 0, 'asks for one')
  t.is(second?.serverHello?.version, 0x0303)
  t.deepEqual(
    records.filter(({ sentAt, receivedAt }) => receivedAt !== null && receivedAt <= sentAt),
    [],
  )
  t.is(omitted, 0)
  t.deepEqual(problems, [])
  // Lengths only: neither data nor tickets, however written.
  const text = JSON.stringify(trace())
  const ticket = clientSocket.getTLSTicket() ?? Buffer.alloc(0)
  t.true(ticket.length > 0)
  t.false(text.includes(ticket.toString('hex').slice(0, 16)))
  t.false(text.includes([...ticket.subarray(0, 6)].join(',')))
  t.false(text.includes('secret'))
  clientSocket.destroy()
  serverSocket.destroy()
})

test('trace/alert-in-the-clear-and-encrypted', async (t) => {
  const { client, trace } = tappedPair()
  await client.write(record(21, 2, 48))
  await client.write(record(21, 1, 2, 3, 4, 5, 6))
  t.deepEqual(
    trace().records.map(({ alert, length }) => [alert, length]),
    [
      [48, 2],
      [null, 6],
    ],
  )
})

test('trace/what-nobody-reads', async (t) => {
  const { client, server, trace } = tappedPair()
  await client.write(record(23, 1))
  await client.write(record(23, 2))
  await server.read()
  const [first, second] = trace().records
  t.not(first?.receivedAt, null)
  t.is(second?.receivedAt, null)
})

test('trace/what-is-no-tls', async (t) => {
  const { server, trace } = tappedPair()
  await server.write(new TextEncoder().encode('220 ready\r\n'))
  t.deepEqual(trace().problems, [{ from: 'server', what: 'record type 50' }])
})

test('trace/how-the-ends-stop', async (t) => {
  const { client, server, trace } = tappedPair()
  await client.closeWrite()
  await client.close()
  await client.close()
  server.abort(new Error('for this test'))
  t.deepEqual(
    trace().ends.map(({ from, how }) => `${from} ${how}`),
    ['client close-write', 'client close', 'server abort'],
  )
})

test('trace/keeps-the-first-and-the-last-of-many', async (t) => {
  const { client, server, trace } = tappedPair()
  for (let index = 0; index < 500; index++) {
    await client.write(record(23, 0))
    await server.read()
  }
  const { records, omitted } = trace()
  t.true(records.length < 80, 'it is bounded')
  t.is(records.length + omitted, 500)
  t.is(records[0]?.index, 0)
  t.is(records.at(-1)?.index, 499)
  t.true(records.every(({ receivedAt }) => receivedAt !== null))
})
