/**
 * What needs Node's own streams and sockets.
 *
 * @module @tlsio/core/node
 */
export {
  type CertificateFileOptions,
  certificateFromFile,
  certificateFromFiles,
  certificatesFromFile,
} from './certificate-files.js'
export {
  type ConnectEvent,
  type ConnectOptions,
  type ConnectPhase,
  connect,
  type HostAddress,
  type PlainConnectOptions,
  type TlsConnectOptions,
} from './connect.js'
export { type ConnectTcpOptions, connectTcp } from './connect-tcp.js'
export {
  type ConnectUdpOptions,
  connectUdp,
  fromDgramSocket,
  type UdpSocket,
} from './dgram-socket.js'
export { fromDuplex } from './duplex-stream.js'
export { type FileDatabaseOptions, TlsFileDatabase } from './file-database.js'
export {
  type DatagramListener,
  type ListenDatagramsOptions,
  listenDatagrams,
} from './listen-datagrams.js'
export { type ListenTcpOptions, listenTcp, type TcpListener } from './listen-tcp.js'
export type { ReadFileOptions } from './read-whole-file.js'
export { type SocketDuplex, type ToDuplexOptions, toDuplex } from './socket-duplex.js'
export {
  type SystemTrustReport,
  type SystemTrustSources,
  TlsSystemDatabase,
} from './system-database.js'
export type { TerminalInput } from './terminal.js'
export { TerminalInteraction, type TerminalInteractionOptions } from './terminal-interaction.js'
