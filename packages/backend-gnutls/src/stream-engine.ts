import type { TlsError } from '@tlsio/core'
import { errorForAlert, type HandshakeParameters, type TlsEngine } from '@tlsio/core/backend'
import { RecordType } from '@tlsio/core/wire'
import { giveBack, Incoming, Outgoing } from './byte-queues.js'
import { DataOpener } from './data-opener.js'
import { Alert, CIPHER_NULL, Code, MOST_PLAINTEXT } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import { GnutlsEngine } from './gnutls-engine.js'
import { HandshakeRecords, HEADER } from './handshake-records.js'
import { OpenRecords } from './open-records.js'
import { PlaintextQueue } from './plaintext-queue.js'
import { UnexpectedError } from './tls-errors.js'

/** TLS 1.2 and 1.3 by libgnutls, bytes in and bytes out. */
export class StreamEngine<P extends HandshakeParameters>
  extends GnutlsEngine<P>
  implements TlsEngine<P>
{
  protected readonly flags = 0
  readonly #incoming = new Incoming()
  readonly #outgoing = new Outgoing()
  readonly #plaintext = new PlaintextQueue()
  readonly #records = new HandshakeRecords()
  readonly #openRecords = new OpenRecords()
  #opener: DataOpener | undefined
  #useless = 0

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
      const records = Math.ceil(plaintext.length / MOST_PLAINTEXT)
      this.#outgoing.expect(plaintext.length + records * MOST_RECORD_OVERHEAD)
      for (let at = 0; at < plaintext.length; ) {
        at += this.#send(plaintext.subarray(at, at + MOST_PLAINTEXT))
      }
    })
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#outgoing.take()
  }

  takeBack(ciphertext: Uint8Array): void {
    giveBack(ciphertext)
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.take()
  }

  override release(): void {
    this.#opener?.close()
    this.#opener = undefined
    super.release()
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

  /** Sends a record. @returns how much of `part` is in it. */
  #send(part: Uint8Array): number {
    const { session } = this
    const { sealer } = session
    if (sealer !== undefined && !sealer.isOver) {
      this.#outgoing.fill(sealer.sizeOf(part.length), (record) => sealer.seal(part, record))
      return part.length
    }
    const { record_send } = this.gnutls.functions
    const code = session.call(() => record_send(session.handle, part, part.length))
    // The peer takes records of every size, and there is more to come.
    if (code === MOST_PLAINTEXT && this.#isTls13) session.startSealing()
    return session.check(code)
  }

  get #isTls13(): boolean {
    return this.result?.protocolVersion === 'TLSv1.3'
  }

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
    if (this.#isTls13) this.#takeOpenRecords(ciphertext)
    else {
      this.#incoming.add(ciphertext)
      if (this.result === undefined) this.shake()
      else this.#receiveData()
    }
  }

  #takeOpenRecords(ciphertext: Uint8Array): void {
    const records = this.#openRecords
    records.add(ciphertext)
    for (let record = records.next(); record !== undefined; record = records.next()) {
      if (this.hasEnded) return
      if (record[0] === RecordType.HANDSHAKE) throw inTheClear()
      if (this.#openData(record)) continue
      this.#incoming.add(record)
      // Who sends much may send more, to whoever has not asked for small records.
      if (this.#receiveData() > MUCH && this.maxRecordSize === MOST_PLAINTEXT) {
        this.#opener = new DataOpener(this.gnutls, this.session.handle)
      }
    }
  }

  /** @returns whether it was data; libgnutls goes on with all else. */
  #openData(record: Uint8Array): boolean {
    const opener = this.#opener
    if (opener === undefined) return false
    const records = this.#openRecords
    const own = records.room
    const room = own ?? this.#plaintext.roomFor(record.length, record.length + records.size)
    const size = records.isRefused ? 0 : opener.open(record, room)
    if (size === 0) {
      this.#opener = undefined
      opener.giveBack()
      return false
    }
    this.#useless = 0
    if (own === undefined) this.#plaintext.use(size)
    else {
      records.use(size)
      this.#plaintext.add(own.subarray(0, size))
    }
    return true
  }

  /** @returns how many bytes came last, in one record. */
  #receiveData(): number {
    const { record_recv } = this.gnutls.functions
    const { session } = this
    // What libgnutls may keep: what stands behind the last message of a handshake in the same record, which
    // it then refuses, and the rest of a record that is larger than the room (`%COMPAT`).
    let received = 0
    let mayKeep = true
    while (!this.hasEnded && (mayKeep || this.#incoming.size > 0)) {
      const room = this.#plaintext.roomFor(
        MOST_PLAINTEXT,
        this.#incoming.size + this.#openRecords.size,
      )
      const before = this.#incoming.size
      const code = session.call(() => record_recv(session.handle, room, room.length))
      mayKeep = code === room.length
      if (code > 0) {
        this.#useless = 0
        this.#plaintext.use(code)
        received = code
      } else if (code === 0) this.hasEnded = true
      else if (code === Code.AGAIN || code === Code.INTERRUPTED) {
        if (this.#incoming.size === before) break
      } else if (code === Code.WARNING_ALERT_RECEIVED) this.#countUseless()
      else if (code === Code.REHANDSHAKE) this.#refuseRenegotiation()
      else session.check(code)
    }
    return received
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

/** Header, content type, explicit nonce or padding, and tag of a record, generously. */
const MOST_RECORD_OVERHEAD = 128

/** Plaintext of a record, in bytes, from which on it pays to open the next one without libgnutls's copies. */
const MUCH = 4096

/** In a row: warnings, and wishes to renegotiate. */
const MOST_USELESS = 32
