import test from 'ava'
import { connectionPair } from './support.js'

test('limits/priority/decides-what-is-agreed', async (t) => {
  const backend = { priority: 'NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305' }
  const { client, server } = connectionPair({ backend })
  await Promise.all([client.handshake(), server.handshake()])
  t.is(client.cipherSuite, 'TLS_CHACHA20_POLY1305_SHA256')
  t.is(client.protocolVersion, 'TLSv1.3')
  client.abort()
  server.abort()
})

const protocols: Readonly<Record<string, readonly string[]>> = {
  'nine-protocols': Array.from({ length: 9 }, (_, at) => `p${at}`),
  'long-protocol': ['x'.repeat(32)],
}

for (const [name, advertisedProtocols] of Object.entries(protocols)) {
  test(`limits/alpn/${name}`, async (t) => {
    const { client, server } = connectionPair({ client: { advertisedProtocols } })
    await t.throwsAsync(client.handshake(), {
      code: 'TLS_NOT_SUPPORTED',
      message: /8 protocols .* 31 bytes/,
    })
    server.abort()
  })
}

test('limits/alpn/as-many-as-can-be', async (t) => {
  const advertisedProtocols = Array.from({ length: 8 }, (_, at) => `${at}`.repeat(31))
  const options = { client: { advertisedProtocols }, server: { advertisedProtocols } }
  const { client, server } = connectionPair(options)
  await Promise.all([client.handshake(), server.handshake()])
  t.is(client.negotiatedProtocol, '0'.repeat(31))
  client.abort()
  server.abort()
})
