import { type DtlsClientConnectionOptions, memoryDatagramPair } from '@tlsio/core'
import test from 'ava'
import { clientHello } from '../support/dtls-hello.js'
import { both, certificate, open, turns } from '../support/dtls-pair.js'
import { ScriptedBackend } from '../support/scripted-backend.js'
import { dtlsCapabilities, ScriptedDtlsBackend } from '../support/scripted-dtls.js'
import { bytes, text } from '../support/scripted-engine.js'

test('dtls/server/what-is-no-hello-makes-nothing', async (t) => {
  const { peer, sockets, backend } = both(t)
  peer.handshake().catch(() => {})
  for (const stranger of ['garbage', 'c2b', '']) await sockets[0].send(bytes(stranger))
  await turns(3)
  t.is(backend.engines.length, 0)
  t.is(sockets[1].sent.length, 0)
})

test('dtls/server/cookie-comes-before-the-engine', async (t) => {
  const { peer, sockets, backend } = both(t)
  const asked: string[] = []
  backend.cookies = {
    check(datagram, name) {
      asked.push(name)
      const isGood = datagram.includes(77)
      if (!isGood) return { kind: 'challenge', answer: bytes('cookie, please') }
      return { kind: 'verified', state: 'sequence 1' }
    },
  }
  const server = backend.createDtlsServerConnection(sockets[1], { certificate })
  server.handshake().catch(() => {})
  await sockets[0].send(clientHello('a.test'))
  t.is(text(await sockets[0].receive()), 'cookie, please')
  t.is(backend.engines.length, 0)
  await sockets[0].send(clientHello('b.test', Uint8Array.of(77)))
  t.is(text(await sockets[0].receive()), 's1a')
  t.deepEqual(backend.cookieStates, ['sequence 1'])
  t.deepEqual(backend.engines[0]?.log, ['c1'])
  t.is(server.serverName, 'b.test')
  t.deepEqual(asked, ['', ''])
  server.abort()
  peer.abort()
})

test('dtls/server/certificate-by-name', async (t) => {
  const names: (string | null)[] = []
  const selectCertificate = (name: string | null) => {
    names.push(name)
    return undefined
  }
  await open(t, { server: { selectCertificate } })
  t.deepEqual(names, ['a.test'])
})

test('dtls/options/out-of-range', (t) => {
  const { backend, sockets } = both(t)
  const make = (options: DtlsClientConnectionOptions) => () =>
    backend.createDtlsClientConnection(sockets[0], options)
  t.throws(make({ maxDatagramSize: 255 }), { instanceOf: RangeError })
  t.throws(make({ maxDatagramSize: 65_508 }), { instanceOf: RangeError })
  t.throws(make({ retransmissionTimeout: 0 }), { instanceOf: RangeError })
  t.throws(make({ handshakeTimeout: Number.NaN }), { instanceOf: RangeError })
  t.throws(make({ handshakeTimeout: '1' as never }), { instanceOf: TypeError })
  t.throws(() => backend.createDtlsClientConnection({} as never), {
    instanceOf: TypeError,
    message: /fromDgramSocket/,
  })
})

test('dtls/options/versions-are-those-of-dtls', (t) => {
  const { backend, sockets } = both(t)
  const make = (options: DtlsClientConnectionOptions) => () =>
    backend.createDtlsClientConnection(sockets[0], options)
  t.notThrows(make({ minVersion: 'DTLSv1.2', maxVersion: 'DTLSv1.2' }))
  t.throws(make({ minVersion: 'DTLSv1' }), { code: 'TLS_NOT_SUPPORTED' } as object)
  t.throws(make({ maxVersion: 'TLSv1.2' }), { code: 'TLS_NOT_SUPPORTED' } as object)
  t.throws(make({ minVersion: 'DTLSv1.3' as never }), { instanceOf: TypeError })
})

test('dtls/refused/by-a-backend-without-it', (t) => {
  const able = {
    name: 'able',
    priority: 0,
    supports: dtlsCapabilities,
    create: () => new ScriptedDtlsBackend(),
  }
  const backend = new ScriptedBackend({ registrations: () => [able] })
  t.false(backend.supportsDtls)
  t.is(backend.dtlsCookies, null)
  const [socket] = memoryDatagramPair()
  for (const make of [
    () => backend.createDtlsClientConnection(socket),
    () => backend.createDtlsServerConnection(socket),
  ]) {
    t.throws(make, { code: 'TLS_NOT_SUPPORTED', message: /does not have DTLS.*"able"/ } as object)
  }
  t.true(new ScriptedDtlsBackend().supportsDtls)
})

test('dtls/refused/engine-that-was-claimed-and-is-not-there', async (t) => {
  class Claiming extends ScriptedBackend {
    override readonly supports = dtlsCapabilities
  }
  const [socket] = memoryDatagramPair()
  const connection = new Claiming().createDtlsClientConnection(socket)
  await t.throwsAsync(connection.handshake(), { code: 'TLS_NOT_SUPPORTED' } as object)
})
