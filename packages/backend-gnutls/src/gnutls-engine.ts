import { TlsError, type TlsProtocolVersion } from '@tlsio/core'
import {
  errorForAlert,
  type FinishedMessages,
  type HandshakeParameters,
  type HandshakeResult,
  type TlsEngine,
} from '@tlsio/core/backend'
import { hex, RecordType } from '@tlsio/core/wire'
import { Incoming, Outgoing, uninitialized } from './byte-queues.js'
import type { Credentials } from './credentials.js'
import type { EngineContext } from './engine-context.js'
import type { Callee, ShownIdentity } from './ffi/callbacks.js'
import {
  Alert,
  BINDING_TLS_UNIQUE,
  CIPHER_NULL,
  Code,
  CREDENTIALS_CERTIFICATE,
  Init,
  MOST_PLAINTEXT,
  SHUT_WRITE,
  Version,
} from './ffi/constants.js'
import { datum } from './ffi/memory.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { HandshakeRecords, HEADER } from './handshake-records.js'
import { priorityString } from './priority.js'
import { alertFor, GnutlsError, tlsErrorFrom, UnexpectedError } from './tls-errors.js'

/** What an engine adds to what every role has in common. */
export type RoleResult = Omit<
  HandshakeResult,
  'protocolVersion' | 'cipherSuite' | 'negotiatedProtocol' | 'isSessionResumed'
>

/**
 * TLS 1.2 and 1.3 by libgnutls, bytes in and bytes out. libgnutls asks for bytes by callbacks while it
 * is called; they come out of one queue and go into another.
 */
export abstract class GnutlsEngine<P extends HandshakeParameters> implements TlsEngine<P>, Callee {
  result: HandshakeResult | undefined
  hasEnded = false
  protected readonly context: EngineContext
  protected readonly gnutls: Gnutls
  protected session: Address = 0
  /** Held on to here: libgnutls keeps only the address. */
  protected credentials: Credentials | undefined
  readonly #incoming = new Incoming()
  readonly #outgoing = new Outgoing()
  readonly #plaintext: Uint8Array[] = []
  readonly #records = new HandshakeRecords()
  readonly #keyLines: string[] = []
  #parameters: P | undefined
  #useless = 0
  #room: Uint8Array = NONE
  #free: (() => void) | undefined

  constructor(context: EngineContext) {
    this.context = context
    this.gnutls = context.gnutls
  }

  /** Flags for `gnutls_init`: the role and what can only be said there. */
  protected abstract flagsFor(parameters: P): number

  /** The settings of the role; libgnutls says nothing to the peer yet. */
  protected abstract configure(parameters: P): void

  /** Looks at a record of the handshake before libgnutls gets it. What it returns is waited for. */
  protected abstract inspect(record: Uint8Array): void | Promise<void>

  /** The handshake is complete: tells the rest. */
  protected abstract complete(
    parameters: P,
    facts: { readonly version: TlsProtocolVersion; readonly isResumed: boolean },
  ): RoleResult

  /** Whether the peer has said something that libgnutls took for TLS. */
  protected abstract get hasSpoken(): boolean

  /** What to show the peer; `undefined` for nothing. */
  abstract retrieve(): ShownIdentity | undefined

  /** After each step: hands over what came up while libgnutls was called. */
  protected settle(): void {
    const keyLog = this.#parameters?.keyLog
    for (const line of this.#keyLines.splice(0)) keyLog?.(line)
  }

  start(parameters: P): void {
    this.#parameters = parameters
    this.#step(() => {
      this.#open(parameters)
      this.configure(parameters)
    })
  }

  receive(ciphertext: Uint8Array): void | Promise<void> {
    if (this.hasEnded) return
    if (this.result !== undefined) {
      this.#step(() => this.#feed(ciphertext))
      return
    }
    return this.#steps(() => this.#takeRecords(this.#records.push(ciphertext)))
  }

  write(plaintext: Uint8Array): void {
    this.#step(() => {
      const { record_send } = this.gnutls.functions
      const records = Math.ceil(plaintext.length / MOST_PLAINTEXT)
      this.#outgoing.expect(plaintext.length + records * MOST_RECORD_OVERHEAD)
      for (let at = 0; at < plaintext.length; ) {
        const part = plaintext.subarray(at, at + MOST_PLAINTEXT)
        at += this.check(this.call(() => record_send(this.session, part, part.length)))
      }
    })
  }

  closeNotify(): void {
    this.#step(() => {
      this.check(this.call(() => this.gnutls.functions.bye(this.session, SHUT_WRITE)))
    })
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#outgoing.take()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.shift()
  }

  exportKeyingMaterial(label: string, length: number, context: Uint8Array | undefined): Uint8Array {
    const out = new Uint8Array(length)
    const name = new TextEncoder().encode(label)
    // An empty array would arrive as NULL, which is no context at all (RFC 5705 §4).
    const { data, size } = context === undefined ? { data: null, size: 0 } : datum(context)
    const { prf_rfc5705 } = this.gnutls.functions
    this.gnutls.require(
      prf_rfc5705(this.session, name.length, name, size, data, length, length === 0 ? NONE : out),
    )
    return out
  }

  /** libgnutls only knows the first of the two, the one that counts (RFC 5929 §3.1). */
  finishedMessages(): FinishedMessages {
    const { session_channel_binding } = this.gnutls.functions
    const first = this.gnutls.memory.owned((made) =>
      session_channel_binding(this.session, BINDING_TLS_UNIQUE, made),
    )
    return { local: first, peer: first }
  }

  release(): void {
    this.#free?.()
    this.credentials = undefined
  }

  push(address: Address, size: number): void {
    this.gnutls.memory.readInto(this.#outgoing.reserve(size), address)
  }

  pull(size: number): Uint8Array | undefined {
    return this.#incoming.take(size)
  }

  abstract hook(type: number, isDone: boolean, isIncoming: boolean, message: Address): void

  keyLog(label: string, secret: Uint8Array): void {
    // Up to TLS 1.2 a resumed handshake has no line here: it is made at the end.
    if (this.#parameters?.keyLog === undefined || label === 'CLIENT_RANDOM') return
    this.#keyLines.push(`${label} ${hex(this.#clientRandom())} ${hex(secret)}`)
  }

  /** Runs what may call back. */
  protected call<T>(run: () => T): T {
    return this.gnutls.callbacks.during(this, run)
  }

  /** What a call returned, unless it failed. @throws what {@link GnutlsEngine} turns into ours. */
  protected check(code: number): number {
    return this.gnutls.require(code)
  }

  /** Sets whom to trust; libgnutls keeps the address only. */
  protected useCredentials(credentials: Credentials): void {
    const { credentials_set } = this.gnutls.functions
    this.check(credentials_set(this.session, CREDENTIALS_CERTIFICATE, credentials.handle))
    this.credentials = credentials
  }

  /** Record after record, as long as the handshake lasts. */
  #takeRecords(records: Uint8Array[]): void | Promise<void> {
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      if (this.result === undefined) {
        if (this.#takePlainRecord(record)) return
        const waiting = this.inspect(record)
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
    else if (this.#records.problem !== undefined) throw this.#refuse(this.#records.problem)
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
    if (this.#version !== 'TLSv1.3' || cipher_get(this.session) <= CIPHER_NULL) return false
    const description = record[HEADER + 1]
    if (type !== RecordType.ALERT || record.length !== HEADER + 2 || description === undefined) {
      throw new UnexpectedError(
        'TLS_MISC',
        'The peer sent a record in the clear among encrypted ones.',
      )
    }
    if (description !== Alert.CLOSE_NOTIFY) throw errorForAlert(description)
    this.hasEnded = true
    return true
  }

  /** Goes on as far as `ciphertext` leads. */
  #feed(ciphertext: Uint8Array): void {
    this.#incoming.add(ciphertext)
    if (this.result !== undefined) {
      this.#receiveData()
      return
    }
    this.shake()
  }

  /** Goes on with the handshake, and with what follows it. */
  protected shake(): void {
    const { handshake } = this.gnutls.functions
    while (!this.hasEnded) {
      const before = this.#incoming.size
      const code = this.call(() => handshake(this.session))
      if (code === Code.SUCCESS) {
        this.#finish()
        this.#receiveData()
        return
      }
      // It stops after some messages, though there are more.
      if (code === Code.AGAIN || code === Code.INTERRUPTED) {
        if (this.#incoming.size === 0 || this.#incoming.size === before) return
      } else if (code === Code.WARNING_ALERT_RECEIVED) this.#countUseless()
      else if (code === Code.SESSION_EOF) this.hasEnded = true
      else this.check(code)
    }
  }

  #open(parameters: P): void {
    const { gnutls } = this
    const { functions, callbacks, ledger } = gnutls
    const flags = this.flagsFor(parameters) | Init.NONBLOCK
    const session = gnutls.handle((made) => functions.init(made, flags))
    this.session = session
    this.#free = ledger.own(this, 'session', () => functions.deinit(session))
    functions.transport_set_ptr(session, session)
    functions.transport_set_push_function(session, callbacks.push)
    functions.transport_set_pull_function(session, callbacks.pull)
    // Without a function of ours libgnutls writes all secrets to the file that SSLKEYLOGFILE names.
    const wantsKeys = this.needsSecrets || parameters.keyLog !== undefined
    functions.session_set_keylog_function(session, wantsKeys ? callbacks.keyLog : null)
    const priority = this.context.priorities.get(priorityString(parameters, this.context.priority))
    this.check(functions.priority_set(session, priority))
    this.#advertise(parameters.advertisedProtocols)
  }

  /** Whether the secrets are of use to the engine itself. */
  protected get needsSecrets(): boolean {
    return false
  }

  #advertise(protocols: readonly string[]): void {
    if (protocols.length === 0) return
    const names = protocols.map((protocol) => datum(new TextEncoder().encode(protocol)))
    if (names.length > MOST_PROTOCOLS || names.some(({ size }) => size > LONGEST_PROTOCOL)) {
      const message = `GnuTLS takes ${MOST_PROTOCOLS} protocols for ALPN, of ${LONGEST_PROTOCOL} bytes each.`
      throw new TlsError('TLS_NOT_SUPPORTED', message)
    }
    const { alpn_set_protocols } = this.gnutls.functions
    this.check(alpn_set_protocols(this.session, names, names.length, 0))
  }

  #finish(): void {
    const { functions, memory } = this.gnutls
    const { session } = this
    const parameters = this.#parameters as P
    const version = this.#version
    const isResumed = functions.session_is_resumed(session) !== 0
    const protocol = memory.borrowed((made) => functions.alpn_get_selected_protocol(session, made))
    if (version === 'TLSv1.2') this.#logMasterSecret()
    this.#useless = 0
    this.result = {
      protocolVersion: version,
      cipherSuite: String(functions.ciphersuite_get(session)),
      negotiatedProtocol: protocol === undefined ? null : new TextDecoder().decode(protocol),
      isSessionResumed: isResumed,
      ...this.complete(parameters, { version, isResumed }),
    }
  }

  /** DER of what the peer showed, in this handshake or in that of the session. */
  protected peerChain(): readonly Uint8Array[] {
    const { functions, memory } = this.gnutls
    const count = new Uint32Array(1)
    const address = functions.certificate_get_peers(this.session, count)
    return BigInt(address) === 0n ? [] : memory.readDatums(address, count[0] as number)
  }

  /** The version agreed; before that, the newest we speak. */
  get #version(): 'TLSv1.2' | 'TLSv1.3' {
    const number = this.gnutls.functions.protocol_get_version(this.session)
    return number === Version.TLS1_3 ? 'TLSv1.3' : 'TLSv1.2'
  }

  #logMasterSecret(): void {
    if (this.#parameters?.keyLog === undefined) return
    const { functions, memory } = this.gnutls
    const secret = memory.borrowed((made) => {
      functions.session_get_master_secret(this.session, made)
      return 0
    }) as Uint8Array
    this.#keyLines.push(`CLIENT_RANDOM ${hex(this.#clientRandom())} ${hex(secret)}`)
  }

  #clientRandom(): Uint8Array {
    const { functions, memory } = this.gnutls
    return memory.borrowed((made) => {
      functions.session_get_random(this.session, made, new BigUint64Array(2))
      return 0
    }) as Uint8Array
  }

  #receiveData(): void {
    const { record_recv } = this.gnutls.functions
    while (!this.hasEnded) {
      if (this.#room.length === 0) this.#room = uninitialized(MOST_PLAINTEXT)
      const room = this.#room
      const before = this.#incoming.size
      const code = this.call(() => record_recv(this.session, room, room.length))
      if (code > 0) this.#deliver(code)
      else if (code === 0) this.hasEnded = true
      else if (code === Code.AGAIN || code === Code.INTERRUPTED) {
        if (this.#incoming.size === 0 || this.#incoming.size === before) return
      } else if (code === Code.WARNING_ALERT_RECEIVED) this.#countUseless()
      else if (code === Code.REHANDSHAKE) this.#refuseRenegotiation()
      else this.check(code)
    }
  }

  #deliver(size: number): void {
    this.#useless = 0
    const bytes = this.#room.subarray(0, size)
    // The reader may keep it: much is given away with its memory, little is copied out.
    if (size < WORTH_GIVING) {
      this.#plaintext.push(bytes.slice())
      return
    }
    this.#plaintext.push(bytes)
    this.#room = NONE
  }

  /** Asked to renegotiate, we do not (RFC 5246 §7.2.2): the attack of RFC 5746 §1 is not possible. */
  #refuseRenegotiation(): void {
    this.#countUseless()
    const { alert_send } = this.gnutls.functions
    this.check(this.call(() => alert_send(this.session, Alert.WARNING, Alert.NO_RENEGOTIATION)))
  }

  /** A peer may send some things that lead nowhere, but not for ever. */
  #countUseless(): void {
    if (++this.#useless <= MOST_USELESS) return
    throw new UnexpectedError('TLS_MISC', 'The peer sends nothing of use.')
  }

  #refuse(problem: string): TlsError {
    return new UnexpectedError('TLS_NOT_TLS', `What the peer sent is no TLS: ${problem}.`)
  }

  #alert(description: number): void {
    const { alert_send } = this.gnutls.functions
    // If even that fails, the peer is not told.
    this.call(() => alert_send(this.session, Alert.FATAL, description))
  }

  /** A step: tells the peer what it did wrong, and core why it ended. */
  #step<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw this.#errorFrom(error)
    } finally {
      this.settle()
    }
  }

  /** A step that may have to wait. */
  #steps(run: () => void | Promise<void>): void | Promise<void> {
    return this.#step(run)?.then(
      () => this.settle(),
      (error) => {
        this.settle()
        throw this.#errorFrom(error)
      },
    )
  }

  #errorFrom(error: unknown): unknown {
    const phase = this.hasSpoken ? 'spoken' : 'begun'
    if (this.session === 0) {
      return error instanceof GnutlsError ? tlsErrorFrom(error, phase) : error
    }
    if (!(error instanceof GnutlsError)) {
      // The peer's own alert is not answered.
      if (!(error instanceof TlsError) || error.alert === undefined)
        this.#alert(
          error instanceof UnexpectedError ? Alert.UNEXPECTED_MESSAGE : Alert.INTERNAL_ERROR,
        )
      return error
    }
    const { functions } = this.gnutls
    const { number } = error
    if (number === Code.FATAL_ALERT_RECEIVED) {
      return errorForAlert(functions.alert_get(this.session), error)
    }
    const alert = alertFor(number, this.#version)
    if (alert !== undefined) this.#alert(alert)
    else this.call(() => functions.alert_send_appropriate(this.session, number))
    return tlsErrorFrom(error, this.result === undefined ? phase : 'open')
  }
}

const NONE = new Uint8Array(0)

/** Header, content type, explicit nonce or padding, and tag of a record, generously. */
const MOST_RECORD_OVERHEAD = 128

/** Plaintext of a record from which on it is not worth a copy: half of what was made ready. */
const WORTH_GIVING = MOST_PLAINTEXT / 2

/** Limits of libgnutls for ALPN. */
const MOST_PROTOCOLS = 8
const LONGEST_PROTOCOL = 31

/** In a row: warnings, and wishes to renegotiate. */
const MOST_USELESS = 32
