import type { ConnectionOptions } from '../backend.js'
import type { TlsCapabilities } from '../capabilities.js'
import { TlsCertificate } from '../certificate.js'
import { TlsDatabase } from '../database.js'
import { TlsError } from '../errors.js'
import { compareVersions, isProtocolVersion, type TlsProtocolVersion } from '../protocol-version.js'
import type { ConnectionEnvironment, TlsConnectionBase } from './connection-base.js'

/** Puts the options onto the connection's properties, after checking what can be checked now. */
export function applyOptions(
  connection: TlsConnectionBase,
  environment: ConnectionEnvironment,
  options: ConnectionOptions,
): void {
  const { database, certificate, acceptCertificate } = options
  if (database !== undefined && database !== null && !(database instanceof TlsDatabase)) {
    throw new TypeError('The option database must be a TlsDatabase, null or undefined.')
  }
  if (database?.engine !== undefined && database.engine !== environment.backendName) {
    throw new TlsError(
      'TLS_NOT_SUPPORTED',
      `Backend "${environment.backendName}" cannot use the trust anchors built into "${database.engine}".`,
    )
  }
  if (certificate !== undefined && !(certificate instanceof TlsCertificate)) {
    throw new TypeError('The option certificate must be a TlsCertificate.')
  }
  if (certificate !== undefined && !certificate.hasPrivateKey) {
    throw new TlsError('TLS_BAD_CERTIFICATE', `${certificate} came without its private key.`)
  }
  if (acceptCertificate !== undefined && typeof acceptCertificate !== 'function') {
    throw new TypeError('The option acceptCertificate must be a function.')
  }
  connection.database = database
  connection.certificate = certificate
  connection.acceptCertificate = acceptCertificate
  connection.advertisedProtocols = options.advertisedProtocols ?? null
  connection.requireCloseNotify = options.requireCloseNotify ?? true
  advertisedProtocolsOf(connection, environment)
}

/** The protocols to advertise, checked (RFC 7301 §3.1: 1 to 255 bytes each, 65,535 in all). */
export function advertisedProtocolsOf(
  connection: TlsConnectionBase,
  environment: ConnectionEnvironment,
): readonly string[] {
  const protocols = [...(connection.advertisedProtocols ?? [])]
  if (protocols.length > 0 && !environment.supports.alpn) {
    throw environment.refuse('ALPN', ({ alpn }) => alpn)
  }
  const encoder = new TextEncoder()
  let total = 0
  for (const protocol of protocols) {
    const { length } = encoder.encode(protocol)
    if (length < 1 || length > 255) {
      throw new TypeError(`The ALPN protocol "${protocol}" is not between 1 and 255 bytes long.`)
    }
    total += length + 1
  }
  if (total > 65_535) throw new TypeError('The ALPN protocols are longer than 65,535 bytes.')
  return protocols
}

/** The versions to agree to. A backend that speaks none gets the newest: its driver refuses. */
export function versionRange(
  environment: ConnectionEnvironment,
  options: ConnectionOptions,
): { readonly min: TlsProtocolVersion; readonly max: TlsProtocolVersion } {
  const spoken = environment.supports.protocolVersions
  const min = options.minVersion ?? oldestUpTo(spoken, options.maxVersion) ?? 'TLSv1.2'
  const max = options.maxVersion ?? spoken.at(-1) ?? 'TLSv1.3'
  for (const version of [min, max]) {
    if (!isProtocolVersion(version)) throw new TypeError(`"${version}" is no version of TLS.`)
  }
  if (compareVersions(min, max) > 0) {
    throw new RangeError(`minVersion ${min} is newer than maxVersion ${max}.`)
  }
  if (spoken.length > 0) {
    requireVersion(environment, options.minVersion)
    requireVersion(environment, options.maxVersion)
  }
  return { min, max }
}

function oldestUpTo(
  spoken: readonly TlsProtocolVersion[],
  max: TlsProtocolVersion | undefined,
): TlsProtocolVersion | undefined {
  return spoken.find((version) => max === undefined || compareVersions(version, max) <= 0)
}

function requireVersion(
  environment: ConnectionEnvironment,
  version: TlsProtocolVersion | undefined,
): void {
  if (version === undefined || environment.supports.protocolVersions.includes(version)) return
  const speaks = ({ protocolVersions }: TlsCapabilities) => protocolVersions.includes(version)
  throw environment.refuse(version, speaks)
}
