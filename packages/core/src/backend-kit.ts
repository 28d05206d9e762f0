/**
 * What the author of a backend needs, and nobody else.
 *
 * @module @tlsio/core/backend
 */
export { TlsBackendBase } from './base/backend-base.js'
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
