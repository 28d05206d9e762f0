import { constants } from 'node:crypto'
import test from 'ava'
import { type ClientHello, hex, offeredSessions, parseClientHello } from '#src/wire/client-hello.js'
import { HandshakeReader, HandshakeType } from '#src/wire/handshake-reader.js'
import { RecordReader } from '#src/wire/record-reader.js'
import { parseServerHello, type ServerHello } from '#src/wire/server-hello.js'
import { capture } from './capture.js'

function bodies(chunks: readonly Uint8Array[], type: number): Uint8Array[] {
  const records = new RecordReader()
  const messages = new HandshakeReader()
  return chunks
    .flatMap((chunk) => records.push(chunk))
    .flatMap((record) => messages.push(record))
    .filter((message) => message.type === type)
    .map((message) => message.body)
}

function clientHellos(chunks: readonly Uint8Array[]): ClientHello[] {
  return bodies(chunks, HandshakeType.CLIENT_HELLO).map((body) => {
    const hello = parseClientHello(body)
    if (!hello.ok) throw new Error(hello.problem)
    return hello.value
  })
}

function serverHellos(chunks: readonly Uint8Array[]): ServerHello[] {
  return bodies(chunks, HandshakeType.SERVER_HELLO).map((body) => {
    const hello = parseServerHello(body)
    if (!hello.ok) throw new Error(hello.problem)
    return hello.value
  })
}

test('client-hello/node/first-connection', async (t) => {
  const options = { ALPNProtocols: ['h2', 'http/1.1'] }
  const { fromClient, fromServer } = await capture(options, options)
  const hellos = clientHellos(fromClient)
  t.is(hellos.length, 1)
  const [hello] = hellos as [ClientHello]
  t.is(hello.legacyVersion, 0x0303)
  t.is(hello.random.length, 32)
  t.is(hello.serverName, 'a.test')
  t.deepEqual(hello.protocols, ['h2', 'http/1.1'])
  t.deepEqual(hello.supportedVersions, [0x0304, 0x0303])
  t.true(hello.cipherSuites.includes(0x1302))
  t.is(hello.sessionTicket?.length, 0)
  t.is(hello.preSharedKey, undefined)
  t.deepEqual(hello.pskKeyExchangeModes, [1])
  t.false(hello.earlyData)
  t.deepEqual(offeredSessions(hello), [])
  const [answer] = serverHellos(fromServer) as [ServerHello]
  t.is(answer.version, 0x0304)
  t.is(answer.selectedPsk, undefined)
  t.false(answer.isRetryRequest)
})

test('client-hello/node/TLSv1.3/resumption', async (t) => {
  const first = await capture()
  const second = await capture({ session: Buffer.from(first.session ?? []) })
  t.true(second.resumed)
  const [hello] = clientHellos(second.fromClient) as [ClientHello]
  t.is(hello.preSharedKey?.identities.length, 1)
  t.deepEqual(
    hello.preSharedKey?.binders.map(({ length }) => length),
    [48],
  )
  t.is(offeredSessions(hello).length, 1)
  const [answer] = serverHellos(second.fromServer) as [ServerHello]
  t.is(answer.selectedPsk, 0)
})

test('client-hello/node/TLSv1.2/resumption', async (t) => {
  const options = { maxVersion: 'TLSv1.2' } as const
  const first = await capture(options)
  t.deepEqual(clientHellos(first.fromClient).map(offeredSessions), [[]])
  const second = await capture({ ...options, session: Buffer.from(first.session ?? []) })
  t.true(second.resumed)
  const [hello] = clientHellos(second.fromClient) as [ClientHello]
  t.deepEqual(hello.supportedVersions, [])
  t.deepEqual(offeredSessions(hello), [hex(hello.sessionTicket ?? new Uint8Array(0))])
  const [answer] = serverHellos(second.fromServer) as [ServerHello]
  t.is(answer.version, 0x0303)
  t.is(hex(answer.sessionId), hex(hello.sessionId))
})

test('client-hello/node/TLSv1.2/session-id', async (t) => {
  const options = {
    maxVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const
  const { fromClient } = await capture(options)
  const [hello] = clientHellos(fromClient) as [ClientHello]
  t.is(hello.sessionTicket, undefined)
  t.deepEqual(offeredSessions(hello), [])
  t.deepEqual(offeredSessions({ ...hello, sessionId: Uint8Array.of(0xab) }), ['ab'])
})

test('client-hello/node/hello-retry-request', async (t) => {
  const { fromClient, fromServer } = await capture(
    { ecdhCurve: 'P-256:P-384' },
    { ecdhCurve: 'P-384' },
  )
  t.is(clientHellos(fromClient).length, 2)
  t.deepEqual(
    serverHellos(fromServer).map(({ isRetryRequest }) => isRetryRequest),
    [true, false],
  )
})

test('client-hello/node/no-server-name', async (t) => {
  const { fromClient } = await capture({ servername: '', checkServerIdentity: () => undefined })
  t.deepEqual(
    clientHellos(fromClient).map((hello) => hello.serverName),
    [undefined],
  )
})

test('client-hello/garbage', async (t) => {
  const { fromClient } = await capture()
  const [body] = bodies(fromClient, HandshakeType.CLIENT_HELLO) as [Uint8Array]
  t.false(parseClientHello(new Uint8Array(0)).ok)
  t.false(parseClientHello(new Uint8Array(100).fill(255)).ok)
  for (let length = 0; length < body.length; length++) {
    const cut = parseClientHello(body.subarray(0, length))
    if (cut.ok) t.deepEqual(cut.value.extensions, [], 'cut just before the extensions')
  }
  for (let at = 0; at < body.length; at++) {
    const changed = body.slice()
    changed[at] = 255 - (changed[at] ?? 0)
    t.notThrows(() => parseClientHello(changed))
  }
})
