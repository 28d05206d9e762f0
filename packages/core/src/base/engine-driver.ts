import type {
  FinishedMessages,
  HandshakeParameters,
  HandshakeResult,
  TlsDriver,
} from '../driver.js'
import type { TlsEngine } from '../engine.js'
import { TlsError } from '../errors.js'
import type { IoStream } from '../streams/io-stream.js'
import { concat } from '../wire/record-reader.js'
import { transportError } from './transport-error.js'

/** Unread plaintext from which on no more is read from the peer: bytes. */
const HIGH_WATER_MARK = 65_536

/** Plaintext is handed to the engine in parts of this many bytes, four full records. */
const WRITE_SIZE = 65_536

/**
 * Unsent ciphertext from which on no more is read from the peer: bytes. More than one part that the
 * application writes, so that only answers count: two ends that write at once must not both wait for
 * the other to read.
 */
const MAX_UNSENT = 2 * WRITE_SIZE

/**
 * Speaks TLS over a stream with a {@link TlsEngine}: all the I/O that an engine does not do.
 *
 * It reads ahead, so that tickets, key updates and the end are seen while nobody reads (a peer whose
 * tickets stay unread may reset the connection: curl/curl#6149), and stops where the application
 * does not keep up.
 */
export class EngineDriver<P extends HandshakeParameters> implements TlsDriver<P> {
  readonly #stream: IoStream
  readonly #engine: TlsEngine<P>
  readonly #plaintext: Uint8Array[] = []
  #unread = 0
  #ciphertext: Uint8Array[] = []
  #unsent = 0
  /** How reading ended: with an error or, without one, in order. */
  #end: { readonly error?: unknown } | undefined
  /** Why nothing can be written any more. */
  #broken: { readonly error: unknown } | undefined
  #reader: { resolve(chunk: Uint8Array | null): void; reject(error: unknown): void } | undefined
  #wakePump: (() => void) | undefined
  #interrupt: (() => void) | undefined
  #isSending = false
  #sending: Promise<void> | undefined
  /** The engine takes what came after the handshake. */
  #receiving: Promise<void> | undefined
  #discards = false
  #isServer = false
  /** As the engine said after its last step: it is not asked once it is released. */
  #result: HandshakeResult | undefined
  #hasEnded = false
  #over = false
  #steps = 0
  #released = false

  /** Speaks over `stream`; all TLS is the engine's. */
  constructor(stream: IoStream, engine: TlsEngine<P>) {
    this.#stream = stream
    this.#engine = engine
  }

  handshake(parameters: P): Promise<HandshakeResult> {
    return new Promise((resolve, reject) => {
      this.#isServer = 'authenticationMode' in parameters
      this.#interrupt = () => reject(this.#broken?.error)
      this.#handshake(parameters).then(resolve, reject)
    })
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#plaintext.shift()
    if (chunk !== undefined) {
      this.#unread -= chunk.length
      if (this.#unread < HIGH_WATER_MARK) this.#wakePump?.()
      return Promise.resolve(chunk)
    }
    if (this.#end === undefined) {
      return new Promise((resolve, reject) => {
        this.#reader = { resolve, reject }
      })
    }
    return 'error' in this.#end ? Promise.reject(this.#end.error) : Promise.resolve(null)
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; at += WRITE_SIZE) {
      this.#requireUnbroken()
      const part = chunk.subarray(at, at + WRITE_SIZE)
      const running = this.#step(() => this.#engine.write(part))
      if (running !== undefined) await running
      this.#requireUnbroken()
      await this.#send()
    }
  }

  closeRead(): void {
    this.#discards = true
    this.#plaintext.length = 0
    this.#unread = 0
    this.#wakePump?.()
  }

  async closeWrite(): Promise<void> {
    this.#requireUnbroken()
    try {
      const running = this.#step(() => this.#engine.closeNotify())
      if (running !== undefined) await running
      this.#requireUnbroken()
      await this.#send()
    } catch (error) {
      // What has arrived, and is still being opened, may be the peer's end.
      await this.#receiving?.catch(() => {})
      throw error
    }
    await this.#stream.closeWrite()
  }

  async close(): Promise<void> {
    this.#over = true
    try {
      await this.#stream.close()
    } finally {
      this.#release()
    }
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Only asked for where the backend claims it, and so the engine has it. */
  exportKeyingMaterial(label: string, length: number, context?: Uint8Array): Uint8Array {
    return this.#engine.exportKeyingMaterial?.(label, length, context) as Uint8Array
  }

  finishedMessages(): FinishedMessages {
    return this.#engine.finishedMessages?.() ?? { local: undefined, peer: undefined }
  }

  abort(reason: unknown): void {
    this.#over = true
    this.#broken ??= { error: reason }
    this.#finishReading({ error: reason })
    this.#interrupt?.()
    this.#stream.abort(reason)
    this.#release()
  }

  /**
   * A server of TLS 1.3 has all it needs. What it still sends are tickets: a client that wants none may be gone,
   * and what it has said is to be read.
   */
  get #isServed(): boolean {
    return this.#isServer && this.#result?.protocolVersion === 'TLSv1.3'
  }

  /** What interrupts it has told who waits; it stops when it notices. */
  async #handshake(parameters: P): Promise<HandshakeResult> {
    try {
      this.#requireUnbroken()
      const running = this.#step(() => this.#engine.start(parameters))
      if (running !== undefined) await running
      this.#requireUnbroken()
      let result = this.#result
      for (; result === undefined; result = this.#result) {
        const chunk = await this.#stream.read()
        this.#requireUnbroken()
        if (chunk === null) {
          throw new TlsError('TLS_NOT_TLS', 'The peer ended the stream during the TLS handshake.')
        }
        const receiving = this.#step(() => this.#engine.receive(chunk))
        if (receiving !== undefined) await receiving
        if (this.#over || !this.#isServed) this.#requireUnbroken()
        if (this.#hasEnded && this.#result === undefined) {
          throw new TlsError('TLS_NOT_TLS', 'The peer gave up during the TLS handshake.')
        }
      }
      if (!this.#isServed) {
        await this.#send()
        this.#requireUnbroken()
      }
      void this.#pump()
      return result
    } catch (error) {
      this.#broken ??= { error: transportError(error) }
      throw this.#broken.error
    }
  }

  /** Takes what the peer sends until its end, whoever reads. */
  async #pump(): Promise<void> {
    try {
      while (!this.#over && !this.#hasEnded) {
        if (this.#unread >= HIGH_WATER_MARK || this.#unsent >= MAX_UNSENT) await this.#untilWanted()
        const chunk = this.#over ? null : await this.#stream.read()
        if (this.#over) return
        if (chunk === null) throw truncated()
        this.#receiving = this.#receive(chunk)
        if (this.#receiving !== undefined) await this.#receiving
      }
      this.#finishReading({})
    } catch (error) {
      this.#finishReading({ error: transportError(error) })
      await this.#drain()
    }
  }

  /** An engine that has failed, at the peer's doing or its own, sends nothing more. */
  #receive(chunk: Uint8Array): Promise<void> | undefined {
    const fail = (error: unknown): never => {
      this.#broken ??= { error }
      throw error
    }
    try {
      return this.#step(() => this.#engine.receive(chunk))?.catch(fail)
    } catch (error) {
      return fail(error)
    }
  }

  /** Takes what still comes and throws it away: before it is taken, the peer may not read our alert. */
  async #drain(): Promise<void> {
    try {
      while (!this.#over && (await this.#stream.read()) !== null);
    } catch {
      // It broke, or was closed: nobody waits any more.
    }
  }

  /** A peer that sends what asks for answers, and takes none, waits; so does one that is not read. */
  async #untilWanted(): Promise<void> {
    while (this.#unread >= HIGH_WATER_MARK && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wakePump = resolve
      })
    }
    if (this.#unsent >= MAX_UNSENT) await this.#send()
  }

  /** One step of the engine, and what comes of it. A synchronous one costs no turn. */
  #step(run: () => void | Promise<void>): Promise<void> | undefined {
    this.#steps++
    let running: void | Promise<void>
    try {
      running = run()
    } catch (error) {
      this.#stepped()
      throw error
    }
    if (running === undefined) {
      this.#stepped()
      return undefined
    }
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
    for (let chunk = engine.takePlaintext(); chunk; chunk = engine.takePlaintext()) {
      this.#deliver(chunk)
    }
    for (let chunk = engine.takeCiphertext(); chunk; chunk = engine.takeCiphertext()) {
      this.#ciphertext.push(chunk)
      this.#unsent += chunk.length
    }
    // Who waits until it is sent joins in; an error shows there, or at the next write.
    void this.#send()
  }

  #deliver(chunk: Uint8Array): void {
    if (this.#discards) return
    const reader = this.#reader
    if (reader !== undefined) {
      this.#reader = undefined
      reader.resolve(chunk)
      return
    }
    this.#plaintext.push(chunk)
    this.#unread += chunk.length
  }

  #finishReading(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return
    this.#end = end
    const reader = this.#reader
    this.#reader = undefined
    this.#wakePump?.()
    if ('error' in end) reader?.reject(end.error)
    else reader?.resolve(null)
  }

  /**
   * Settles when all ciphertext there is, and what is added meanwhile, was taken by the stream; `undefined` if
   * there is none.
   */
  #send(): Promise<void> | undefined {
    if (!this.#isSending && this.#ciphertext.length > 0) {
      this.#isSending = true
      this.#sending = this.#sendAll()
      // Who does not wait does not care what becomes of it.
      this.#sending.catch(ignore)
      return this.#sending
    }
    return this.#isSending ? this.#sending : undefined
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#ciphertext.length > 0) {
        const [first, ...more] = this.#ciphertext.splice(0)
        const isOne = more.length === 0
        const chunk = isOne ? (first as Uint8Array) : concat(first as Uint8Array, ...more)
        try {
          await (isOne ? this.#sendOne(chunk) : this.#stream.write(chunk))
        } finally {
          this.#unsent -= chunk.length
        }
      }
    } catch (error) {
      this.#broken ??= { error: transportError(error) }
      if (!this.#isServed) this.#interrupt?.()
      throw this.#broken.error
    } finally {
      // Not a turn later: what is added in between would wait for ever.
      this.#isSending = false
    }
  }

  /** The engine gets the memory of what it made of a whole part back, if that is possible. */
  #sendOne(chunk: Uint8Array): Promise<void> {
    const stream = this.#stream
    const engine = this.#engine
    if (chunk.length <= WRITE_SIZE || !engine.takeBack || !stream.writeLent) {
      return stream.write(chunk)
    }
    return stream.writeLent(chunk).then(() => {
      if (!this.#released) engine.takeBack?.(chunk)
    })
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

function truncated(): TlsError {
  return new TlsError('TLS_EOF', 'The TLS stream ended without close_notify.')
}

function ignore(): void {}
