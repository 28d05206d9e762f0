import { concat } from '@tlsio/core/wire'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { HEADER } from './handshake-records.js'

/** Content of a record after decryption (RFC 8446 §5.2). */
export interface OpenedRecord {
  readonly type: number
  readonly fragment: Uint8Array
}

/**
 * Reads the server's first flight of TLS 1.3 beside libgnutls, which does not stop at a certificate
 * request: the records that it gets afterwards are decrypted here once more. It lives as long as that
 * takes; its keys are libgnutls's own and never leave this file.
 */
export class FlightOpener {
  readonly #gnutls: Gnutls
  readonly #iv: Uint8Array
  readonly #cipher: Address
  readonly #close: () => void
  #sequence = 0n

  /**
   * @param session - which has got as far as ServerHello: its cipher and hash are known.
   * @param secret - the server's handshake traffic secret (RFC 8446 §7.1).
   * @throws {@link GnutlsError}
   */
  constructor(gnutls: Gnutls, session: Address, secret: Uint8Array) {
    const { functions, ledger } = gnutls
    this.#gnutls = gnutls
    const cipher = functions.cipher_get(session)
    const hash = functions.prf_hash_get(session)
    const key = expand(gnutls, hash, secret, 'key', functions.cipher_get_key_size(cipher))
    this.#iv = expand(gnutls, hash, secret, 'iv', IV)
    const handle = gnutls.handle((made) =>
      gnutls.memory.withDatum(key, (data) => functions.aead_cipher_init(made, cipher, data)),
    )
    key.fill(0)
    this.#cipher = handle
    this.#close = ledger.own(this, 'cipher', () => functions.aead_cipher_deinit(handle))
  }

  /** The next record, header and all; `undefined` if it does not decrypt. */
  open(record: Uint8Array): OpenedRecord | undefined {
    const nonce = this.#iv.slice()
    const view = new DataView(nonce.buffer)
    view.setBigUint64(IV - 8, view.getBigUint64(IV - 8) ^ this.#sequence++)
    const header = record.slice(0, HEADER)
    const ciphertext = record.slice(HEADER)
    const plaintext = new Uint8Array(ciphertext.length)
    const size = BigUint64Array.of(BigInt(plaintext.length))
    const code = this.#gnutls.functions.aead_cipher_decrypt(
      this.#cipher,
      nonce,
      nonce.length,
      header,
      header.length,
      0,
      ciphertext,
      ciphertext.length,
      plaintext,
      size,
    )
    if (code < 0) return undefined
    let end = Number(size[0])
    while (end > 0 && plaintext[end - 1] === 0) end--
    if (end === 0) return undefined
    return { type: plaintext[end - 1] as number, fragment: plaintext.subarray(0, end - 1) }
  }

  /** Lets go of the keys. */
  close(): void {
    this.#close()
    this.#iv.fill(0)
  }
}

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1). */
function expand(
  gnutls: Gnutls,
  hash: number,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const name = new TextEncoder().encode(`tls13 ${label}`)
  const info = concat(
    Uint8Array.of(length >> 8, length & 0xff, name.length),
    name,
    Uint8Array.of(0),
  )
  const out = new Uint8Array(length)
  const { functions, memory } = gnutls
  const code = memory.withDatum(secret, (key) =>
    memory.withDatum(info, (about) => functions.hkdf_expand(hash, key, about, out, length)),
  )
  gnutls.require(code)
  return out
}

/** Of all ciphers of TLS 1.3 (RFC 8446 §5.3). */
const IV = 12
