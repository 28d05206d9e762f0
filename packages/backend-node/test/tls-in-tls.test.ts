import { createNodeBackend } from '@tlsio/backend-node'
import {
  type IoStream,
  memoryStreamPair,
  type TlsClientConnection,
  type TlsServerConnection,
} from '@tlsio/core'
import { connectTcp, listenTcp } from '@tlsio/core/node'
import test, { type ExecutionContext } from 'ava'
import { certificate, database, serverIdentity } from './support.js'

type Version = 'TLSv1.2' | 'TLSv1.3'
const transports = ['memory', 'tcp'] as const
const backend = createNodeBackend()

interface Layer {
  readonly version: Version
  readonly requireCloseNotify: boolean
}

interface Nested {
  readonly outer: { client: TlsClientConnection; server: TlsServerConnection }
  readonly inner: { client: TlsClientConnection; server: TlsServerConnection }
}

async function transport(t: ExecutionContext, kind: (typeof transports)[number]) {
  if (kind === 'memory') return memoryStreamPair()
  const listener = await listenTcp({ port: 0 })
  const accepted = listener[Symbol.asyncIterator]().next()
  const client = await connectTcp({ host: '127.0.0.1', port: listener.port })
  const server = (await accepted).value as IoStream
  await listener.close()
  t.teardown(() => {
    client.abort()
    server.abort()
  })
  return [client, server] as const
}

function over([client, server]: readonly [IoStream, IoStream], layer: Layer) {
  const { version, requireCloseNotify } = layer
  const options = { minVersion: version, maxVersion: version, requireCloseNotify }
  return {
    client: backend.createClientConnection(client, { database, serverIdentity, ...options }),
    server: backend.createServerConnection(server, { certificate, ...options }),
  }
}

async function nested(
  t: ExecutionContext,
  kind: (typeof transports)[number],
  layers: readonly [Layer, Layer],
): Promise<Nested> {
  const outer = over(await transport(t, kind), layers[0])
  const inner = over([outer.client, outer.server], layers[1])
  // The first use of the inner one runs both handshakes.
  await Promise.all([inner.client.handshake(), inner.server.handshake()])
  return { outer, inner }
}

async function send(stream: IoStream, content: Uint8Array): Promise<void> {
  for (let at = 0; at < content.length; at += 50_000) {
    await stream.write(content.subarray(at, at + 50_000))
  }
  await stream.closeWrite()
}

async function receive(stream: IoStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const MEBIBYTE = 1_048_576
const upload = Buffer.from(Uint8Array.from({ length: MEBIBYTE }, (_, i) => (i * 7) ^ (i >> 8)))
const download = Buffer.from(Uint8Array.from({ length: MEBIBYTE }, (_, i) => (i * 11) ^ (i >> 7)))

for (const kind of transports) {
  for (const [outerVersion, innerVersion] of [
    ['TLSv1.3', 'TLSv1.3'],
    ['TLSv1.3', 'TLSv1.2'],
    ['TLSv1.2', 'TLSv1.3'],
    ['TLSv1.2', 'TLSv1.2'],
  ] as const) {
    for (const [outerRequires, innerRequires] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const versions = `${innerVersion}-in-${outerVersion}`
      const requires = `close-notify-${innerRequires}-in-${outerRequires}`
      test(`tls-in-tls/${kind}/${versions}/${requires}/a-mebibyte-each-way`, async (t) => {
        const { outer, inner } = await nested(t, kind, [
          { version: outerVersion, requireCloseNotify: outerRequires },
          { version: innerVersion, requireCloseNotify: innerRequires },
        ])
        t.is(outer.client.protocolVersion, outerVersion)
        t.is(inner.server.protocolVersion, innerVersion)
        t.is(inner.client.transport, outer.client)
        const [, , up, down] = await Promise.all([
          send(inner.client, upload),
          send(inner.server, download),
          receive(inner.server),
          receive(inner.client),
        ])
        t.true(up.equals(upload))
        t.true(down.equals(download))
        await Promise.all([inner.client.close(), inner.server.close()])
        t.true(outer.client.closed)
        t.true(outer.server.closed)
      })
    }
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const strict = { version, requireCloseNotify: true }
    const lax = { version, requireCloseNotify: false }

    test(`tls-in-tls/${kind}/${version}/closing-the-inner-closes-all`, async (t) => {
      const { outer, inner } = await nested(t, kind, [strict, strict])
      await inner.client.closeWrite()
      t.is(await inner.server.read(), null)
      t.false(outer.server.closed)
      await inner.server.write(Buffer.from('bye'))
      await inner.server.close()
      t.true(outer.server.closed)
      t.is(Buffer.from((await inner.client.read()) ?? []).toString(), 'bye')
      t.is(await inner.client.read(), null)
      await inner.client.close()
      t.true(outer.client.closed)
    })

    for (const layer of [strict, lax]) {
      const requires = `require-close-notify-${layer.requireCloseNotify}`
      test(`tls-in-tls/${kind}/${version}/${requires}/outer-ends-under-the-inner`, async (t) => {
        const { outer, inner } = await nested(t, kind, [strict, layer])
        const end = inner.client.read().catch((error: { code: string }) => error.code)
        await outer.server.closeWrite()
        t.is(await end, layer.requireCloseNotify ? 'TLS_EOF' : null)
        const writing = async () => {
          // The first ones are taken before the engine hears that nothing can be sent any more.
          for (;;) {
            await inner.server.write(Buffer.from('too late'))
            await new Promise((resolve) => setImmediate(resolve))
          }
        }
        await t.throwsAsync(writing(), { code: 'IO_BROKEN_PIPE' })
        await inner.server.close().catch(() => {})
        t.true(outer.server.closed)
      })

      test(`tls-in-tls/${kind}/${version}/${requires}/transport-is-cut`, async (t) => {
        const { outer, inner } = await nested(t, kind, [layer, strict])
        const cut = inner.client.read().catch((error: { code: string }) => error.code)
        outer.server.transport.abort()
        // A reset, an end without close_notify or both: what is below shows through.
        t.true(['TLS_EOF', 'IO_BROKEN_PIPE'].includes((await cut) as string))
        inner.server.abort()
        inner.client.abort()
      })
    }

    test(`tls-in-tls/${kind}/${version}/abort-of-the-inner-drops-all`, async (t) => {
      const { outer, inner } = await nested(t, kind, [strict, strict])
      const read = inner.server.read().catch((error: { code: string }) => error.code)
      const reason = new Error('enough')
      inner.client.abort(reason)
      t.is(await t.throwsAsync(inner.client.read()), reason)
      t.true(outer.client.closed)
      t.true(['TLS_EOF', 'IO_BROKEN_PIPE'].includes((await read) as string))
      await inner.server.close().catch(() => {})
      t.true(outer.server.closed)
    })
  }
}

test('tls-in-tls/three-deep', async (t) => {
  const layer = { version: 'TLSv1.3', requireCloseNotify: true } as const
  const { inner } = await nested(t, 'memory', [layer, layer])
  const innermost = over([inner.client, inner.server], layer)
  await Promise.all([
    innermost.client.write(Buffer.from('deep')),
    innermost.server.write(Buffer.from('down')),
  ])
  t.is(Buffer.from((await innermost.server.read()) ?? []).toString(), 'deep')
  t.is(Buffer.from((await innermost.client.read()) ?? []).toString(), 'down')
  await innermost.client.closeWrite()
  t.is(await innermost.server.read(), null)
  await innermost.server.close()
  t.is(await innermost.client.read(), null)
  await innermost.client.close()
})
