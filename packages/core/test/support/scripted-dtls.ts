import { type Clock, type DtlsCookies, type TlsCapabilities, TlsError } from '@tlsio/core'
import {
  type DtlsEngine,
  type DtlsEngineSettings,
  type DtlsServerEngineSettings,
  type HandshakeParameters,
  type HandshakeResult,
  noCapabilities,
  TlsBackendBase,
} from '@tlsio/core/backend'
import { parseDatagramHello } from '@tlsio/core/wire'
import { clientHello } from './dtls-hello.js'
import { fullHandshake } from './scripted-backend.js'
import { bytes, text } from './scripted-engine.js'

/**
 * What DTLS does without its cryptography: datagrams are text. A client's flights are `c1`, which is a real
 * ClientHello, and `c2a`, `c2b`; a server's `s1a`, `s1b` and `s2`. Messages are `m`, their number and what is in them, `end` is
 * `close_notify`, `alert` a fatal alert, `bad` what is answered with one. A flight is complete with all of its parts, in any order, and
 * is repeated when it gets no answer, twice as late each time, or when the peer repeats its own.
 * Everything else is dropped, as what cannot be verified is.
 */
export class ScriptedDtlsEngine implements DtlsEngine {
  readonly log: string[] = []
  readonly settings: DtlsEngineSettings
  readonly #clock: Clock
  readonly #expects: readonly (readonly string[])[]
  readonly #flights: readonly (readonly string[])[]
  readonly #ciphertext: Uint8Array[] = []
  readonly #plaintext: Uint8Array[] = []
  readonly #seen = new Set<string>()
  #flight: readonly string[] = []
  #step = 0
  #due: number | undefined
  #wait: number
  #sentMessages = 0
  result: HandshakeResult | undefined
  hasEnded = false
  maxMessageSize = 0
  released = false
  /** What a step waits for, for engines whose steps are asynchronous. */
  pause: Promise<void> | undefined

  constructor(role: 'client' | 'server', settings: DtlsEngineSettings) {
    this.settings = settings
    this.#clock = settings.clock
    this.#wait = settings.retransmissionTimeout
    const isClient = role === 'client'
    this.#expects = isClient ? [['s1a', 's1b'], ['s2']] : [['c1'], ['c2a', 'c2b']]
    this.#flights = isClient ? [['c1'], ['c2a', 'c2b'], []] : [[], ['s1a', 's1b'], ['s2']]
  }

  get timeout(): number | undefined {
    return this.#due === undefined ? undefined : Math.max(0, this.#due - this.#clock.monotonicNow())
  }

  start(_parameters: HandshakeParameters): void {
    this.#sendFlight(this.#flights[0] as readonly string[])
  }

  receive(datagram: Uint8Array): void | Promise<void> {
    const words = parseDatagramHello(datagram) === undefined ? text(datagram) : 'c1'
    this.log.push(words)
    if (this.pause === undefined) return this.#take(words)
    return this.pause.then(() => this.#take(words))
  }

  tick(): void {
    this.log.push('tick')
    if (this.#due === undefined || this.#clock.monotonicNow() < this.#due) return
    this.#wait *= 2
    this.#sendFlight(this.#flight)
  }

  write(message: Uint8Array): void {
    this.#send(`m${this.#sentMessages++} ${text(message)}`)
  }

  closeNotify(): void {
    this.#send('end')
  }

  alert(description: number): void {
    this.#send(`alert ${description}`)
  }

  takeCiphertext(): Uint8Array | undefined {
    return this.#ciphertext.shift()
  }

  takePlaintext(): Uint8Array | undefined {
    return this.#plaintext.shift()
  }

  release(): void {
    if (this.released) throw new Error('release comes once')
    this.released = true
    this.log.push('release')
  }

  #take(datagram: string): void {
    const message = /^(m\d+) (.*)$/s.exec(datagram)
    if (message !== null) this.#takeMessage(message[1] as string, message[2] as string)
    else if (this.result !== undefined && datagram === 'end') this.hasEnded = true
    else if (datagram === 'alert') throw new Error('The peer sent an alert.')
    else if (/^alert \d+$/.test(datagram)) throw new TlsError('TLS_BAD_CERTIFICATE', datagram)
    else if (datagram === 'bad') this.#refuse()
    else this.#takePart(datagram)
  }

  #refuse(): never {
    this.#send('alert 40')
    throw new TlsError('TLS_HANDSHAKE', 'There is nothing in common.')
  }

  /** What comes before the handshake is complete cannot be opened, and what came before is a replay. */
  #takeMessage(number: string, message: string): void {
    if (this.result === undefined || this.#seen.has(number)) return
    this.#seen.add(number)
    this.#plaintext.push(bytes(message))
  }

  #takePart(part: string): void {
    const expected = this.#expects[this.#step]
    if (expected?.includes(part) !== true) {
      // A part of the flight before: the peer has not got our answer.
      const previous = this.#expects[this.#step - 1]
      if (previous?.at(-1) === part) this.#sendFlight(this.#flight)
      return
    }
    this.#seen.add(part)
    if (!expected.every((one) => this.#seen.has(one))) return
    this.#step++
    this.#wait = this.settings.retransmissionTimeout
    if (this.#step === this.#expects.length) this.#complete()
    this.#sendFlight(this.#flights[this.#step] as readonly string[])
  }

  #complete(): void {
    this.result = fullHandshake({ protocolVersion: 'DTLSv1.2' })
    this.maxMessageSize = this.settings.maxDatagramSize - 37
  }

  /** The last one is not repeated by the clock: nobody answers it. */
  #sendFlight(flight: readonly string[]): void {
    this.#flight = flight
    for (const part of flight) this.#send(part)
    const waits = flight.length > 0 && this.result === undefined
    this.#due = waits ? this.#clock.monotonicNow() + this.#wait : undefined
  }

  #send(datagram: string): void {
    this.#ciphertext.push(datagram === 'c1' ? clientHello('a.test') : bytes(datagram))
  }
}

/** What {@link ScriptedDtlsBackend} claims. */
export const dtlsCapabilities: TlsCapabilities = Object.freeze({
  ...noCapabilities,
  dtlsVersions: Object.freeze(['DTLSv1.2'] as const),
  client: true,
  server: true,
  certificateKeys: Object.freeze(['RSA', 'EC'] as const),
  clientCertificates: true,
  certificateRequest: 'before-handshake',
})

/** A backend of {@link ScriptedDtlsEngine}s, which has no TLS. */
export class ScriptedDtlsBackend extends TlsBackendBase {
  readonly name = 'scripted-dtls'
  readonly supports: TlsCapabilities = dtlsCapabilities
  readonly engines: ScriptedDtlsEngine[] = []
  readonly cookieStates: unknown[] = []
  cookies: DtlsCookies | null = null

  override get dtlsCookies(): DtlsCookies | null {
    return this.cookies
  }

  protected createClientDriver(): never {
    throw new Error('not scripted')
  }

  protected createServerDriver(): never {
    throw new Error('not scripted')
  }

  protected override createDtlsClientEngine(settings: DtlsEngineSettings): ScriptedDtlsEngine {
    return this.#keep(new ScriptedDtlsEngine('client', settings))
  }

  protected override createDtlsServerEngine(
    settings: DtlsServerEngineSettings,
  ): ScriptedDtlsEngine {
    this.cookieStates.push(settings.cookieState)
    return this.#keep(new ScriptedDtlsEngine('server', settings))
  }

  #keep(engine: ScriptedDtlsEngine): ScriptedDtlsEngine {
    this.engines.push(engine)
    return engine
  }
}
