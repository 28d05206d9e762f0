import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { connectTcp, fromDuplex } from '@tlsio/core/node'
import type { Transport } from '../options.js'

/** Sockets on loopback. */
export const tcp: Transport = {
  name: 'tcp',
  async createPair() {
    const listener = createServer({ allowHalfOpen: true, noDelay: true })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const accepted = once(listener, 'connection')
    const { port } = listener.address() as AddressInfo
    const client = await connectTcp({ host: '127.0.0.1', port })
    const [socket] = (await accepted) as [Socket]
    listener.close()
    return [client, fromDuplex(socket)]
  },
}
