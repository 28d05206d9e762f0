import type { Clock } from '../clock.js'
import type {
  FinishedMessages,
  HandshakeParameters,
  HandshakeResult,
  TlsDriver,
} from '../driver.js'
import { IoError, TlsError, type TlsErrorCode } from '../errors.js'
import type { IoStream } from '../streams/io-stream.js'
import { DatagramQueue } from './datagram-queue.js'
import type { DtlsEngine } from './dtls-engine.js'

/** What a {@link DatagramEngineDriver} is made with. */
export interface DatagramDriverOptions {
  /** Calls the engine when a flight may have to be sent again. */
  readonly clock: Clock
  /** How long the handshake may take, in milliseconds. */
  readonly handshakeTimeout: number
}

/**
 * Speaks DTLS over a datagram socket with a {@link DtlsEngine}: all the I/O that an engine does not do.
 *
 * It takes datagrams as long as the connection lives, whoever receives: a peer that repeats its last
 * flight has lost ours. Nothing is joined and nothing waits without limit: what the application does not
 * receive, or the socket does not send, is dropped, as a network may do, too.
 */
export class DatagramEngineDriver<P extends HandshakeParameters> implements TlsDriver<P> {
  readonly #transport: IoStream
  readonly #engine: DtlsEngine<P>
  readonly #clock: Clock
  readonly #handshakeTimeout: number
  readonly #messages = new DatagramQueue()
  readonly #unsent: Uint8Array[] = []
  #unsentBytes = 0
  #isSending = false
  #sending: Promise<void> = Promise.resolve()
  /** The engine takes a datagram, or the time. */
  #receiving: Promise<void> | undefined
  #handshake: { resolve(result: HandshakeResult): void; reject(error: unknown): void } | undefined
  #cancelTick: (() => void) | undefined
  /** Why nothing can be sent any more. */
  #broken: { readonly error: unknown } | undefined
  #discards = false
  /** As the engine said after its last step: it is not asked once it is released. */
  #result: HandshakeResult | undefined
  #hasEnded = false
  #maxMessageSize = 0
  #over = false
  #steps = 0
  #released = false

  /**
   * Speaks over a socket; all DTLS is the engine's.
   *
   * @param transport - one chunk is one datagram; its end is the end of listening.
   */
  constructor(transport: IoStream, engine: DtlsEngine<P>, options: DatagramDriverOptions) {
    this.#transport = transport
    this.#engine = engine
    this.#clock = options.clock
    this.#handshakeTimeout = options.handshakeTimeout
  }

  async handshake(parameters: P): Promise<HandshakeResult> {
    this.#requireUnbroken()
    const done = new Promise<HandshakeResult>((resolve, reject) => {
      this.#handshake = { resolve, reject }
    })
    const cancel = this.#clock.after(this.#handshakeTimeout, () => this.#break(timedOut()))
    void this.#run(parameters)
    try {
      return await done
    } finally {
      cancel()
    }
  }

  read(): Promise<Uint8Array | null> {
    return this.#messages.pull()
  }

  async write(message: Uint8Array): Promise<void> {
    this.#requireUnbroken()
    if (message.length > this.#maxMessageSize) {
      throw new IoError(
        'IO_MESSAGE_TOO_LARGE',
        `A message of ${message.length} bytes does not fit into a datagram, ${this.#maxMessageSize} do.`,
      )
    }
    await this.#step(() => this.#engine.write(message))
    this.#requireUnbroken()
    await this.#send()
  }

  closeRead(): void {
    this.#discards = true
    this.#messages.clear()
  }

  async closeWrite(): Promise<void> {
    this.#requireUnbroken()
    await this.#step(() => this.#engine.closeNotify())
    this.#requireUnbroken()
    try {
      await this.#send()
    } catch (error) {
      // A peer that has said its own close_notify need not be there any more.
      if (!this.#hasEnded) throw error
    }
  }

  async close(): Promise<void> {
    this.#stop()
    await this.#transport.close()
    this.#release()
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Most bytes of a message; 0 before the handshake is complete. */
  get maxMessageSize(): number {
    return this.#result === undefined ? 0 : this.#maxMessageSize
  }

  /** Only asked for where the backend claims it, and so the engine has it. */
  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array {
    return this.#engine.exportKeyingMaterial?.(label, length, context) as Uint8Array
  }

  finishedMessages(): FinishedMessages {
    return this.#engine.finishedMessages?.() ?? { local: undefined, peer: undefined }
  }

  abort(reason: unknown): void {
    this.#tellRefusal(reason)
    this.#stop()
    this.#break(reason)
    this.#transport.abort(reason)
    this.#release()
  }

  /** Core judges the peer when the engine is done, and lets go of one that it does not accept. */
  #tellRefusal(reason: unknown): void {
    const description = reason instanceof TlsError ? refusals[reason.code] : undefined
    const isOpen = this.#result !== undefined && this.#broken === undefined && !this.#over
    if (description === undefined || !isOpen || this.#steps > 0) return
    try {
      void this.#step(() => this.#engine.alert?.(description))
    } catch {
      // A peer that could not be told has to find out by itself.
    }
  }

  /** Takes what the peer sends, from the first flight to its end. */
  async #run(parameters: P): Promise<void> {
    try {
      await this.#step(() => this.#engine.start(parameters))
      while (!this.#over && !this.#hasEnded && this.#broken === undefined) {
        const datagram = await this.#transport.read()
        if (this.#over) return
        if (datagram !== null && datagram.length > 0) await this.#receive(datagram)
      }
      if (this.#result === undefined) throw gaveUp()
      this.#messages.end({})
    } catch (error) {
      this.#break(error)
    }
  }

  #receive(datagram: Uint8Array): Promise<void> {
    return this.#inbound(() => this.#engine.receive(datagram))
  }

  /** One `receive` or `tick` after another. */
  async #inbound(run: () => void | Promise<void>): Promise<void> {
    while (this.#receiving !== undefined) await this.#receiving
    if (this.#over || this.#broken !== undefined) return
    const step = this.#step(run)
    if (step === undefined) return
    this.#receiving = step.finally(() => {
      this.#receiving = undefined
    })
    await this.#receiving
  }

  #tick(): void {
    // The step that runs may bring what is waited for; the timer is set again after it.
    if (this.#receiving !== undefined) return
    this.#inbound(() => this.#engine.tick()).catch((error) => this.#break(error))
  }

  /** One step of the engine, and what comes of it. A synchronous one costs no turn. */
  #step(run: () => void | Promise<void>): void | Promise<void> {
    this.#steps++
    let running: void | Promise<void>
    try {
      running = run()
    } catch (error) {
      this.#stepped()
      throw error
    }
    if (running === undefined) return this.#stepped()
    return running.finally(() => this.#stepped())
  }

  #stepped(): void {
    this.#steps--
    if (this.#over && this.#steps === 0) {
      this.#release()
      return
    }
    const engine = this.#engine
    this.#result = engine.result
    this.#hasEnded = engine.hasEnded
    this.#maxMessageSize = engine.maxMessageSize
    for (let message = engine.takePlaintext(); message; message = engine.takePlaintext()) {
      if (!this.#discards) this.#messages.push(message)
    }
    for (let datagram = engine.takeCiphertext(); datagram; datagram = engine.takeCiphertext()) {
      this.#queue(datagram)
    }
    this.#setTimer()
    const sent = this.#send()
    if (this.#handshake !== undefined) this.#sendFlight(sent)
    // Who waits until it is sent joins in; what nobody waits for is repeated if it was needed.
    else sent.catch(() => {})
  }

  /** The handshake is over when the last flight has left, and fails if one cannot leave. */
  #sendFlight(sent: Promise<void>): void {
    const result = this.#result
    sent.then(
      () => {
        if (result !== undefined) this.#handshake?.resolve(result)
        if (result !== undefined) this.#handshake = undefined
      },
      (error) => {
        if (this.#handshake !== undefined) this.#break(error)
      },
    )
  }

  #setTimer(): void {
    this.#cancelTick?.()
    this.#cancelTick = undefined
    const { timeout } = this.#engine
    if (timeout === undefined || this.#over || this.#hasEnded || this.#broken) return
    this.#cancelTick = this.#clock.after(timeout, () => this.#tick())
  }

  /** What does not fit any more is lost, and sent again if it was needed. */
  #queue(datagram: Uint8Array): void {
    if (this.#unsentBytes >= MOST_UNSENT) return
    this.#unsent.push(datagram)
    this.#unsentBytes += datagram.length
  }

  /** Resolves when all datagrams there are, and what is added meanwhile, were taken by the socket. */
  #send(): Promise<void> {
    if (!this.#isSending) {
      this.#isSending = true
      this.#sending = this.#sendAll()
    }
    return this.#sending
  }

  /** One that the socket does not take says nothing about the others. */
  async #sendAll(): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    for (let next = this.#unsent.shift(); next !== undefined; next = this.#unsent.shift()) {
      try {
        await this.#transport.write(next)
      } catch (error) {
        failure ??= { error }
      } finally {
        this.#unsentBytes -= next.length
      }
    }
    // Not a turn later: what is added in between would wait for the next one.
    this.#isSending = false
    if (failure !== undefined) throw failure.error
  }

  #break(error: unknown): void {
    this.#broken ??= { error }
    this.#cancelTick?.()
    this.#handshake?.reject(this.#broken.error)
    this.#handshake = undefined
    this.#messages.end(this.#broken)
  }

  #stop(): void {
    this.#over = true
    this.#cancelTick?.()
  }

  #requireUnbroken(): void {
    if (this.#broken !== undefined) throw this.#broken.error
  }

  #release(): void {
    if (this.#released || this.#steps > 0) return
    this.#released = true
    this.#engine.release?.()
  }
}

/** Why core refuses a peer, as an alert: bad_certificate or, up to TLS 1.2, handshake_failure. */
const refusals: Partial<Record<TlsErrorCode, number>> = {
  TLS_BAD_CERTIFICATE: 42,
  TLS_CERTIFICATE_REQUIRED: 40,
}

/** Unsent bytes from which on nothing is added: more than the longest flight there is. */
const MOST_UNSENT = 262_144

function timedOut(): IoError {
  return new IoError('IO_TIMED_OUT', 'The peer did not complete the DTLS handshake in time.')
}

function gaveUp(): TlsError {
  return new TlsError('TLS_NOT_TLS', 'The peer gave up during the DTLS handshake.')
}
