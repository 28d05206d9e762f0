import { type TlsCertificate, TlsError } from '@tlsio/core'
import type { ShownIdentity } from './ffi/callbacks.js'
import { Format, PCERT_SIZE } from './ffi/constants.js'
import { datum } from './ffi/memory.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'

/**
 * Certificates of ours as libgnutls takes them. Who uses one holds on to it: it is freed when the last
 * has let go.
 */
export class OwnIdentities {
  readonly #gnutls: Gnutls
  readonly #known = new WeakMap<TlsCertificate, ShownIdentity>()

  constructor(gnutls: Gnutls) {
    this.#gnutls = gnutls
  }

  /**
   * What to show for a certificate: it and its issuers, and its key.
   *
   * @throws {@link TlsError} `TLS_BAD_CERTIFICATE` if GnuTLS cannot use it.
   */
  get(certificate: TlsCertificate): ShownIdentity {
    let identity = this.#known.get(certificate)
    if (identity === undefined) {
      try {
        identity = open(this.#gnutls, certificate)
      } catch (cause) {
        const message = `GnuTLS cannot use ${certificate} or its private key.`
        throw new TlsError('TLS_BAD_CERTIFICATE', message, { cause })
      }
      this.#known.set(certificate, identity)
    }
    return identity
  }
}

function open(gnutls: Gnutls, certificate: TlsCertificate): ShownIdentity {
  const { functions, ledger } = gnutls
  const privateKey = importKey(gnutls, certificate.privateKeyPem ?? '')
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
  const code = privkey_import_x509_raw(key, datum(utf8(pem)), Format.PEM, null, 0)
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
  const chain = datum(utf8(pems.join('')))
  const code = functions.pcert_list_import_x509_raw(certificates, count, chain, Format.PEM, 0)
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
