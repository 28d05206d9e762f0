import { RecordType } from '@tlsio/core/wire'
import type { Address, GnutlsFunctions } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { HEADER } from './handshake-records.js'

/** Encrypts and decrypts records of TLS 1.3 by libgnutls's own cipher (RFC 8446 §5.2, §5.3). */
export class RecordCipher {
  readonly #gnutls: Gnutls
  readonly #handle: Address
  readonly #tagSize: number
  readonly #close: () => void
  readonly #iv: Uint8Array
  readonly #ivView: DataView
  readonly #nonce = new Uint8Array(IV_SIZE)
  readonly #nonceView = new DataView(this.#nonce.buffer)
  readonly #outSize = new BigUint64Array(1)

  /**
   * @param cipher - as libgnutls numbers it.
   * @param key - is erased.
   * @param iv - 12 bytes, kept, and erased when this is closed.
   * @throws {@link GnutlsError}
   */
  constructor(gnutls: Gnutls, cipher: number, key: Uint8Array, iv: Uint8Array) {
    const { functions, ledger, memory } = gnutls
    let handle: Address
    try {
      handle = gnutls.handle((made) =>
        memory.withDatum(key, (data) => functions.aead_cipher_init(made, cipher, data)),
      )
    } finally {
      key.fill(0)
    }
    this.#gnutls = gnutls
    this.#handle = handle
    this.#tagSize = functions.cipher_get_tag_size(cipher)
    this.#close = ledger.own(this, 'cipher', () => functions.aead_cipher_deinit(handle))
    this.#iv = iv
    this.#ivView = new DataView(iv.buffer, iv.byteOffset)
    this.#nonce.set(iv)
  }

  /** Bytes of a record with so many of content. */
  sizeOf(content: number): number {
    return HEADER + content + 1 + this.#tagSize
  }

  /**
   * Encrypts application data, without padding.
   *
   * @param sequence - how many records came before; with one key no number comes twice.
   * @param record - where it goes: {@link sizeOf} bytes.
   * @throws {@link GnutlsError}
   */
  encrypt(content: Uint8Array, sequence: number, record: Uint8Array): void {
    const length = record.length - HEADER
    record[0] = scratch[0] = RecordType.APPLICATION_DATA
    record[1] = scratch[1] = 3
    record[2] = scratch[2] = 3
    record[3] = scratch[3] = length >> 8
    record[4] = scratch[4] = length
    scratch.set(content, HEADER)
    scratch[HEADER + content.length] = RecordType.APPLICATION_DATA
    const { aead_cipher_encrypt } = this.#gnutls.functions
    const out = record.subarray(HEADER)
    this.#gnutls.require(this.#run(aead_cipher_encrypt, sequence, content.length + 1, out))
  }

  /**
   * Decrypts a record, header and all.
   *
   * @param sequence - how many records came before.
   * @param room - for as many bytes; the record may lie in it, see {@link restore}.
   * @returns how many bytes of `room` are its content, with type and padding; 0 if it does not decrypt,
   *   and what stands in `room` is worth nothing.
   */
  decrypt(record: Uint8Array, sequence: number, room: Uint8Array): number {
    const length = record.length - HEADER
    if (length > MOST_FRAGMENT || room.length < length) return 0
    scratch.set(record)
    const code = this.#run(this.#gnutls.functions.aead_cipher_decrypt, sequence, length, room)
    return code < 0 ? 0 : Number(this.#outSize[0])
  }

  /** Puts the record that {@link decrypt} was just called for, no longer than one is, back where it lay. */
  restore(record: Uint8Array): void {
    record.set(scratch.subarray(0, record.length))
  }

  /** Lets go of the key. */
  close(): void {
    this.#close()
    this.#iv.fill(0)
    this.#nonce.fill(0)
    scratch.fill(0)
  }

  /** What is in the scratch: a header, and so many bytes behind it. */
  #run(
    call: GnutlsFunctions['aead_cipher_encrypt'],
    sequence: number,
    size: number,
    out: Uint8Array,
  ): number {
    const nonce = this.#nonceView
    nonce.setUint32(HIGH, this.#ivView.getUint32(HIGH) ^ (sequence / 2 ** 32))
    nonce.setUint32(LOW, this.#ivView.getUint32(LOW) ^ sequence)
    this.#outSize[0] = BigInt(out.length)
    const tag = this.#tagSize
    const made = this.#outSize
    return call(this.#handle, this.#nonce, IV_SIZE, scratch, HEADER, tag, body, size, out, made)
  }
}

/** Bytes of the nonce of every cipher of TLS 1.3 (RFC 8446 §5.3). */
export const IV_SIZE = 12

/** Most bytes of a record behind its header: 2^14 + 256 (RFC 8446 §5.2). */
export const MOST_FRAGMENT = 16_640

/** Where the sequence number goes in the nonce, half by half. */
const HIGH = 4
const LOW = 8

/** What is read: a record in memory that stays in the processor's cache. */
const scratch = new Uint8Array(HEADER + MOST_FRAGMENT)
const body: Uint8Array = scratch.subarray(HEADER)
