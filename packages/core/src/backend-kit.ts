/**
 * What the author of a backend needs, and nobody else.
 *
 * @module @tlsio/core/backend
 */

export { alertNumber, errorForAlert } from './alert.js'
export { TlsBackendBase } from './base/backend-base.js'
export { transportError } from './base/transport-error.js'
export { noCapabilities } from './capabilities.js'
export type {
  ClientHandshakeParameters,
  DriverEvents,
  HandshakeParameters,
  HandshakeResult,
  ServerHandshakeParameters,
  SessionState,
  TlsDriver,
} from './driver.js'
export { describeReports } from './selection/backend-registry.js'
