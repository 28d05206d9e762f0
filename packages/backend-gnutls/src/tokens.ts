import { isMainThread } from 'node:worker_threads'
import { type CertificateKeyType, TlsCertificate, TlsError, TlsPasswordFlags } from '@tlsio/core'
import type { GivenPin, OpenToken, TokenOutcome } from '@tlsio/core/backend'
import { Code, Format, OBJECT_LOGIN } from './ffi/constants.js'
import type { Address, TokenFunctions } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { PinForCall } from './pin-for-call.js'
import { tokenModulesOf } from './token-modules.js'

/** A private key in a token, as libgnutls uses it. */
export interface TokenKey {
  /** The `gnutls_privkey_t`: as long as it is there, nobody has to give the PIN again. */
  readonly handle: Address
  /** Whether the token wants the PIN for each signature. */
  readonly asksEachTime: boolean
}

/** Certificates and keys in tokens, by PKCS #11 modules that libgnutls loads. */
export class Tokens {
  readonly #gnutls: Gnutls

  constructor(gnutls: Gnutls) {
    this.#gnutls = gnutls
  }

  /**
   * Whether this libgnutls has PKCS #11 at all, and this thread may use it. A worker thread can be ended
   * while C waits for the PIN: it would then take what happens to be in its memory for one, and would
   * try that until the token is locked.
   */
  get isSupported(): boolean {
    return isMainThread && this.#gnutls.library.tokenFunctions !== undefined
  }

  /**
   * Loads modules, unless they are there already.
   *
   * @param modules - their paths; `undefined` for those of the system.
   * @throws {@link TlsError} `TLS_MISC` for one that does not work, and for those of the system after
   *   others.
   */
  load(modules: readonly string[] | undefined): void {
    tokenModulesOf(this.#gnutls, this.#functions).load(modules)
  }

  /**
   * DER of a certificate and of its issuers in the token, the leaf first. Who asks for one that is hidden
   * without the PIN is asked for that.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is none.
   */
  async readChain(uri: string, openToken: OpenToken): Promise<readonly Uint8Array[]> {
    return openToken(uri, (location, pin) => this.#importChain(location, pin))
  }

  /**
   * Opens the private key of a certificate; it is the caller's to free.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if there is none, or it is of another certificate.
   */
  async openKey(certificate: TlsCertificate, openToken: OpenToken): Promise<TokenKey> {
    const { privkey_deinit } = this.#gnutls.functions
    const handle = await openToken(keyUriOf(certificate), (location, pin) =>
      this.#importKey(location, pin),
    )
    try {
      const outcome = this.#trySigning(certificate, handle, undefined)
      return { handle, asksEachTime: 'wants' in outcome }
    } catch (error) {
      privkey_deinit(handle)
      throw error
    }
  }

  /** Whether an open key can still be used: a token may have been pulled out, or have closed it. */
  isThere(key: Address): boolean {
    return this.#functions.privkey_status(key) > 0
  }

  /**
   * The PIN for the next signature of a key that wants it each time, tried with another signature, since
   * nobody can be asked in the midst of a handshake. It is a copy, to be erased.
   */
  async pinForSignature(
    certificate: TlsCertificate,
    handle: Address,
    openToken: OpenToken,
  ): Promise<GivenPin> {
    return openToken(keyUriOf(certificate), (_, pin) => {
      const outcome = this.#trySigning(certificate, handle, pin)
      if ('wants' in outcome) return outcome
      const { token = '', value = new Uint8Array(0) } = pin ?? {}
      return { opened: { token, value: value.slice() } }
    })
  }

  #importChain(uri: string, pin: GivenPin | undefined): TokenOutcome<readonly Uint8Array[]> {
    const hidden = pin === undefined ? 0 : OBJECT_LOGIN
    const outcome = this.#listChain(uri, pin, hidden)
    if (outcome !== undefined) return outcome
    // There is none to be seen: with the PIN there may be, in a token that is named. Others are not asked.
    const mayBeHidden = hidden === 0 && namesToken.test(uri)
    const withLogin = mayBeHidden ? this.#listChain(uri, pin, OBJECT_LOGIN) : undefined
    if (withLogin !== undefined) return withLogin
    throw new TlsError('TLS_BAD_CERTIFICATE', 'There is no such certificate in a token.')
  }

  #listChain(
    uri: string,
    pin: GivenPin | undefined,
    flags: number,
  ): TokenOutcome<readonly Uint8Array[]> | undefined {
    const { callbacks, memory, library } = this.#gnutls
    const { x509_crt_list_import_url, x509_crt_export2, x509_crt_deinit } = this.#functions
    const list = new BigUint64Array(1)
    const count = new Uint32Array(1)
    const given = new PinForCall(pin)
    const code = callbacks.during(given, () =>
      x509_crt_list_import_url(list, count, uri, callbacks.pin, 0, flags),
    )
    if (isMissing(code) && given.wants === undefined) return undefined
    if (code < 0) return this.#wanted(code, given, 'certificate')
    const [address = 0n] = list
    const handles = new BigUint64Array(count[0] as number)
    memory.readInto(handles, address)
    try {
      const chain = Array.from(handles, (handle) => {
        const der = memory.owned((made) => x509_crt_export2(handle, Format.DER, made))
        return der ?? this.#unreadable()
      })
      return { opened: chain }
    } finally {
      for (const handle of handles) x509_crt_deinit(handle)
      library.free(address)
    }
  }

  #importKey(uri: string, pin: GivenPin | undefined): TokenOutcome<Address> {
    const { callbacks, functions } = this.#gnutls
    const { privkey_set_pin_function, privkey_import_url } = this.#functions
    const key = this.#gnutls.handle((made) => functions.privkey_init(made))
    const given = new PinForCall(pin)
    privkey_set_pin_function(key, callbacks.pin, 0)
    const code = callbacks.during(given, () => privkey_import_url(key, uri, 0))
    if (code >= 0) return { opened: key }
    functions.privkey_deinit(key)
    if (isMissing(code) && given.wants === undefined) {
      throw new TlsError('TLS_BAD_CERTIFICATE', 'There is no such private key in a token.')
    }
    return this.#wanted(code, given, 'private key')
  }

  /**
   * Makes a signature that is of no use but to know the key: it fits the certificate or is refused, and
   * may want the PIN for it. A key that cannot make just this one may still be good for others; but any
   * other failure is one.
   */
  #trySigning(
    certificate: TlsCertificate,
    key: Address,
    pin: GivenPin | undefined,
  ): TokenOutcome<undefined> {
    const { callbacks, memory } = this.#gnutls
    const { privkey_sign_data2, sign_get_id } = this.#functions
    const name = certificate.keyType && signatures[certificate.keyType]
    if (name === undefined) return { opened: undefined }
    const algorithm = sign_get_id(name)
    const given = new PinForCall(pin)
    let code = 0
    const signature = memory.owned((made) => {
      code = memory.withDatum(TEXT, (text) =>
        callbacks.during(given, () => privkey_sign_data2(key, algorithm, 0, text, made)),
      )
      return code
    })
    if (given.wants !== undefined || (code < 0 && !unableToSign.has(code))) {
      return this.#wanted(code, given, 'private key')
    }
    if (signature !== undefined) this.#requireFit(certificate, algorithm, signature)
    return { opened: undefined }
  }

  #requireFit(certificate: TlsCertificate, algorithm: number, signature: Uint8Array): void {
    const functions = this.#functions
    const key = this.#gnutls.handle((made) => functions.pubkey_init(made))
    try {
      const { der } = certificate
      const { memory } = this.#gnutls
      const code = memory.withDatum(der, (data) =>
        functions.pubkey_import_x509_raw(key, data, Format.DER, 0),
      )
      const verify = () =>
        memory.withDatum(TEXT, (text) =>
          memory.withDatum(signature, (signed) =>
            functions.pubkey_verify_data2(key, algorithm, 0, text, signed),
          ),
        )
      if (code >= 0 && verify() >= 0) return
    } finally {
      functions.pubkey_deinit(key)
    }
    throw new TlsError(
      'TLS_BAD_CERTIFICATE',
      `The private key in the token is not that of ${certificate}.`,
    )
  }

  /** What a failed call has asked for in vain; it may have tried something else afterwards. */
  #wanted(
    code: number,
    { wants, answered }: PinForCall,
    what: string,
  ): { readonly wants: NonNullable<typeof wants> } {
    const cause = this.#gnutls.error(code)
    if (code === Code.PKCS11_PIN_LOCKED || code === Code.PKCS11_PIN_EXPIRED) {
      const message = `The PIN of the token is of no use any more (GnuTLS: ${cause.message}).`
      throw new TlsError('TLS_BAD_CERTIFICATE_PASSWORD', message, { cause })
    }
    if (wants !== undefined) return { wants }
    // It is not asked for again if its length is out of range; a signature is tried without it then.
    if (answered !== undefined && notLoggedIn.has(code)) {
      return { wants: { ...answered, flags: answered.flags | TlsPasswordFlags.RETRY } }
    }
    const message = `The ${what} in the token cannot be used (GnuTLS: ${cause.message}).`
    throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
  }

  #unreadable(): never {
    throw new TlsError('TLS_BAD_CERTIFICATE', 'The certificate in the token cannot be read.')
  }

  get #functions(): TokenFunctions {
    const { tokenFunctions } = this.#gnutls.library
    if (tokenFunctions === undefined || !this.isSupported) {
      throw new TlsError('TLS_NOT_SUPPORTED', 'There are no tokens (PKCS #11) here.')
    }
    return tokenFunctions
  }
}

function isMissing(code: number): boolean {
  return (
    code === Code.REQUESTED_DATA_NOT_AVAILABLE || code === Code.PKCS11_REQUESTED_OBJECT_NOT_AVAILBLE
  )
}

/** Where the key is. A URI that names the certificate's type, as listings have it, names no key. */
function keyUriOf(certificate: TlsCertificate): string {
  const uri = TlsCertificate.tokenKeyUriOf(certificate) ?? ''
  if (certificate.privateKeyPkcs11Uri !== null) return uri
  const [path = '', ...query] = uri.slice(SCHEME.length).split('?')
  const attributes = path.split(';').filter((attribute) => !isTypeOfCertificate.test(attribute))
  return [`${SCHEME}${attributes.join(';')}`, ...query].join('?')
}

const SCHEME = 'pkcs11:'

/** One token, and no more. */
const namesToken = /[:;](token|serial)=/

/** RFC 7512 §2.3, and how it was before. */
const isTypeOfCertificate = /^(object-)?type=cert$/

/** Names that libgnutls gives to signatures. */
const signatures: Readonly<Record<CertificateKeyType, string>> = {
  RSA: 'RSA-SHA256',
  'RSA-PSS': 'RSA-PSS-SHA256',
  EC: 'ECDSA-SHA256',
  Ed25519: 'EdDSA-Ed25519',
  Ed448: 'EdDSA-Ed448',
}

/** The login has failed, or was needed. */
const notLoggedIn: ReadonlySet<number> = new Set([Code.PKCS11_PIN_ERROR, Code.PKCS11_USER_ERROR])

/** The token, or libgnutls, does not make signatures of this kind by this key. */
const unableToSign: ReadonlySet<number> = new Set([
  Code.INVALID_REQUEST,
  Code.UNKNOWN_PK_ALGORITHM,
  Code.CONSTRAINT_ERROR,
  Code.UNSUPPORTED_SIGNATURE_ALGORITHM,
  Code.PKCS11_UNSUPPORTED_FEATURE_ERROR,
  Code.INCOMPATIBLE_SIG_WITH_KEY,
  Code.UNIMPLEMENTED_FEATURE,
])

/** What is signed to know the key by: nothing that any protocol would take for its own. */
const TEXT = new TextEncoder().encode('tlsio: does this key belong to its certificate?')
