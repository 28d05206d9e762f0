import type { ClientHandshakeParameters, DriverEvents } from '@tlsio/core/backend'
import { ExtensionType, type HelloExtension, parseServerHello } from '@tlsio/core/wire'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'
import { ForgeEngine, MessageType, minorsOf, type RoleResult } from './forge-engine.js'
import { ForgeHandshake } from './forge-handshake.js'
import { readCertificates, readDistinguishedNames } from './handshake-messages.js'
import { ownIdentity } from './own-identity.js'
import { decodeSession, encodeSession, type ForgeSession } from './session-state.js'

/** A client over forge. */
export class ForgeClientEngine extends ForgeEngine<ClientHandshakeParameters> {
  protected readonly role = 'client'
  readonly #events: DriverEvents
  #offered: ForgeSession | undefined
  #identity = ownIdentity(undefined)
  #peerChain: readonly Uint8Array[] = []
  #acceptedCas: readonly Uint8Array[] | null = null

  constructor(ciphers: CipherProvider, events: DriverEvents) {
    super(ciphers)
    this.#events = events
  }

  protected createHandshake(
    parameters: ClientHandshakeParameters,
    send: (type: number, fragment: Uint8Array) => void,
  ): ForgeHandshake {
    const { session, serverName } = parameters
    this.#offered = session && decodeSession(session)
    return new ForgeHandshake({
      ciphers: this.ciphers,
      role: 'client',
      minors: minorsOf(parameters),
      send,
      serverName,
      session: this.#offered,
      identity: () => this.#identity,
    })
  }

  protected inspect(
    type: number,
    body: Uint8Array,
    parameters: ClientHandshakeParameters,
  ): void | Promise<void> {
    switch (type) {
      case MessageType.SERVER_HELLO:
        return this.#inspectHello(body, parameters)
      case MessageType.CERTIFICATE:
        // Only the first: forge refuses another, but only after this.
        if (this.#peerChain.length === 0) this.#peerChain = readCertificates(body)
        return
      case MessageType.CERTIFICATE_REQUEST:
        return this.#answerRequest(body, parameters)
    }
  }

  protected complete(
    handshake: ForgeHandshake,
    { wantSessions }: ClientHandshakeParameters,
  ): RoleResult {
    // Who resumed shows no certificate; core knows it from the session.
    if (handshake.isResumed) return { peerChain: [] }
    const { session } = handshake
    if (wantSessions && session.id.length > 0) {
      this.#events.session({ data: encodeSession({ ...session, peerChain: [] }) })
    }
    return {
      peerChain: this.#peerChain,
      acceptedCas: this.#acceptedCas,
      certificateRequested: this.#acceptedCas !== null,
    }
  }

  /** forge takes any version not above ours, and resumes with whatever the server names. */
  #inspectHello(body: Uint8Array, parameters: ClientHandshakeParameters): void {
    const parsed = parseServerHello(body)
    if (!parsed.ok) {
      throw new FatalAlert(Alert.DECODE_ERROR, `The server's hello is damaged: ${parsed.problem}.`)
    }
    const { legacyVersion, sessionId, cipherSuite, extensions } = parsed.value
    // What the extension of newer versions says does not count: it is refused below.
    const minor = minorsOf(parameters).find((one) => legacyVersion === (0x0300 | one))
    if (minor === undefined) {
      const message = 'The two sides have no TLS version in common.'
      throw new FatalAlert(Alert.PROTOCOL_VERSION, message, 'TLS_HANDSHAKE')
    }
    for (const extension of extensions) requireAsked(extension, parameters.serverName !== undefined)
    const offered = this.#offered
    if (offered === undefined || !sameBytes(offered.id, sessionId)) return
    if (minor !== offered.minor || cipherSuite !== offered.cipherSuite) {
      const message = 'The server resumes a session with another version or cipher suite.'
      throw new FatalAlert(Alert.ILLEGAL_PARAMETER, message)
    }
  }

  /** Not before the server has shown its own, and once: somebody may have to be asked. */
  #answerRequest(body: Uint8Array, parameters: ClientHandshakeParameters): Promise<void> {
    if (this.#peerChain.length === 0 || this.#acceptedCas !== null) {
      throw new FatalAlert(
        Alert.UNEXPECTED_MESSAGE,
        'The server asks for a certificate out of turn.',
      )
    }
    return this.#ask(body, parameters)
  }

  async #ask(body: Uint8Array, parameters: ClientHandshakeParameters): Promise<void> {
    this.#acceptedCas = readDistinguishedNames(body)
    this.#identity = ownIdentity(await parameters.requestCertificate(this.#acceptedCas))
  }
}

/**
 * A server answers with nothing that was not asked for (RFC 4366 §2.3); what it says of renegotiation
 * in a first handshake is that there was none before (RFC 5746 §3.4).
 */
function requireAsked({ type, data }: HelloExtension, hasServerName: boolean): void {
  if (type === ExtensionType.SERVER_NAME && hasServerName && data.length === 0) return
  if (type !== RENEGOTIATION_INFO) {
    const message = `The server answers with the extension ${type}, which it was not asked for.`
    throw new FatalAlert(Alert.UNSUPPORTED_EXTENSION, message)
  }
  if (data.length === 1 && data[0] === 0) return
  throw new FatalAlert(Alert.HANDSHAKE_FAILURE, 'The server speaks of an earlier handshake.')
}

/** RFC 5746 §3.2. */
const RENEGOTIATION_INFO = 0xff01

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
