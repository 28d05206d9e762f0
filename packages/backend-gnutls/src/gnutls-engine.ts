import { TlsError } from '@tlsio/core'
import {
  errorForAlert,
  type FinishedMessages,
  type HandshakeParameters,
  type HandshakeResult,
} from '@tlsio/core/backend'
import { concat, hex } from '@tlsio/core/wire'
import type { EngineContext } from './engine-context.js'
import type { EngineRole } from './engine-role.js'
import type { AskedPin, Callee, ShownIdentity } from './ffi/callbacks.js'
import {
  Alert,
  BINDING_TLS_UNIQUE,
  Code,
  Init,
  MOST_PLAINTEXT,
  SHUT_WRITE,
} from './ffi/constants.js'
import type { Address } from './ffi/symbols.js'
import type { Gnutls } from './gnutls.js'
import { GnutlsSession } from './gnutls-session.js'
import { alertFor, GnutlsError, tlsErrorFrom, UnexpectedError } from './tls-errors.js'

/**
 * What engines over streams and over datagrams have in common. libgnutls asks for bytes, and gives them,
 * by callbacks while it is called.
 */
export abstract class GnutlsEngine<P extends HandshakeParameters> implements Callee {
  result: HandshakeResult | undefined
  hasEnded = false
  protected readonly gnutls: Gnutls
  protected readonly role: EngineRole<P>
  readonly #context: EngineContext
  readonly #keyLines: string[] = []
  #opened: GnutlsSession | undefined
  #parameters: P | undefined

  constructor(context: EngineContext, role: EngineRole<P>) {
    this.#context = context
    this.gnutls = context.gnutls
    this.role = role
  }

  /** Flags for `gnutls_init`, besides those of the role. */
  protected abstract readonly flags: number

  /** What only the transport needs to be told. */
  protected abstract prepare(session: GnutlsSession): void

  /** Goes on with the handshake as far as what has come leads. */
  protected abstract shake(): void

  abstract push(address: Address, size: number): void

  abstract pull(size: number): Uint8Array | undefined

  abstract unpull(bytes: Uint8Array): void

  abstract readonly hasIncoming: boolean

  start(parameters: P): void | Promise<void> {
    this.#parameters = parameters
    const begin = () => {
      if (this.role.speaksFirst) this.shake()
    }
    return this.steps(() => {
      const waiting = this.role.configure(this.#open(parameters), parameters)
      return waiting === undefined ? begin() : waiting.then(begin)
    })
  }

  closeNotify(): void {
    this.step(() => {
      const { bye } = this.gnutls.functions
      this.session.check(this.session.call(() => bye(this.session.handle, SHUT_WRITE)))
    })
  }

  exportKeyingMaterial(label: string, length: number, context: Uint8Array | undefined): Uint8Array {
    const out = new Uint8Array(length)
    const name = new TextEncoder().encode(label)
    // An empty array would arrive as NULL, which is no context at all (RFC 5705 §4).
    const data = context === undefined ? null : concat(context, Uint8Array.of(0))
    const size = context?.length ?? 0
    const { prf_rfc5705 } = this.gnutls.functions
    const room = length === 0 ? new Uint8Array(1) : out
    const { handle } = this.session
    this.gnutls.require(prf_rfc5705(handle, name.length, name, size, data, length, room))
    return out
  }

  /** libgnutls only knows the first of the two, the one that counts (RFC 5929 §3.1). */
  finishedMessages(): FinishedMessages {
    const { session_channel_binding } = this.gnutls.functions
    const first = this.gnutls.memory.owned((made) =>
      session_channel_binding(this.session.handle, BINDING_TLS_UNIQUE, made),
    )
    return { local: first, peer: first }
  }

  release(): void {
    this.#opened?.free()
    this.#opened = undefined
    this.role.release?.()
  }

  retrieve(): ShownIdentity | undefined {
    return this.role.retrieve()
  }

  pin(asked: AskedPin): Uint8Array | undefined {
    return this.role.pin(asked)
  }

  hook(type: number, isDone: boolean, isIncoming: boolean, message: Address): void {
    if (isIncoming) this.role.hook?.(this.result !== undefined, type, isDone, message)
  }

  keyLog(label: string, secret: Uint8Array): void {
    this.role.noteSecret?.(label, secret)
    // Up to TLS 1.2 a resumed handshake has no line here: it is made at the end.
    if (this.#parameters?.keyLog !== undefined && label !== 'CLIENT_RANDOM') {
      this.#keyLines.push(`${label} ${hex(this.session.clientRandom)} ${hex(secret)}`)
    }
    secret.fill(0)
  }

  protected get session(): GnutlsSession {
    if (this.#opened === undefined) throw new Error('The engine has no session, or no more.')
    return this.#opened
  }

  /** The handshake is complete. */
  protected finish(): void {
    const { session } = this
    const parameters = this.#parameters as P
    const protocolVersion = session.version
    if (protocolVersion !== 'TLSv1.3') this.#logMasterSecret()
    this.result = {
      protocolVersion,
      cipherSuite: session.cipherSuite,
      negotiatedProtocol: session.negotiatedProtocol,
      isSessionResumed: session.isResumed,
      ...this.role.complete(session, parameters),
    }
  }

  protected alertFatally(description: number): void {
    this.session.sendAlert(Alert.FATAL, description)
  }

  protected get maxRecordSize(): number {
    return this.#context.maxRecordSize ?? MOST_PLAINTEXT
  }

  /** A step: tells the peer what it did wrong, and core why it ended. */
  protected step<T>(run: () => T): T {
    try {
      return run()
    } catch (error) {
      throw this.#errorFrom(error)
    } finally {
      this.#settle()
    }
  }

  /** A step that may have to wait. */
  protected steps(run: () => void | Promise<void>): void | Promise<void> {
    return this.step(run)?.then(
      () => this.#settle(),
      (error) => {
        this.#settle()
        throw this.#errorFrom(error)
      },
    )
  }

  /** Hands over what came up while libgnutls was called. */
  #settle(): void {
    const keyLog = this.#parameters?.keyLog
    for (const line of this.#keyLines.splice(0)) keyLog?.(line)
    this.role.settle?.()
  }

  #open(parameters: P): GnutlsSession {
    const { functions, callbacks } = this.gnutls
    const flags = this.role.flagsFor(parameters) | this.flags | Init.NONBLOCK
    const session = new GnutlsSession(this.gnutls, flags, this)
    this.#opened = session
    const { handle } = session
    // Without a function of ours libgnutls writes all secrets to the file that SSLKEYLOGFILE names.
    const wantsKeys = this.role.needsSecrets || parameters.keyLog !== undefined
    functions.session_set_keylog_function(handle, wantsKeys ? callbacks.keyLog : null)
    const { priorities, priority, maxRecordSize } = this.#context
    session.check(functions.priority_set(handle, priorities.get(parameters, priority)))
    if (maxRecordSize !== undefined) {
      session.check(functions.record_set_max_size(handle, maxRecordSize))
    }
    this.#advertise(parameters.advertisedProtocols)
    this.prepare(session)
    return session
  }

  #advertise(protocols: readonly string[]): void {
    if (protocols.length === 0) return
    const names = protocols.map((protocol) => new TextEncoder().encode(protocol))
    if (names.length > MOST_PROTOCOLS || names.some(({ length }) => length > LONGEST_PROTOCOL)) {
      const message = `GnuTLS takes ${MOST_PROTOCOLS} protocols for ALPN, of ${LONGEST_PROTOCOL} bytes each.`
      throw new TlsError('TLS_NOT_SUPPORTED', message)
    }
    const { alpn_set_protocols } = this.gnutls.functions
    const { handle } = this.session
    const code = this.gnutls.memory.withDatums(names, (datums) =>
      alpn_set_protocols(handle, datums, names.length, 0),
    )
    this.session.check(code)
  }

  #logMasterSecret(): void {
    if (this.#parameters?.keyLog === undefined) return
    const { clientRandom, masterSecret } = this.session
    this.#keyLines.push(`CLIENT_RANDOM ${hex(clientRandom)} ${hex(masterSecret)}`)
  }

  #errorFrom(error: unknown): unknown {
    const phase = this.role.hasSpoken ? 'spoken' : 'begun'
    const session = this.#opened
    if (session === undefined) {
      return error instanceof GnutlsError ? tlsErrorFrom(error, phase) : error
    }
    if (!(error instanceof GnutlsError)) {
      // The peer's own alert is not answered.
      if (!(error instanceof TlsError) || error.alert === undefined) {
        const isTheirs = error instanceof UnexpectedError
        this.alertFatally(isTheirs ? Alert.UNEXPECTED_MESSAGE : Alert.INTERNAL_ERROR)
      }
      return error
    }
    const { functions } = this.gnutls
    const { number } = error
    if (number === Code.FATAL_ALERT_RECEIVED) {
      return errorForAlert(functions.alert_get(session.handle), error)
    }
    const alert = alertFor(number, session.version)
    if (alert !== undefined) this.alertFatally(alert)
    else session.call(() => functions.alert_send_appropriate(session.handle, number))
    return tlsErrorFrom(error, this.result === undefined ? phase : 'open')
  }
}

/** Limits of libgnutls for ALPN. */
const MOST_PROTOCOLS = 8
const LONGEST_PROTOCOL = 31
