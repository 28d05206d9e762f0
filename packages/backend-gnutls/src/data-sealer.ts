import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { RecordState } from './record-state.js'

/**
 * Encrypts application data of TLS 1.3 where it is to be sent from: libgnutls would copy each record three
 * times. Before libgnutls is called for anything that it may send, this has to be over.
 */
export class DataSealer {
  readonly #state: RecordState

  /**
   * @param session - which has sent all there was, and owes the peer nothing.
   * @throws {@link GnutlsError}
   */
  constructor(gnutls: Gnutls, session: Address) {
    this.#state = new RecordState(gnutls, session, 'send')
  }

  /** Whether libgnutls is to send the next record: it has to see the key to its end (RFC 8446 §5.5). */
  get isOver(): boolean {
    return this.#state.sequence % RECORDS_OF_A_KEY >= RECORDS_OF_A_KEY - LAST_RECORDS
  }

  /** Bytes of a record with so many of data. */
  sizeOf(data: number): number {
    return this.#state.cipher.sizeOf(data)
  }

  /** Makes a record of {@link sizeOf} bytes. @throws {@link GnutlsError} */
  seal(data: Uint8Array, record: Uint8Array): void {
    // Counted first: whatever becomes of it, a number is used once.
    this.#state.cipher.encrypt(data, this.#state.sequence++, record)
  }

  /** libgnutls goes on from here. @throws {@link GnutlsError} */
  giveBack(): void {
    this.#state.giveBack()
  }

  /** Lets go of the key. */
  close(): void {
    this.#state.close()
  }
}

/** When the last of so many has been sent, libgnutls renews the key, if its cipher needs it. */
const RECORDS_OF_A_KEY = 2 ** 24

/** So many it sends itself, to notice. */
const LAST_RECORDS = 16
