import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { RecordCipher } from './record-cipher.js'

/**
 * One direction of a session of TLS 1.3 as libgnutls lends it to who takes records off its hands: the cipher
 * with its key, and the number of the next record.
 *
 * As long as it is lent, libgnutls must not send, or receive, in that direction.
 *
 * @see `gnutls_record_get_state()` and `gnutls_record_set_state()`, which are there for this.
 */
export class RecordState {
  readonly cipher: RecordCipher
  /** How many records came before. */
  sequence: number
  readonly #gnutls: Gnutls
  readonly #session: Address
  readonly #direction: number

  /** @throws {@link GnutlsError} */
  constructor(gnutls: Gnutls, session: Address, direction: Direction) {
    const { cipher_get, record_get_state } = gnutls.functions
    const isRead = direction === 'receive' ? 1 : 0
    this.#gnutls = gnutls
    this.#session = session
    this.#direction = isRead
    const number = new Uint8Array(8)
    gnutls.require(record_get_state(session, isRead, null, null, null, number))
    this.sequence = Number(new DataView(number.buffer).getBigUint64(0))
    const part = (read: (made: BigUint64Array) => number) =>
      gnutls.memory.borrowed(read) as Uint8Array
    const iv = part((made) => record_get_state(session, isRead, null, made, null, null))
    const key = part((made) => record_get_state(session, isRead, null, null, made, null))
    this.cipher = new RecordCipher(gnutls, cipher_get(session), key, iv)
  }

  /** Tells libgnutls how far it has come; it goes on from there. @throws {@link GnutlsError} */
  giveBack(): void {
    const { functions } = this.#gnutls
    const number = new Uint8Array(8)
    new DataView(number.buffer).setBigUint64(0, BigInt(this.sequence))
    this.#gnutls.require(functions.record_set_state(this.#session, this.#direction, number))
    this.close()
  }

  /** Lets go of the key. */
  close(): void {
    this.cipher.close()
  }
}

/** Of records. */
export type Direction = 'send' | 'receive'
