import { TlsError, type TlsProtocolVersion } from '@tlsio/core'
import {
  errorForAlert,
  type HandshakeParameters,
  type HandshakeResult,
  type TlsEngine,
} from '@tlsio/core/backend'
import { hex, RecordType } from '@tlsio/core/wire'
import { type Awaitable, whenReady } from './awaitable.js'
import type { CipherProvider } from './ciphers/cipher-provider.js'
import { Alert, FatalAlert } from './fatal-alert.js'
import type { ForgeHandshake } from './forge-handshake.js'
import { MessageReader } from './message-reader.js'
import { isModest } from './modest-keys.js'
import { type OpenedRecord, RecordLayer } from './record-layer.js'

/** Handshake messages that are looked at (RFC 4346 §7.4). */
export const MessageType = {
  HELLO_REQUEST: 0,
  CLIENT_HELLO: 1,
  SERVER_HELLO: 2,
  CERTIFICATE: 11,
  CERTIFICATE_REQUEST: 13,
  CERTIFICATE_VERIFY: 15,
  CLIENT_KEY_EXCHANGE: 16,
} as const

/** What an engine adds to what every role has in common. */
export type RoleResult = Pick<HandshakeResult, 'peerChain' | 'acceptedCas' | 'certificateRequested'>

/**
 * TLS 1.0 and 1.1, bytes in and bytes out: forge's handshake between our record protocol, alerts and
 * data.
 */
export abstract class ForgeEngine<P extends HandshakeParameters> implements TlsEngine<P> {
  result: HandshakeResult | undefined
  hasEnded = false
  protected readonly ciphers: CipherProvider
  readonly #messages = new MessageReader()
  readonly #plaintext: Uint8Array[] = []
  #records: RecordLayer | undefined
  #handshake: ForgeHandshake | undefined
  #parameters: P | undefined
  #useless = 0
  #changed = false

  constructor(ciphers: CipherProvider) {
    this.ciphers = ciphers
  }

  /** Which end this is. */
  protected abstract readonly role: 'client' | 'server'

  /** Makes forge's part. */
  protected abstract createHandshake(
    parameters: P,
    send: (type: number, fragment: Uint8Array) => void,
  ): ForgeHandshake

  /**
   * Looks at a message before forge gets it. What it returns is waited for.
   *
   * @throws {@link FatalAlert} for what forge would let pass.
   */
  protected abstract inspect(type: number, body: Uint8Array, parameters: P): void | Promise<void>

  /** The handshake is complete: tells the rest, and leaves the session where it belongs. */
  protected abstract complete(handshake: ForgeHandshake, parameters: P): RoleResult

  start(parameters: P): void {
    this.#parameters = parameters
    const records = new RecordLayer(this.ciphers)
    this.#records = records
    const handshake = this.createHandshake(parameters, (type, fragment) => {
      if (handshake.hasAgreed) records.minorVersion = handshake.minor
      void records.send(type, fragment)
      if (type === RecordType.CHANGE_CIPHER_SPEC)
        records.changeOutgoing(handshake.keysOf(this.role))
    })
    this.#handshake = handshake
    if (this.role === 'client') handshake.start()
  }

  receive(ciphertext: Uint8Array): void | Promise<void> {
    return this.#guarded(() => this.#takeRecords(this.#open.records.receive(ciphertext)))
  }

  write(plaintext: Uint8Array): void | Promise<void> {
    return this.#guarded(() => this.#open.records.send(RecordType.APPLICATION_DATA, plaintext))
  }

  closeNotify(): void | Promise<void> {
    return this.#guarded(() => this.#alert(WARNING, Alert.CLOSE_NOTIFY))
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#records?.take()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.shift()
  }

  get #open(): { records: RecordLayer; handshake: ForgeHandshake; parameters: P } {
    return {
      records: this.#records as RecordLayer,
      handshake: this.#handshake as ForgeHandshake,
      parameters: this.#parameters as P,
    }
  }

  /** Tells the peer what it did wrong, and core why it ended. */
  #guarded(run: () => void | Promise<void>): void | Promise<void> {
    try {
      return run()?.catch((error) => this.#fail(error))
    } catch (error) {
      return this.#fail(error)
    }
  }

  #fail(error: unknown): void | Promise<void> {
    if (error instanceof TlsError) throw error
    if (!(error instanceof FatalAlert)) {
      const failure = new TlsError('TLS_MISC', 'The TLS engine failed.', { cause: error })
      return this.#failWith(Alert.INTERNAL_ERROR, failure)
    }
    const { alert, message, cause } = error
    const isOpen = this.result !== undefined
    // Once it has spoken TLS, it is a peer that speaks it badly.
    const code = isOpen && error.code === 'TLS_NOT_TLS' ? 'TLS_MISC' : error.code
    return this.#failWith(alert, new TlsError(code, message, { cause }))
  }

  /** With the alert ready to be sent; if even that fails, without. */
  #failWith(alert: number, error: TlsError): void | Promise<void> {
    const fail = () => {
      throw error
    }
    return this.#alert(FATAL, alert)?.then(fail, fail) ?? fail()
  }

  #alert(level: number, description: number): void | Promise<void> {
    return this.#records?.send(RecordType.ALERT, Uint8Array.of(level, description))
  }

  /** Goes on where a record or a message had to be waited for. */
  #takeRecords(records: Iterator<Awaitable<OpenedRecord>>): void | Promise<void> {
    while (!this.hasEnded) {
      const { done, value } = records.next()
      if (done === true) return
      const waiting = whenReady(value, (record) => this.#takeRecord(record))
      if (waiting !== undefined) return waiting.then(() => this.#takeRecords(records))
    }
  }

  #takeRecord({ type, fragment }: OpenedRecord): void | Promise<void> {
    if (this.#messages.isPartial && type !== RecordType.HANDSHAKE) throw unexpected()
    switch (type) {
      case RecordType.APPLICATION_DATA:
        return this.#takeData(fragment)
      case RecordType.HANDSHAKE:
        return this.#takeMessages(this.#messages.receive(requireContent(fragment)))
      case RecordType.ALERT:
        return this.#takeAlert(fragment)
      default:
        return this.#takeChangeCipherSpec(fragment)
    }
  }

  #takeData(fragment: Uint8Array): void {
    if (this.result === undefined) throw unexpected()
    if (fragment.length === 0) {
      // Allowed, and sent by some against CVE-2011-3389; not without end.
      this.#countUseless()
      return
    }
    this.#useless = 0
    this.#plaintext.push(fragment)
  }

  #takeMessages(messages: Iterator<Uint8Array>): void | Promise<void> {
    for (;;) {
      const { done, value } = messages.next()
      if (done === true) return
      const waiting = this.#takeMessage(value)
      if (waiting !== undefined) return waiting.then(() => this.#takeMessages(messages))
    }
  }

  #takeMessage(message: Uint8Array): void | Promise<void> {
    const type = message[0] as number
    const { records, handshake, parameters } = this.#open
    if (this.result !== undefined) return this.#refuseRenegotiation(type)
    if (type === MessageType.HELLO_REQUEST && this.role === 'client') {
      // In the middle of a handshake it says nothing (RFC 4346 §7.4.1.1).
      this.#countUseless()
      return
    }
    // What is to be sent is there when the step ends.
    const feed = () => {
      handshake.message(message)
      if (type === MessageType.CERTIFICATE) requireModestKey(handshake)
      if (handshake.isComplete) this.#finish()
      return records.sending
    }
    const waiting = this.inspect(type, message.subarray(MESSAGE_HEADER), parameters)
    if (waiting !== undefined) return waiting.then(feed)
    return feed()
  }

  /** Asked to renegotiate, we do not (RFC 5246 §7.4.1.1): the attack of RFC 5746 §1 is not possible. */
  #refuseRenegotiation(type: number): void | Promise<void> {
    const asked = this.role === 'client' ? MessageType.HELLO_REQUEST : MessageType.CLIENT_HELLO
    if (type !== asked) throw unexpected()
    this.#countUseless()
    return this.#alert(WARNING, Alert.NO_RENEGOTIATION)
  }

  #takeAlert(fragment: Uint8Array): void {
    const [level, description] = fragment
    if (fragment.length !== 2 || level === undefined || description === undefined) {
      throw new FatalAlert(Alert.DECODE_ERROR, 'The peer sent an alert that is none.')
    }
    if (description === Alert.CLOSE_NOTIFY) this.hasEnded = true
    else if (level === WARNING) this.#countUseless()
    else throw errorForAlert(description)
  }

  #takeChangeCipherSpec(fragment: Uint8Array): void {
    const { handshake, records } = this.#open
    if (this.#changed || fragment.length !== 1 || fragment[0] !== 1) throw unexpected()
    this.#changed = true
    handshake.changeCipherSpec()
    records.minorVersion = handshake.minor
    records.changeIncoming(handshake.keysOf(this.role === 'client' ? 'server' : 'client'))
  }

  #finish(): void {
    const { handshake, parameters } = this.#open
    if (!minorsOf(parameters).includes(handshake.minor)) throw unexpected()
    parameters.keyLog?.(
      `CLIENT_RANDOM ${hex(handshake.clientRandom)} ${hex(handshake.session.masterSecret)}`,
    )
    this.#useless = 0
    this.result = {
      protocolVersion: handshake.minor === 1 ? 'TLSv1' : 'TLSv1.1',
      cipherSuite: handshake.cipherSuite.name,
      negotiatedProtocol: null,
      isSessionResumed: handshake.isResumed,
      ...this.complete(handshake, parameters),
    }
  }

  /** A peer may send some things that lead nowhere, but not for ever. */
  #countUseless(): void {
    if (++this.#useless > MOST_USELESS) {
      throw new FatalAlert(Alert.UNEXPECTED_MESSAGE, 'The peer sends nothing of use.')
    }
  }
}

/** Minor number of a version. */
export function minorOf(version: TlsProtocolVersion): number {
  return version === 'TLSv1' ? 1 : 2
}

/** The minor numbers from one version to another, newest first. */
export function minorsOf({ minVersion, maxVersion }: HandshakeParameters): readonly number[] {
  return [2, 1].filter((minor) => minor <= minorOf(maxVersion) && minor >= minorOf(minVersion))
}

const MESSAGE_HEADER = 4
const WARNING = 1
const FATAL = 2

/** In a row: empty records, warnings, and wishes to renegotiate; OpenSSL allows 32 of the first. */
const MOST_USELESS = 32

function requireModestKey(handshake: ForgeHandshake): void {
  const { peerLeaf } = handshake
  if (peerLeaf === null || isModest(peerLeaf)) return
  const message = "The peer's certificate has a larger key than is reasonable."
  throw new FatalAlert(Alert.UNSUPPORTED_CERTIFICATE, message, 'TLS_BAD_CERTIFICATE')
}

function requireContent(fragment: Uint8Array): Uint8Array {
  // RFC 4346 §6.2.1: no handshake record is empty.
  if (fragment.length === 0) throw unexpected()
  return fragment
}

function unexpected(): FatalAlert {
  return new FatalAlert(Alert.UNEXPECTED_MESSAGE, 'The peer sent what may not come now.')
}
