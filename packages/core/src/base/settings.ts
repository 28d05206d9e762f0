import type { ConnectionOptions } from '../backend.js'
import type { TlsCapabilities } from '../capabilities.js'
import { TlsCertificate } from '../certificate.js'
import { TlsDatabase } from '../database.js'
import { TlsError } from '../errors.js'
import { compareVersions, isProtocolVersion, type TlsProtocolVersion } from '../protocol-version.js'
import type { ConnectionEnvironment, TlsConnectionBase } from './connection-base.js'

/** Puts the options onto the connection's properties, which check them. */
export function applyOptions(connection: TlsConnectionBase, options: ConnectionOptions): void {
  connection.database = options.database
  connection.certificate = options.certificate
  connection.acceptCertificate = options.acceptCertificate
  connection.interaction = options.interaction ?? null
  connection.advertisedProtocols = options.advertisedProtocols ?? null
  if (options.requireCloseNotify !== undefined && typeof options.requireCloseNotify !== 'boolean') {
    throw new TypeError('The option requireCloseNotify is true or false.')
  }
  connection.requireCloseNotify = options.requireCloseNotify ?? true
}

const streamMethods = ['read', 'write', 'closeWrite', 'close', 'abort'] as const

/** @throws TypeError if it is no {@link IoStream}: most often it is a socket. */
export function requireStream(stream: unknown): void {
  const methods = (stream ?? {}) as Record<string, unknown>
  if (streamMethods.every((name) => typeof methods[name] === 'function')) return
  throw new TypeError(
    'A connection is made over an IoStream; for a Node socket, use fromDuplex(socket).',
  )
}

/** @throws TypeError if it is none. */
export function requireDatabase(database: unknown): void {
  if (database === undefined || database === null || database instanceof TlsDatabase) return
  throw new TypeError('The database of a connection is a TlsDatabase, null or undefined.')
}

/** @throws TypeError if it is none; {@link TlsError} `TLS_BAD_CERTIFICATE` if it lacks its key. */
export function requireCertificate(certificate: unknown): void {
  if (certificate === undefined) return
  if (!(certificate instanceof TlsCertificate)) {
    throw new TypeError('The certificate of a connection is a TlsCertificate or undefined.')
  }
  if (!certificate.hasPrivateKey) {
    throw new TlsError('TLS_BAD_CERTIFICATE', `${certificate} came without its private key.`)
  }
}

/** @throws TypeError if it is none. */
export function requireInteraction(interaction: unknown): void {
  if (typeof interaction !== 'object') {
    throw new TypeError('The interaction of a connection is a TlsInteraction or null.')
  }
}

/** @throws TypeError if it is no function. */
export function requireCallback(callback: unknown): void {
  if (callback !== undefined && typeof callback !== 'function') {
    throw new TypeError('acceptCertificate is a function or undefined.')
  }
}

/**
 * What can only be known when the handshake starts. A backend without TLS refuses by itself, with
 * its reasons.
 */
export function requireAbilities(
  connection: TlsConnectionBase,
  environment: ConnectionEnvironment,
): void {
  const { supports, refuse } = environment
  if (!speaksTls(environment)) return
  requireUsableKey(connection.certificate, environment)
  if (connection.requireCloseNotify && supports.truncationDetection === 'never') {
    throw refuse('requireCloseNotify', ({ truncationDetection }) => truncationDetection !== 'never')
  }
}

/** @throws {@link TlsError} `TLS_NOT_SUPPORTED` if the engine cannot use the key of a certificate. */
export function requireUsableKey(
  certificate: TlsCertificate | undefined,
  { supports, refuse }: ConnectionEnvironment,
): void {
  if (certificate === undefined) return
  if (TlsCertificate.tokenKeyUriOf(certificate) !== undefined && !supports.pkcs11) {
    throw refuse('private keys in tokens (PKCS #11)', ({ pkcs11 }) => pkcs11)
  }
  const type = certificate.keyType
  if (type === undefined || supports.certificateKeys.includes(type)) return
  throw refuse(`certificates with a key of type ${type}`, (able) =>
    able.certificateKeys.includes(type),
  )
}

/** The protocols to advertise, checked (RFC 7301 §3.1: 1 to 255 bytes each, 65,535 in all). */
export function advertisedProtocolsOf(
  advertised: readonly string[] | null,
  environment: ConnectionEnvironment,
): readonly string[] {
  if (advertised !== null && !Array.isArray(advertised)) {
    throw new TypeError('advertisedProtocols is a list of names, or null.')
  }
  const protocols = [...(advertised ?? [])]
  if (protocols.length > 0 && !environment.supports.alpn && speaksTls(environment)) {
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

/** A backend that cannot do TLS at all refuses each operation by itself, and says why. */
export function speaksTls({ supports }: ConnectionEnvironment): boolean {
  return supports.protocolVersions.length > 0
}

/** Who takes the key log. @throws TypeError if it is no function. */
export function keyLogOf(
  environment: ConnectionEnvironment,
  { keyLog }: ConnectionOptions,
): ((line: string) => void) | undefined {
  if (keyLog === undefined) return undefined
  if (typeof keyLog !== 'function') throw new TypeError('The option keyLog is a function.')
  if (!environment.supports.keyLog && speaksTls(environment))
    throw environment.refuse('a key log', (able) => able.keyLog)
  return keyLog
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
  // Before the range: the one that was asked for may be newer than all there are.
  if (spoken.length > 0) {
    requireVersion(environment, options.minVersion)
    requireVersion(environment, options.maxVersion)
  }
  if (compareVersions(min, max) > 0) {
    throw new RangeError(`minVersion ${min} is newer than maxVersion ${max}.`)
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
