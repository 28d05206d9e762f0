import type { TlsCertificate } from '@tlsio/core'
import type { ClientHandshakeParameters, DriverEvents } from '@tlsio/core/backend'
import { parseServerHello } from '@tlsio/core/wire'
import { chainVerdict } from './chain-verdict.js'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'
import {
  ForgeEngine,
  identityOf,
  MessageType,
  minorOf,
  minorsOf,
  type RoleResult,
} from './forge-engine.js'
import { ForgeHandshake } from './forge-handshake.js'
import { readCertificates, readDistinguishedNames } from './handshake-messages.js'
import { decodeSession, encodeSession, type ForgeSession } from './session-state.js'

/** A client over forge. */
export class ForgeClientEngine extends ForgeEngine<ClientHandshakeParameters> {
  protected readonly role = 'client'
  readonly #events: DriverEvents
  #offered: ForgeSession | undefined
  #certificate: TlsCertificate | undefined
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
      identity: () => identityOf(this.#certificate),
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
        this.#peerChain = readCertificates(body)
        return
      case MessageType.CERTIFICATE_REQUEST:
        return this.#answerRequest(body, parameters)
    }
  }

  protected complete(
    handshake: ForgeHandshake,
    { database, wantSessions }: ClientHandshakeParameters,
  ): RoleResult {
    // Who resumed shows no certificate; core knows it from the session.
    if (handshake.isResumed) return { peerChain: [], chainErrors: 0 }
    const { session } = handshake
    if (wantSessions && session.id.length > 0) {
      this.#events.session({ data: encodeSession({ ...session, peerChain: [] }) })
    }
    return {
      peerChain: this.#peerChain,
      acceptedCas: this.#acceptedCas,
      certificateRequested: this.#acceptedCas !== null,
      ...chainVerdict(this.#peerChain, database, 'serverAuth'),
    }
  }

  /** forge takes any version not above ours, and resumes with whatever the server names. */
  #inspectHello(body: Uint8Array, { minVersion, maxVersion }: ClientHandshakeParameters): void {
    const parsed = parseServerHello(body)
    if (!parsed.ok) {
      throw new FatalAlert(Alert.DECODE_ERROR, `The server's hello is damaged: ${parsed.problem}.`)
    }
    const { version, sessionId, cipherSuite } = parsed.value
    const minor = version - 0x0300
    if (minor < minorOf(minVersion) || minor > minorOf(maxVersion)) {
      const message = 'The two sides have no TLS version in common.'
      throw new FatalAlert(Alert.PROTOCOL_VERSION, message, 'TLS_HANDSHAKE')
    }
    const offered = this.#offered
    if (offered === undefined || !sameBytes(offered.id, sessionId)) return
    if (minor !== offered.minor || cipherSuite !== offered.cipherSuite) {
      const message = 'The server resumes a session with another version or cipher suite.'
      throw new FatalAlert(Alert.ILLEGAL_PARAMETER, message)
    }
  }

  async #answerRequest(body: Uint8Array, parameters: ClientHandshakeParameters): Promise<void> {
    this.#acceptedCas = readDistinguishedNames(body)
    this.#certificate = await parameters.requestCertificate(this.#acceptedCas)
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
