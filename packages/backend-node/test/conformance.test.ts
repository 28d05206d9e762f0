import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createNodeBackend } from '@tlsio/backend-node'
import { conformance } from '@tlsio/conformance'
import type { IoStream } from '@tlsio/core'
import { connectTcp, fromDuplex } from '@tlsio/core/node'
import test from 'ava'

conformance({ test, createBackend: createNodeBackend })

// Over sockets, some of which go to OpenSSL as they are.
conformance({
  test,
  createBackend: createNodeBackend,
  transport: { name: 'tcp', createPair: connectedSockets },
})

async function connectedSockets(): Promise<[client: IoStream, server: IoStream]> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const accepted = once(listener, 'connection')
  const { port } = listener.address() as AddressInfo
  const client = await connectTcp({ host: '127.0.0.1', port })
  const [socket] = (await accepted) as [Socket]
  listener.close()
  return [client, fromDuplex(socket)]
}
