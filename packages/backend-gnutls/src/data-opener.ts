import { RecordType } from '@tlsio/core/wire'
import { MOST_PLAINTEXT } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { HEADER } from './handshake-records.js'
import { MOST_FRAGMENT } from './record-cipher.js'
import { RecordState } from './record-state.js'

/**
 * Opens application data of TLS 1.3 where it lies: libgnutls would copy each record three times. What is no
 * data, or does not decrypt, is libgnutls's to judge, and so is all that follows until this is made anew.
 */
export class DataOpener {
  readonly #state: RecordState

  /**
   * @param session - which waits for the beginning of a record.
   * @throws {@link GnutlsError}
   */
  constructor(gnutls: Gnutls, session: Address) {
    this.#state = new RecordState(gnutls, session, 'receive')
  }

  /**
   * Decrypts a record.
   *
   * @param room - for as many bytes; the record may lie in it.
   * @returns how many bytes of `room` are data; 0 if the record, which is as it was, is libgnutls's to judge.
   */
  open(record: Uint8Array, room: Uint8Array): number {
    const mayBeData = record[0] === RecordType.APPLICATION_DATA && record.length <= MOST_RECORD
    if (!mayBeData || record.length > room.length) return 0
    const { cipher, sequence } = this.#state
    // TLSInnerPlaintext: the content, its type, zeros; no more than the most content and a type
    // (RFC 8446 §5.2, §5.4).
    let end = cipher.decrypt(record, sequence, room)
    if (end > MOST_PLAINTEXT + 1) end = 0
    while (end > 0 && room[end - 1] === 0) end--
    const size = end - 1
    if (size > 0 && room[size] === RecordType.APPLICATION_DATA) {
      this.#state.sequence++
      return size
    }
    room.fill(0, 0, record.length)
    cipher.restore(record)
    return 0
  }

  /** The end of this: libgnutls goes on. @throws {@link GnutlsError} */
  giveBack(): void {
    this.#state.giveBack()
  }

  /** Lets go of the key. */
  close(): void {
    this.#state.close()
  }
}

const MOST_RECORD: number = HEADER + MOST_FRAGMENT
