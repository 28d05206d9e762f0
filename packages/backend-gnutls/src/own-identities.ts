import { TlsCertificate, TlsError } from '@tlsio/core'
import type { GivenPin, OpenToken } from '@tlsio/core/backend'
import type { ShownIdentity } from './ffi/callbacks.js'
import { Format, PCERT_SIZE } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import type { TokenKey, Tokens } from './tokens.js'

/** A certificate of ours for one handshake. */
export interface ReadyIdentity {
  /** Shared with other handshakes. */
  readonly identity: ShownIdentity
  /** For a key in a token that wants it for each signature; to be erased after the handshake. */
  readonly pin?: GivenPin | undefined
}

/**
 * Certificates of ours as libgnutls takes them. Who uses one holds on to it: it is freed when the last
 * has let go.
 */
export class OwnIdentities {
  readonly #gnutls: Gnutls
  readonly #tokens: Tokens
  readonly #known = new WeakMap<TlsCertificate, ShownIdentity>()
  readonly #askEachTime = new WeakSet<ShownIdentity>()

  constructor(gnutls: Gnutls, tokens: Tokens) {
    this.#gnutls = gnutls
    this.#tokens = tokens
  }

  /**
   * What to show for a certificate: it and its issuers, and its key. For a key in a token, somebody may
   * have to be asked.
   *
   * @param modules - PKCS #11 modules to look for tokens in.
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if GnuTLS cannot use it.
   */
  get(
    certificate: TlsCertificate,
    openToken: OpenToken,
    modules: readonly string[] | undefined,
  ): ReadyIdentity | Promise<ReadyIdentity> {
    if (TlsCertificate.tokenKeyUriOf(certificate) === undefined) {
      return { identity: this.#known.get(certificate) ?? this.#openWithKey(certificate) }
    }
    return this.#inToken(certificate, openToken, modules)
  }

  #openWithKey(certificate: TlsCertificate): ShownIdentity {
    try {
      return this.#open(certificate, importKey(this.#gnutls, certificate.privateKeyPem ?? ''))
    } catch (cause) {
      throw unusable(certificate, cause)
    }
  }

  async #inToken(
    certificate: TlsCertificate,
    openToken: OpenToken,
    modules: readonly string[] | undefined,
  ): Promise<ReadyIdentity> {
    const tokens = this.#tokens
    let identity = this.#known.get(certificate)
    if (identity !== undefined && !tokens.isThere(identity.privateKey)) {
      this.#known.delete(certificate)
      identity = undefined
    }
    if (identity === undefined) {
      tokens.load(modules)
      const key = await tokens.openKey(certificate, openToken)
      identity = this.#keep(certificate, key)
    }
    if (!this.#askEachTime.has(identity)) return { identity }
    const { privateKey } = identity
    return { identity, pin: await tokens.pinForSignature(certificate, privateKey, openToken) }
  }

  /** Another handshake may have opened the same key meanwhile. */
  #keep(certificate: TlsCertificate, { handle, asksEachTime }: TokenKey): ShownIdentity {
    const known = this.#known.get(certificate)
    if (known !== undefined) {
      this.#gnutls.functions.privkey_deinit(handle)
      return known
    }
    let identity: ShownIdentity
    try {
      identity = this.#open(certificate, handle)
    } catch (cause) {
      throw unusable(certificate, cause)
    }
    if (asksEachTime) this.#askEachTime.add(identity)
    return identity
  }

  #open(certificate: TlsCertificate, privateKey: Address): ShownIdentity {
    const identity = open(this.#gnutls, certificate, privateKey)
    this.#known.set(certificate, identity)
    return identity
  }
}

function unusable(certificate: TlsCertificate, cause: unknown): TlsError {
  const message = `GnuTLS cannot use ${certificate} or its private key.`
  return new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
}

/** The key is the identity's from now on, whatever comes of it. */
function open(gnutls: Gnutls, certificate: TlsCertificate, privateKey: Address): ShownIdentity {
  const { functions, ledger } = gnutls
  const freeKey = () => functions.privkey_deinit(privateKey)
  try {
    const chain = certificate.chain().map(({ pem }) => pem)
    const certificates = importChain(gnutls, chain)
    const identity: ShownIdentity = { ...certificates, privateKey }
    const { free } = certificates
    ledger.own(identity, 'identity', () => {
      free()
      freeKey()
    })
    return identity
  } catch (error) {
    freeKey()
    throw error
  }
}

function importKey(gnutls: Gnutls, pem: string): Address {
  const { privkey_init, privkey_deinit, privkey_import_x509_raw } = gnutls.functions
  const key = gnutls.handle((handle) => privkey_init(handle))
  const code = gnutls.memory.withDatum(utf8(pem), (data) =>
    privkey_import_x509_raw(key, data, Format.PEM, null, 0),
  )
  if (code < 0) privkey_deinit(key)
  gnutls.require(code)
  return key
}

function importChain(gnutls: Gnutls, pems: readonly string[]) {
  const { functions } = gnutls
  const { koffi } = gnutls.library
  const memory = koffi.alloc('uint8_t', PCERT_SIZE * pems.length)
  const certificates = koffi.address(memory)
  const count = Uint32Array.of(pems.length)
  const code = gnutls.memory.withDatum(utf8(pems.join('')), (chain) =>
    functions.pcert_list_import_x509_raw(certificates, count, chain, Format.PEM, 0),
  )
  if (code < 0) koffi.free(memory)
  gnutls.require(code)
  const certificateCount = count[0] as number
  const free = () => {
    for (let at = 0; at < certificateCount; at++) {
      functions.pcert_deinit(certificates + BigInt(at * PCERT_SIZE))
    }
    koffi.free(memory)
  }
  return { certificates, certificateCount, free }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
