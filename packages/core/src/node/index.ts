/**
 * What needs Node's own streams and sockets.
 *
 * @module @tlsio/core/node
 */
export { type ConnectTcpOptions, connectTcp } from './connect-tcp.js'
export { fromDuplex } from './duplex-stream.js'
export { toDuplex } from './stream-duplex.js'
