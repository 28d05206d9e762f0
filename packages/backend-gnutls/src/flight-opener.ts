import { concat } from '@tlsio/core/wire'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { IV_SIZE, RecordCipher } from './record-cipher.js'

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
  readonly #cipher: RecordCipher
  #sequence = 0

  /**
   * @param session - which has got as far as ServerHello: its cipher and hash are known.
   * @param secret - the server's handshake traffic secret (RFC 8446 §7.1).
   * @throws {@link GnutlsError}
   */
  constructor(gnutls: Gnutls, session: Address, secret: Uint8Array) {
    const { cipher_get, cipher_get_key_size, prf_hash_get } = gnutls.functions
    const cipher = cipher_get(session)
    const hash = prf_hash_get(session)
    const key = expand(gnutls, hash, secret, 'key', cipher_get_key_size(cipher))
    const iv = expand(gnutls, hash, secret, 'iv', IV_SIZE)
    this.#cipher = new RecordCipher(gnutls, cipher, key, iv)
  }

  /** The next record, header and all; `undefined` if it does not decrypt. */
  open(record: Uint8Array): OpenedRecord | undefined {
    const plaintext = new Uint8Array(record.length)
    let end = this.#cipher.decrypt(record, this.#sequence++, plaintext)
    while (end > 0 && plaintext[end - 1] === 0) end--
    if (end === 0) return undefined
    return { type: plaintext[end - 1] as number, fragment: plaintext.subarray(0, end - 1) }
  }

  /** Lets go of the keys. */
  close(): void {
    this.#cipher.close()
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
