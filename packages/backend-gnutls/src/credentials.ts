import { Format } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'

/** A `gnutls_certificate_credentials_t`; it outlives the sessions that use it. */
export interface Credentials {
  readonly handle: Address
}

/**
 * Whom libgnutls trusts. What it shows of us is asked for at the moment it needs it.
 */
export class CredentialsByAnchors {
  readonly #gnutls: Gnutls
  readonly #known = new WeakMap<readonly Uint8Array[], Credentials>()

  /** Nobody is trusted with them, which is enough where no chain is judged. */
  readonly bare: Credentials

  constructor(gnutls: Gnutls) {
    this.#gnutls = gnutls
    this.bare = this.#make([])
  }

  /** Reading the anchors of a system takes as long as a dozen handshakes: once for the same list. */
  get(anchors: readonly Uint8Array[]): Credentials {
    if (anchors.length === 0) return this.bare
    let credentials = this.#known.get(anchors)
    if (credentials === undefined) {
      credentials = this.#make(anchors)
      this.#known.set(anchors, credentials)
    }
    return credentials
  }

  #make(anchors: readonly Uint8Array[]): Credentials {
    const { functions, ledger, callbacks } = this.#gnutls
    const handle = this.#gnutls.handle((made) => functions.certificate_allocate_credentials(made))
    const credentials = { handle }
    ledger.own(credentials, 'credentials', () => functions.certificate_free_credentials(handle))
    functions.certificate_set_retrieve_function2(handle, callbacks.retrieve)
    for (const anchor of anchors) {
      // One that libgnutls cannot read vouches for nobody there.
      this.#gnutls.memory.withDatum(anchor, (ca) =>
        functions.certificate_set_x509_trust_mem(handle, ca, Format.DER),
      )
    }
    return credentials
  }
}
