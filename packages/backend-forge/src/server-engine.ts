import type { ServerHandshakeParameters } from '@tlsio/core/backend'
import { type ClientHello, parseClientHello } from '@tlsio/core/wire'
import { Alert, FatalAlert } from './fatal-alert.js'
import { ForgeEngine, MessageType, minorOf, minorsOf, type RoleResult } from './forge-engine.js'
import { ForgeHandshake } from './forge-handshake.js'
import { forgeSuites, suiteNumber } from './forge-tables.js'
import { readCertificates, requireVector } from './handshake-messages.js'
import { ownIdentity } from './own-identity.js'
import { decodeSession, encodeSession, type ForgeSession } from './session-state.js'

/** A server over forge. */
export class ForgeServerEngine extends ForgeEngine<ServerHandshakeParameters> {
  protected readonly role = 'server'
  #peerChain: readonly Uint8Array[] = []
  #found: ForgeSession | undefined

  protected createHandshake(
    parameters: ServerHandshakeParameters,
    send: (type: number, fragment: Uint8Array) => void,
  ): ForgeHandshake {
    const { certificate, authenticationMode, sessions } = parameters
    const identity = ownIdentity(certificate)
    return new ForgeHandshake({
      ciphers: this.ciphers,
      role: 'server',
      minors: minorsOf(parameters),
      send,
      asksForCertificate: authenticationMode !== 'none',
      identity: () => identity,
      findSession: (id) => {
        const data = sessions.get(id)
        const session = data && decodeSession(data)
        this.#found = session
        return session
      },
    })
  }

  protected inspect(type: number, body: Uint8Array, parameters: ServerHandshakeParameters): void {
    if (type === MessageType.CLIENT_HELLO) inspectHello(body, parameters)
    if (type === MessageType.CLIENT_KEY_EXCHANGE || type === MessageType.CERTIFICATE_VERIFY) {
      requireVector(body, 2)
    }
    if (type !== MessageType.CERTIFICATE) return
    this.#peerChain = readCertificates(body)
    if (this.#peerChain.length === 0 && parameters.authenticationMode === 'required') {
      const message = 'The client showed no certificate.'
      throw new FatalAlert(Alert.HANDSHAKE_FAILURE, message, 'TLS_CERTIFICATE_REQUIRED')
    }
  }

  protected complete(
    handshake: ForgeHandshake,
    { sessions }: ServerHandshakeParameters,
  ): RoleResult {
    const { session, isResumed } = handshake
    const peerChain = isResumed ? (this.#found?.peerChain ?? []) : this.#peerChain
    if (!isResumed) sessions.put(session.id, encodeSession({ ...session, peerChain }))
    return { peerChain }
  }
}

/** forge answers every client with a version, whether the client speaks it or not. */
function inspectHello(body: Uint8Array, parameters: ServerHandshakeParameters): void {
  const parsed = parseClientHello(body)
  if (!parsed.ok) {
    throw new FatalAlert(Alert.DECODE_ERROR, `The client's hello is damaged: ${parsed.problem}.`)
  }
  const hello = parsed.value
  const newest = minorOf(parameters.maxVersion)
  // forge goes by the version in the hello alone: what it will choose has to be spoken, too.
  const chosen = minorsOf(parameters).find((minor) => hello.legacyVersion >= 0x0300 + minor)
  if (chosen === undefined || !speaks(hello, chosen)) {
    const message = 'The two sides have no TLS version in common.'
    throw new FatalAlert(Alert.PROTOCOL_VERSION, message, 'TLS_HANDSHAKE')
  }
  if (hello.cipherSuites.includes(FALLBACK) && hello.legacyVersion < 0x0300 + newest) {
    const message = 'The client fell back to an older version than both sides speak.'
    throw new FatalAlert(Alert.INAPPROPRIATE_FALLBACK, message, 'TLS_INAPPROPRIATE_FALLBACK')
  }
  const ours = forgeSuites.map(suiteNumber)
  if (!hello.cipherSuites.some((suite) => ours.includes(suite))) {
    const message = 'The two sides have no cipher suite in common.'
    throw new FatalAlert(Alert.HANDSHAKE_FAILURE, message, 'TLS_HANDSHAKE')
  }
}

/** A client that lists its versions speaks those; any other speaks all up to the one it names. */
function speaks({ legacyVersion, supportedVersions }: ClientHello, minor: number): boolean {
  const version = 0x0300 + minor
  return supportedVersions.length > 0
    ? supportedVersions.includes(version)
    : legacyVersion >= version
}

/** `TLS_FALLBACK_SCSV` (RFC 7507 §3). */
const FALLBACK = 0x5600
