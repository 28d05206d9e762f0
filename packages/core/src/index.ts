/**
 * What libraries and applications write against: connections, certificates, sessions and the choice
 * of a backend. Runs on any JavaScript platform.
 *
 * @module @tlsio/core
 */
export type {
  ClientConnectionOptions,
  ConnectionOptions,
  SelectCertificate,
  ServerConnectionOptions,
  TlsBackend,
} from './backend.js'
export type { TlsCapabilities } from './capabilities.js'
export { type DerChainOptions, TlsCertificate } from './certificate.js'
export { describeCertificateFlags, TlsCertificateFlags } from './certificate-flags.js'
export type { VerifyCertificateOptions } from './certificate-verification.js'
export {
  TlsChannelBindingError,
  type TlsChannelBindingErrorCode,
  type TlsChannelBindingType,
} from './channel-binding.js'
export { type TlsClientConnection, TlsSessionEvent } from './client-connection.js'
export type { Clock } from './clock.js'
export { systemClock } from './clock.js'
export type { AcceptCertificate, TlsChangeEvent, TlsConnection } from './connection.js'
export {
  type LookupOptions,
  TlsDatabase,
  type TlsDatabaseOptions,
  type VerifyChainOptions,
} from './database.js'
export type { DatagramSocket } from './datagram/datagram-socket.js'
export type {
  DtlsClientConnection,
  DtlsClientConnectionOptions,
} from './datagram/dtls-client-connection.js'
export type {
  DtlsConnection,
  DtlsConnectionOptions,
  DtlsShutdown,
} from './datagram/dtls-connection.js'
export {
  type DtlsCookies,
  type DtlsCookieVerdict,
  datagramPeerName,
} from './datagram/dtls-cookies.js'
export type {
  DtlsServerConnection,
  DtlsServerConnectionOptions,
} from './datagram/dtls-server-connection.js'
export { type MemoryDatagramSocket, memoryDatagramPair } from './datagram/memory-datagrams.js'
export {
  IoError,
  type IoErrorCode,
  TlsError,
  type TlsErrorCode,
  type TlsErrorDetails,
} from './errors.js'
export type { TlsInteraction, TlsInteractionResult } from './interaction.js'
export type { LoadPkcs11Options } from './load-pkcs11.js'
export { TlsPassword, type TlsPasswordChangeEvent, type TlsPasswordOptions } from './password.js'
export type { PasswordInput } from './password-based/password.js'
export { TlsPasswordFlags } from './password-flags.js'
export type {
  PathFinding,
  PathProfile,
  PathPurpose,
  PathRule,
  PathVerdict,
} from './path-validation/index.js'
export { compareVersions, type TlsProtocolVersion } from './protocol-version.js'
export { BackendRegistry, type BackendRegistryOptions } from './selection/backend-registry.js'
export {
  explainBackends,
  getDefaultBackend,
  registerBackend,
  registeredBackends,
} from './selection/default-registry.js'
export type {
  BackendContext,
  BackendOptions,
  BackendRegistration,
  BackendReport,
} from './selection/registration.js'
export type { TlsAuthenticationMode, TlsServerConnection } from './server-connection.js'
export type { ServerIdentity } from './server-identity.js'
export type { SessionResumption } from './session/session-resumption.js'
export {
  MemorySessionStore,
  type MemorySessionStoreOptions,
  type SessionStore,
} from './session/session-store.js'
export { TicketKeys } from './session/ticket-keys.js'
export { type GetSessionOptions, TlsSession } from './session/tls-session.js'
export type { IoOptions, IoStream, SocketAddress } from './streams/io-stream.js'
export { type MemoryStreamOptions, memoryStreamPair } from './streams/memory-stream.js'
export { withUnread } from './streams/unread.js'
export { type FromWebStreamsOptions, fromWebStreams } from './streams/web-io-stream.js'
export {
  type FromWebSocketOptions,
  fromWebSocket,
  type WebSocketEventLike,
  type WebSocketEventType,
  type WebSocketLike,
} from './streams/web-socket-stream.js'
export { toWebStreams, type WebStreams } from './streams/web-streams.js'
export type { UnlockOptions } from './unlock.js'
export type { PeerVerification } from './verification.js'
export type { CertificateKeyType } from './x509.js'
