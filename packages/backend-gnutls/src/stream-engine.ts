import type { TlsError } from '@tlsio/core'
import { errorForAlert, type HandshakeParameters, type TlsEngine } from '@tlsio/core/backend'
import { RecordType } from '@tlsio/core/wire'
import { Incoming, Outgoing, uninitialized } from './byte-queues.js'
import { Alert, CIPHER_NULL, Code, MOST_PLAINTEXT } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import { GnutlsEngine } from './gnutls-engine.js'
import { HandshakeRecords, HEADER } from './handshake-records.js'
import { OuterTypes } from './outer-types.js'
import { UnexpectedError } from './tls-errors.js'

/** TLS 1.2 and 1.3 by libgnutls, bytes in and bytes out. */
export class StreamEngine<P extends HandshakeParameters>
  extends GnutlsEngine<P>
  implements TlsEngine<P>
{
  protected readonly flags = 0
  readonly #incoming = new Incoming()
  readonly #outgoing = new Outgoing()
  readonly #plaintext: Uint8Array[] = []
  readonly #records = new HandshakeRecords()
  readonly #outerTypes = new OuterTypes()
  #useless = 0
  /** What records are decrypted into, and how much of it is in use. */
  #room: Uint8Array = NONE
  #used = 0

  receive(ciphertext: Uint8Array): void | Promise<void> {
    if (this.hasEnded) return
    if (this.result !== undefined) {
      this.step(() => this.#feed(ciphertext))
      return
    }
    return this.steps(() => this.#takeRecords(this.#records.push(ciphertext)))
  }

  write(plaintext: Uint8Array): void {
    this.step(() => {
      const { record_send } = this.gnutls.functions
      const { session } = this
      const records = Math.ceil(plaintext.length / MOST_PLAINTEXT)
      this.#outgoing.expect(plaintext.length + records * MOST_RECORD_OVERHEAD)
      for (let at = 0; at < plaintext.length; ) {
        const part = plaintext.subarray(at, at + MOST_PLAINTEXT)
        at += session.check(session.call(() => record_send(session.handle, part, part.length)))
      }
    })
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#outgoing.take()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.shift()
  }

  override push(address: Address, size: number): void {
    this.gnutls.memory.readInto(this.#outgoing.reserve(size), address)
    this.role.noteSent?.()
  }

  override pull(size: number): Uint8Array | undefined {
    return this.#incoming.take(size)
  }

  override unpull(bytes: Uint8Array): void {
    this.#incoming.putBack(bytes)
  }

  override get hasIncoming(): boolean {
    return this.#incoming.size > 0
  }

  protected override prepare(): void {}

  /** Goes on with the handshake, and with what follows it. */
  protected override shake(): void {
    const { handshake } = this.gnutls.functions
    const { session } = this
    while (!this.hasEnded) {
      const before = this.#incoming.size
      const code = session.call(() => handshake(session.handle))
      if (code === Code.SUCCESS) {
        this.#useless = 0
        this.finish()
        this.#receiveData()
        return
      }
      // It stops after some messages, though there are more.
      if (code === Code.AGAIN || code === Code.INTERRUPTED) {
        if (this.#incoming.size === 0 || this.#incoming.size === before) return
      } else if (code === Code.WARNING_ALERT_RECEIVED) this.#countUseless()
      else if (code === Code.SESSION_EOF) this.hasEnded = true
      else session.check(code)
    }
  }

  /** Record after record, as long as the handshake lasts. */
  #takeRecords(records: Uint8Array[]): void | Promise<void> {
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      if (this.result === undefined) {
        if (this.#takePlainRecord(record)) return
        const waiting = this.role.inspect(record)
        if (waiting !== undefined) {
          const next = record
          return waiting.then(() => {
            this.#feed(next)
            return this.#takeRecords(records)
          })
        }
      }
      this.#feed(record)
      if (this.hasEnded) return
    }
    if (this.result !== undefined) this.#feed(this.#records.takeRest())
    else if (this.#records.problem !== undefined) throw refuse(this.#records.problem)
  }

  /**
   * What libgnutls gets wrong of records in the clear once TLS 1.3 has keys. Who did not get as far says
   * so in an alert (RFC 8446 §6), which it finds out of turn; a handshake record, which is out of turn
   * (§5.2), it decrypts.
   *
   * @returns whether the peer has ended with it.
   */
  #takePlainRecord(record: Uint8Array): boolean {
    const [type] = record
    if (type !== RecordType.ALERT && type !== RecordType.HANDSHAKE) return false
    const { cipher_get } = this.gnutls.functions
    const { session } = this
    if (session.version !== 'TLSv1.3' || cipher_get(session.handle) <= CIPHER_NULL) return false
    const description = record[HEADER + 1]
    if (type !== RecordType.ALERT || record.length !== HEADER + 2 || description === undefined) {
      throw inTheClear()
    }
    if (description !== Alert.CLOSE_NOTIFY) throw errorForAlert(description)
    this.hasEnded = true
    return true
  }

  /** Goes on as far as `ciphertext` leads. */
  #feed(ciphertext: Uint8Array): void {
    if (this.result?.protocolVersion !== 'TLSv1.3') {
      this.#add(ciphertext)
      return
    }
    const end = this.#outerTypes.endOfGood(ciphertext)
    this.#add(ciphertext.subarray(0, end))
    if (end < ciphertext.length && !this.hasEnded) throw inTheClear()
  }

  #add(ciphertext: Uint8Array): void {
    this.#incoming.add(ciphertext)
    if (this.result !== undefined) this.#receiveData()
    else this.shake()
  }

  #receiveData(): void {
    const { record_recv } = this.gnutls.functions
    const { session } = this
    try {
      // What libgnutls may keep: what stands behind the last message of a handshake in the same record, which
      // it then refuses, and the rest of a record that is larger than the room (`%COMPAT`).
      let mayKeep = true
      while (!this.hasEnded && (mayKeep || this.#incoming.size > 0)) {
        const room = this.#roomForRecord()
        const before = this.#incoming.size
        const code = session.call(() => record_recv(session.handle, room, room.length))
        mayKeep = code === room.length
        if (code > 0) {
          this.#useless = 0
          this.#used += code
        } else if (code === 0) this.hasEnded = true
        else if (code === Code.AGAIN || code === Code.INTERRUPTED) {
          if (this.#incoming.size === before) return
        } else if (code === Code.WARNING_ALERT_RECEIVED) this.#countUseless()
        else if (code === Code.REHANDSHAKE) this.#refuseRenegotiation()
        else session.check(code)
      }
    } finally {
      this.#deliver()
    }
  }

  /** Where the next record goes: behind those before it, since a few large chunks cost less than many. */
  #roomForRecord(): Uint8Array {
    if (this.#room.length - this.#used < MOST_PLAINTEXT) {
      this.#deliver()
      const size = Math.min(this.#incoming.size, MOST_TOGETHER)
      if (this.#room.length < MOST_PLAINTEXT) {
        this.#room = uninitialized(Math.max(size, MOST_PLAINTEXT))
      }
    }
    return this.#room.subarray(this.#used)
  }

  /** What has been received since the last time; what is in front of errors, too. */
  #deliver(): void {
    if (this.#used === 0) return
    const bytes = this.#room.subarray(0, this.#used)
    this.#used = 0
    // The reader may keep it: much is given away with its memory, little is copied out.
    if (bytes.length < this.#room.length / 2) {
      this.#plaintext.push(bytes.slice())
      return
    }
    this.#plaintext.push(bytes)
    this.#room = NONE
  }

  /** Asked to renegotiate, we do not (RFC 5246 §7.2.2): the attack of RFC 5746 §1 is not possible. */
  #refuseRenegotiation(): void {
    this.#countUseless()
    this.session.check(this.session.sendAlert(Alert.WARNING, Alert.NO_RENEGOTIATION))
  }

  /** A peer may send some things that lead nowhere, but not for ever. */
  #countUseless(): void {
    if (++this.#useless <= MOST_USELESS) return
    throw new UnexpectedError('TLS_MISC', 'The peer sends nothing of use.')
  }
}

function inTheClear(): TlsError {
  return new UnexpectedError(
    'TLS_MISC',
    'The peer sent a record in the clear among encrypted ones.',
  )
}

function refuse(problem: string): TlsError {
  return new UnexpectedError('TLS_NOT_TLS', `What the peer sent is no TLS: ${problem}.`)
}

const NONE = new Uint8Array(0)

/** Header, content type, explicit nonce or padding, and tag of a record, generously. */
const MOST_RECORD_OVERHEAD = 128

/** Most plaintext of records that have come together, as one chunk. */
const MOST_TOGETHER = 4 * MOST_PLAINTEXT

/** In a row: warnings, and wishes to renegotiate. */
const MOST_USELESS = 32
