import type { DtlsEngine, DtlsEngineSettings, HandshakeParameters } from '@tlsio/core/backend'
import { uninitialized } from './byte-queues.js'
import { wholeRecords } from './datagram-records.js'
import type { EngineContext } from './engine-context.js'
import type { EngineRole } from './engine-role.js'
import { Alert, Code, Init, MOST_PLAINTEXT } from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import { GnutlsEngine } from './gnutls-engine.js'
import type { GnutlsSession } from './gnutls-session.js'

/** What an engine of DTLS is made with: a server's, with what its cookies said of the hello. */
export interface DatagramSettings extends DtlsEngineSettings {
  readonly cookieState?: unknown
}

/** DTLS 1.2 by libgnutls, datagrams in and datagrams out. */
export class DatagramEngine<P extends HandshakeParameters>
  extends GnutlsEngine<P>
  implements DtlsEngine<P>
{
  protected readonly flags: number = Init.DATAGRAM
  readonly #settings: DatagramSettings
  readonly #outgoing: Uint8Array[] = []
  readonly #messages: Uint8Array[] = []
  #incoming: Uint8Array | undefined
  /** How many records came with the last datagram. */
  #records = 0
  /** How often libgnutls was called because of the time since it sent something. */
  #idleTicks = 0
  #maxMessageSize = 0
  #hasSent = false

  constructor(context: EngineContext, role: EngineRole<P>, settings: DatagramSettings) {
    super(context, role)
    this.#settings = settings
  }

  receive(datagram: Uint8Array): void | Promise<void> {
    if (this.hasEnded) return
    const { bytes: records, count } = wholeRecords(datagram)
    if (count === 0) return
    return this.steps(() => {
      const waiting = this.result === undefined ? this.role.inspect(records) : undefined
      if (waiting === undefined) return this.#take(records, count)
      return waiting.then(() => this.#take(records, count))
    })
  }

  get timeout(): number | undefined {
    if (!this.#hasSent || this.result !== undefined || this.hasEnded) return undefined
    const left = this.#timeLeft
    // What is due already and was not sent: libgnutls waits for the rest of a flight.
    if (left === 0 && this.#idleTicks > 0) return this.#idleDelay
    return left
  }

  tick(): void {
    if (this.result !== undefined || this.hasEnded) return
    this.#idleTicks++
    this.step(() => this.shake())
  }

  write(message: Uint8Array): void {
    this.step(() => {
      const { record_send } = this.gnutls.functions
      const { session } = this
      session.check(session.call(() => record_send(session.handle, message, message.length)))
    })
  }

  get maxMessageSize(): number {
    return this.#maxMessageSize
  }

  alert(description: number): void {
    this.step(() => this.alertFatally(description))
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#outgoing.shift()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#messages.shift()
  }

  /** One call is one record, and one datagram. */
  override push(address: Address, size: number): void {
    this.#outgoing.push(this.gnutls.memory.read(address, size))
    this.#hasSent = true
    this.#idleTicks = 0
    this.role.noteSent?.()
  }

  override pull(size: number): Uint8Array | undefined {
    const datagram = this.#incoming
    this.#incoming = undefined
    return datagram?.subarray(0, size)
  }

  override unpull(datagram: Uint8Array): void {
    this.#incoming = datagram
  }

  override get hasIncoming(): boolean {
    return this.#incoming !== undefined
  }

  protected override prepare({ handle }: GnutlsSession): void {
    const { functions } = this.gnutls
    const { retransmissionTimeout, maxDatagramSize, cookieState } = this.#settings
    functions.dtls_set_timeouts(handle, pacedTimeout(retransmissionTimeout), LONGEST_HANDSHAKE)
    functions.dtls_set_mtu(handle, maxDatagramSize)
    if (cookieState instanceof Uint32Array) functions.dtls_prestate_set(handle, cookieState)
  }

  /** Goes on with the handshake as long as there is something to go on with. */
  protected override shake(): void {
    const { handshake, dtls_get_data_mtu, dtls_set_timeouts } = this.gnutls.functions
    const { session } = this
    this.#forEachRecord(() => {
      const code = session.call(() => handshake(session.handle))
      if (code !== Code.SUCCESS) return code
      this.finish()
      dtls_set_timeouts(session.handle, this.#settings.retransmissionTimeout, NEVER)
      this.#maxMessageSize = Math.min(dtls_get_data_mtu(session.handle), this.maxRecordSize)
      return undefined
    })
  }

  #take(records: Uint8Array, count: number): void {
    this.#incoming = records
    this.#records = count
    if (this.result === undefined) this.shake()
    // What came may have been anybody's: it must not put off what is due.
    if (this.result === undefined && this.#hasSent && this.#timeLeft === 0) this.shake()
    if (this.result !== undefined) this.#receiveMessages()
    this.#incoming = undefined
    this.#records = 0
  }

  #receiveMessages(): void {
    const { record_recv } = this.gnutls.functions
    const { session } = this
    this.#forEachRecord(() => {
      const code = session.call(() => record_recv(session.handle, room, room.length))
      if (code > 0) this.#messages.push(room.slice(0, code))
      else if (code === 0) this.hasEnded = true
      // Asked to renegotiate, we do not (RFC 5246 §7.2.2).
      else if (code === Code.REHANDSHAKE) session.sendAlert(Alert.WARNING, Alert.NO_RENEGOTIATION)
      else return code
      return Code.SUCCESS
    })
  }

  /**
   * Calls libgnutls for each record that has come, and once more. A call may stop at any of them, and
   * what it returns does not tell whether there are others. What is no reason to give up is dropped by
   * it, or by us (RFC 6347 §4.1.2.7).
   *
   * @param call - gives what libgnutls returned; `undefined` when nothing is left to do.
   */
  #forEachRecord(call: () => number | undefined): void {
    const { error_is_fatal } = this.gnutls.functions
    for (let calls = 0; calls <= this.#records && !this.hasEnded; calls++) {
      const code = call()
      if (code === undefined) return
      if (code === Code.SESSION_EOF) this.hasEnded = true
      else if (code < 0 && error_is_fatal(code) !== 0) this.session.check(code)
    }
  }

  /** Milliseconds until libgnutls sends its flight again, by its own clock. */
  get #timeLeft(): number {
    return this.gnutls.functions.dtls_get_timeout(this.session.handle)
  }

  get #idleDelay(): number {
    return Math.min(SHORTEST_DELAY * 2 ** this.#idleTicks, this.#settings.retransmissionTimeout)
  }
}

/** Where libgnutls puts a message, before it is copied; the calls are synchronous. */
const room = uninitialized(MOST_PLAINTEXT)

/** How long a handshake may take is core's to say. In milliseconds; more would be negative in C. */
const LONGEST_HANDSHAKE = 0x7fff_ffff

/** Afterwards libgnutls looks at the same limit when it drops something: more than it can count to. */
const NEVER = 0xffff_ffff

/**
 * libgnutls doubles its timeout modulo a minute, so that some come out as nothing, and a flight would be
 * sent again without a pause. One that never comes out short is not far from any.
 */
export function pacedTimeout(timeout: number): number {
  let paced = timeout
  while (!isPaced(paced)) paced--
  return paced
}

function isPaced(timeout: number): boolean {
  const shortest = Math.min(timeout, 1000)
  let next = timeout
  for (let doubled = 0; doubled < 30; doubled++) {
    next = (next * 2) % 60_000
    if (next < shortest) return false
  }
  return true
}

/** In milliseconds. */
const SHORTEST_DELAY = 5
