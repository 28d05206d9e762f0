import { TicketKeys } from '@tlsio/core'
import type { ServerHandshakeParameters } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import { TICKETS } from './capabilities.js'
import type { EngineContext } from './engine-context.js'
import type { EngineRole, RoleResult } from './engine-role.js'
import type { AskedPin, ShownIdentity } from './ffi/callbacks.js'
import { Digest, Init, Request } from './ffi/constants.js'
import { datum } from './ffi/memory.js'
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
    return Init.SERVER | (this.#givesTickets ? Init.NO_AUTO_SEND_TICKET : Init.NO_TICKETS)
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
      session.check(session_ticket_enable_server(session.handle, datum(this.#keyFor(parameters))))
    }
    return this.#own.prepare(parameters.certificate, parameters.openToken)
  }

  inspect(): void {}

  complete(session: GnutlsSession, { authenticationMode }: ServerHandshakeParameters): RoleResult {
    this.#own.erasePin()
    if (session.version === 'TLSv1.3') this.#giveTickets(session)
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

  /** As many as the client may need next (RFC 8446 Appendix C.4): one for that which it has used. */
  #giveTickets(session: GnutlsSession): void {
    const { full, resumed } = TICKETS
    const count = session.isResumed ? resumed : full
    const { session_ticket_send } = session.gnutls.functions
    session.check(session.call(() => session_ticket_send(session.handle, count, 0)))
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
