/**
 * Reads what TLS sends in the clear: for tests that take the wire as witness, and for servers that
 * look before they answer.
 *
 * @module @tlsio/core/wire
 */
export {
  type ClientHello,
  hex,
  type OfferedPsks,
  offeredSessions,
  type PskIdentity,
  parseClientHello,
} from './client-hello.js'
export { type DatagramHello, parseDatagramHello } from './datagram-hello.js'
export {
  type HandshakeMessage,
  HandshakeReader,
  HandshakeType,
  maxMessageLength,
} from './handshake-reader.js'
export { ExtensionType, type HelloExtension, type ParseResult } from './hello-extensions.js'
export { concat, RecordReader, RecordType, type TlsRecord } from './record-reader.js'
export { parseServerHello, type ServerHello } from './server-hello.js'
