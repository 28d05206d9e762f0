import type { TlsCertificate } from '@tlsio/core'
import type { OpenToken } from '@tlsio/core/backend'
import type { EngineContext } from './engine-context.js'
import type { AskedPin, ShownIdentity } from './ffi/callbacks.js'
import type { ReadyIdentity } from './own-identities.js'
import { PinForCall } from './pin-for-call.js'

/** Who an engine shows itself as, once that is known, and the PIN for its signature. */
export class OwnIdentity {
  readonly #context: EngineContext
  #ready: ReadyIdentity | undefined
  #pin: PinForCall | undefined
  #isReleased = false

  constructor(context: EngineContext) {
    this.#context = context
  }

  /** Opens a certificate and its key, for which somebody may have to be asked. */
  prepare(certificate: TlsCertificate, openToken: OpenToken): void | Promise<void> {
    const { identities, pkcs11Modules } = this.#context
    const ready = identities.get(certificate, openToken, pkcs11Modules)
    if (!(ready instanceof Promise)) {
      this.#ready = ready
      return
    }
    return ready.then((opened) => {
      this.#ready = opened
      if (this.#isReleased) return this.release()
      this.#pin = opened.pin && new PinForCall(opened.pin)
    })
  }

  /** What libgnutls shows the peer; `undefined` for nothing. */
  get shown(): ShownIdentity | undefined {
    return this.#ready?.identity
  }

  /** The PIN for the one signature of a handshake. */
  pin(asked: AskedPin): Uint8Array | undefined {
    return this.#pin?.pin(asked)
  }

  /** The signature was made, or is not needed. */
  erasePin(): void {
    this.#ready?.pin?.value.fill(0)
    this.#pin = undefined
  }

  /** Lets go of it. */
  release(): void {
    this.#isReleased = true
    this.erasePin()
    this.#ready = undefined
  }
}
