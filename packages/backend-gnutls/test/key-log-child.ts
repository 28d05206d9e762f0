import { connectionPair } from './support.js'

// A process of its own: libgnutls looks at the environment once.
const { client, server } = connectionPair()
await Promise.all([client.handshake(), server.handshake()])
console.log(client.cipherSuite)
client.abort()
server.abort()
