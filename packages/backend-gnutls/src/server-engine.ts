import { TicketKeys, type TlsProtocolVersion } from '@tlsio/core'
import type { ServerHandshakeParameters } from '@tlsio/core/backend'
import { concat } from '@tlsio/core/wire'
import type { ShownIdentity } from './ffi/callbacks.js'
import { Digest, Init, Request } from './ffi/constants.js'
import { datum } from './ffi/memory.js'
import type { Address } from './ffi/symbols.js'
import { GnutlsEngine, type RoleResult } from './gnutls-engine.js'
import { Purpose, verdictOf } from './verdict.js'

/** A server over libgnutls. */
export class GnutlsServerEngine extends GnutlsEngine<ServerHandshakeParameters> {
  #identity: ShownIdentity | undefined
  #hasAnswered = false

  protected flagsFor(): number {
    return Init.SERVER
  }

  protected configure(parameters: ServerHandshakeParameters): void {
    const { certificate, authenticationMode, anchors } = parameters
    const { functions } = this.gnutls
    const { credentials, identities } = this.context
    this.#identity = identities.get(certificate)
    this.useCredentials(credentials.get(anchors))
    if (authenticationMode !== 'none') {
      const { REQUEST, REQUIRE } = Request
      functions.certificate_server_set_request(
        this.session,
        authenticationMode === 'required' ? REQUIRE : REQUEST,
      )
    }
    this.check(
      functions.session_ticket_enable_server(this.session, datum(this.#keyFor(parameters))),
    )
  }

  protected inspect(): void {}

  protected complete(
    { authenticationMode }: ServerHandshakeParameters,
    { isResumed }: { readonly version: TlsProtocolVersion; readonly isResumed: boolean },
  ): RoleResult {
    const peerChain = authenticationMode === 'none' ? [] : this.peerChain()
    if (peerChain.length === 0 || isResumed) return { peerChain }
    return { peerChain, ...verdictOf(this.gnutls, this.session, Purpose.CLIENT) }
  }

  protected get hasSpoken(): boolean {
    return this.#hasAnswered
  }

  override push(address: Address, size: number): void {
    this.#hasAnswered = true
    super.push(address, size)
  }

  retrieve(): ShownIdentity | undefined {
    return this.#identity
  }

  hook(): void {}

  /**
   * What libgnutls derives its ticket keys from, and renews them: 64 bytes, others for servers whose
   * settings differ, since a client of one is no client of the other.
   */
  #keyFor({ ticketKeys, settingsKey }: ServerHandshakeParameters): Uint8Array {
    const settings = new TextEncoder().encode(settingsKey)
    return this.gnutls.digest(Digest.SHA512, 64, concat(TicketKeys.bytesOf(ticketKeys), settings))
  }
}
