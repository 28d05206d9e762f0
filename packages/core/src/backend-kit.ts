/**
 * What the author of a backend needs, and nobody else.
 *
 * @module @tlsio/core/backend
 */

export { alertNumber, errorForAlert } from './alert.js'
export { askPassword } from './ask-password.js'
export { TlsBackendBase } from './base/backend-base.js'
export { EngineDriver } from './base/engine-driver.js'
export { transportError } from './base/transport-error.js'
export { noCapabilities } from './capabilities.js'
export {
  type DatagramDriverOptions,
  DatagramEngineDriver,
} from './datagram/datagram-engine-driver.js'
export type {
  DtlsEngine,
  DtlsEngineSettings,
  DtlsServerEngineSettings,
} from './datagram/dtls-engine.js'
export type {
  ClientHandshakeParameters,
  DriverEvents,
  FinishedMessages,
  HandshakeParameters,
  HandshakeResult,
  ServerHandshakeParameters,
  SessionState,
  TlsDriver,
} from './driver.js'
export type { TlsEngine } from './engine.js'
export { certificateMatchesIdentity } from './identity-match.js'
export type {
  PathFinding,
  PathProfile,
  PathPurpose,
  PathRequest,
  PathRule,
  PathValidatorOptions,
  PathVerdict,
} from './path-validation/index.js'
export { PathValidator } from './path-validation/index.js'
export { describeReports } from './selection/backend-registry.js'
export { type CanonicalIdentity, canonicalIdentity } from './server-identity.js'
export type { ServerSessions } from './session/server-sessions.js'
export type { GivenPin, OpenToken, PinRequest, TokenOutcome } from './token-pins.js'
export { type TryPasswordsOptions, tryPasswords } from './try-passwords.js'
