import { createForgeBackend } from '@tlsio/backend-forge'
import { createNodeBackend } from '@tlsio/backend-node'
import { TicketKeys, TlsSession } from '@tlsio/core'
import { hex } from '@tlsio/core/wire'
import test from 'ava'
import { connectionPair, handshaken, type Pair } from './support.js'

const versions = ['TLSv1', 'TLSv1.1'] as const

/** The session ID that the client said. */
function offered({ wire }: Pair): string {
  return hex(wire.sent.clientHellos[0]?.sessionId ?? new Uint8Array(0))
}

/** The session ID that the server said. */
function answered({ wire }: Pair): string {
  return hex(wire.received.serverHellos[0]?.sessionId ?? new Uint8Array(0))
}

// forge answers an empty ID with whatever session it has first.
test('sessions/fresh-client-is-nobody-else', async (t) => {
  const ticketKeys = TicketKeys.generate()
  const serverBackend = createForgeBackend()
  for (let round = 0; round < 3; round++) {
    const pair = connectionPair({ serverBackend, server: { ticketKeys } })
    await handshaken(pair)
    t.is(offered(pair), '')
    t.false(pair.server.isSessionResumed)
    t.not(answered(pair), '')
    await Promise.all([pair.client.close(), pair.server.close()])
  }
})

test('sessions/stranger-with-an-unknown-id-gets-a-full-handshake', async (t) => {
  const clientBackend = createForgeBackend()
  const first = connectionPair({ clientBackend })
  await handshaken(first)
  // The same name, but a server that has never heard of the session.
  const second = connectionPair({ clientBackend, server: { ticketKeys: TicketKeys.generate() } })
  await handshaken(second)
  t.is(offered(second), answered(first))
  t.false(second.server.isSessionResumed)
  t.false(second.client.isSessionResumed)
})

for (const version of versions) {
  for (const peer of ['forge', 'node'] as const) {
    // forge's own session object is changed by each handshake that uses it: bad MACs.
    test(`sessions/${version}/fifty-at-once/server-${peer}`, async (t) => {
      const clientBackend = createForgeBackend()
      const serverBackend =
        peer === 'forge'
          ? createForgeBackend()
          : createNodeBackend({ allowDeprecatedVersions: true })
      const ticketKeys = TicketKeys.generate()
      const options = {
        clientBackend,
        serverBackend,
        client: { minVersion: version, maxVersion: version },
        server: { minVersion: version, maxVersion: version, ticketKeys },
      }
      const control = connectionPair(options)
      await handshaken(control)
      const pairs = Array.from({ length: 50 }, () => connectionPair(options))
      for (const { client } of pairs) client.copySessionState(control.client)
      await Promise.all(
        pairs.map(async (pair, at) => {
          await handshaken(pair)
          await Promise.all([
            pair.client.write(Uint8Array.of(at)),
            pair.server.write(Uint8Array.of(at)),
          ])
          t.deepEqual(await Promise.all([pair.client.read(), pair.server.read()].map(toArray)), [
            [at],
            [at],
          ])
        }),
      )
      t.true(
        pairs.every(({ server }) => server.isSessionResumed),
        'by the word of the server',
      )
      t.is(new Set(pairs.map(offered)).size, 1, 'all offered the one session')
    })
  }

  // forge says the server's random of the first handshake again: all could be recorded and replayed.
  test(`sessions/${version}/each-resumption-has-its-own-randoms`, async (t) => {
    const options = {
      clientBackend: createForgeBackend(),
      serverBackend: createForgeBackend(),
      client: { maxVersion: version },
    }
    const randoms: string[] = []
    for (let round = 0; round < 3; round++) {
      const pair = connectionPair(options)
      await handshaken(pair)
      t.is(pair.server.isSessionResumed, round > 0)
      randoms.push(serverRandom(pair))
    }
    t.is(new Set(randoms).size, 3)
  })
}

test('sessions/readable-while-the-connection-is-open', async (t) => {
  const clientBackend = createForgeBackend()
  const serverBackend = createForgeBackend()
  const pair = connectionPair({ clientBackend, serverBackend })
  await handshaken(pair)
  const session = await pair.client.getSession()
  t.true(session.isResumable)
  t.is(session.protocolVersion, 'TLSv1.1')
  const again = connectionPair({ clientBackend, serverBackend })
  again.client.setSession(session)
  await handshaken(again)
  t.true(again.server.isSessionResumed)
  // Core knows the peer from the session: forge shows none.
  t.true(again.client.peerCertificate?.isSame(pair.client.peerCertificate as never) === true)
})

test('sessions/judged-again-by-the-connection-that-resumes', async (t) => {
  const clientBackend = createForgeBackend()
  const serverBackend = createForgeBackend()
  const control = connectionPair({ clientBackend, serverBackend })
  await handshaken(control)
  const elsewhere = { serverIdentity: { hostname: 'b.test', port: 990 } }
  const strict = connectionPair({ clientBackend, serverBackend, client: elsewhere })
  strict.client.copySessionState(control.client)
  const server = strict.server.handshake().catch((error: unknown) => error)
  await t.throwsAsync(strict.client.handshake(), { code: 'TLS_BAD_CERTIFICATE' } as object)
  await server
  t.is(offered(strict), '')
})

test('sessions/damaged-state-is-a-full-handshake', async (t) => {
  const clientBackend = createForgeBackend()
  const pair = connectionPair({ clientBackend })
  await handshaken(pair)
  const again = connectionPair({ clientBackend })
  const session = await pair.client.getSession()
  TlsSession.dataOf(session)?.fill(0)
  again.client.setSession(session)
  await handshaken(again)
  t.false(again.server.isSessionResumed)
  t.is(again.client.protocolVersion, 'TLSv1.1')
})

test('sessions/older-session-does-not-hold-back-the-version', async (t) => {
  const clientBackend = createForgeBackend()
  const old = connectionPair({ clientBackend, server: { maxVersion: 'TLSv1' } })
  await handshaken(old)
  t.is(old.client.protocolVersion, 'TLSv1')
  const again = connectionPair({ clientBackend })
  again.client.copySessionState(old.client)
  await handshaken(again)
  t.is(again.client.protocolVersion, 'TLSv1.1')
})

async function toArray(chunk: Promise<Uint8Array | null>): Promise<number[]> {
  return [...((await chunk) ?? [])]
}

function serverRandom({ wire }: Pair): string {
  return hex(wire.received.serverHellos[0]?.random ?? new Uint8Array(0))
}
