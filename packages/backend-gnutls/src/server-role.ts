import { TicketKeys } from '@tlsio/core'
import type { ServerHandshakeParameters } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import type { EngineContext } from './engine-context.js'
import type { EngineRole, RoleResult } from './engine-role.js'
import type { AskedPin, ShownIdentity } from './ffi/callbacks.js'
import { Digest, Init, Request } from './ffi/constants.js'
import type { Over } from './ffi/thread-sockets.js'
import type { GnutlsSession } from './gnutls-session.js'
import { OwnIdentity } from './own-identity.js'
import { Purpose, verdictOf } from './verdict.js'

/** What a server does, over streams or datagrams. */
export class ServerRole implements EngineRole<ServerHandshakeParameters> {
  readonly speaksFirst = false
  readonly needsSecrets = false
  hasSpoken = false
  readonly #context: EngineContext
  readonly #givesTickets: boolean
  readonly #own: OwnIdentity

  constructor(context: EngineContext, over: Over) {
    this.#context = context
    this.#own = new OwnIdentity(context)
    this.#givesTickets = over === 'stream'
  }

  flagsFor(): number {
    return this.#givesTickets ? Init.SERVER : Init.SERVER | Init.NO_TICKETS
  }

  configure(session: GnutlsSession, parameters: ServerHandshakeParameters): void | Promise<void> {
    const { authenticationMode, anchors } = parameters
    const { gnutls, credentials } = this.#context
    const { certificate_server_set_request, session_ticket_enable_server } = gnutls.functions
    session.useCredentials(credentials.get(anchors))
    if (authenticationMode !== 'none') {
      const { REQUEST, REQUIRE } = Request
      const isRequired = authenticationMode === 'required'
      certificate_server_set_request(session.handle, isRequired ? REQUIRE : REQUEST)
    }
    if (this.#givesTickets) {
      const code = gnutls.memory.withDatum(this.#keyFor(parameters), (key) =>
        session_ticket_enable_server(session.handle, key),
      )
      session.check(code)
    }
    return this.#own.prepare(parameters.certificate, parameters.openToken)
  }

  inspect(): void {}

  complete(session: GnutlsSession, { authenticationMode }: ServerHandshakeParameters): RoleResult {
    this.#own.erasePin()
    const peerChain = authenticationMode === 'none' ? [] : session.peerChain
    if (peerChain.length === 0 || session.isResumed) return { peerChain }
    return { peerChain, ...verdictOf(session.gnutls, session.handle, Purpose.CLIENT) }
  }

  /** It answers what it took for TLS. */
  noteSent(): void {
    this.hasSpoken = true
  }

  retrieve(): ShownIdentity | undefined {
    return this.#own.shown
  }

  pin(asked: AskedPin): Uint8Array | undefined {
    return this.#own.pin(asked)
  }

  release(): void {
    this.#own.release()
  }

  /**
   * What libgnutls derives its ticket keys from, and renews them: 64 bytes, others for servers whose
   * settings differ, since a client of one is no client of the other.
   */
  #keyFor({ ticketKeys, settingsKey }: ServerHandshakeParameters): Uint8Array {
    const settings = new TextEncoder().encode(settingsKey)
    const text = concat(TicketKeys.bytesOf(ticketKeys), settings)
    return this.#context.gnutls.digest(Digest.SHA512, 64, text)
  }
}
