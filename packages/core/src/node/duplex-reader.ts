import type { Duplex } from 'node:stream'

/**
 * Unread bytes at which a stream is told to stop, the size at which reads are cheapest per byte.
 */
const HIGH_WATER_MARK = 65_536

/**
 * Pulls from a Node stream: the cheapest way measured is to queue its `data` events. Listens from
 * the first read on, so that a stream that nobody read from can be handed on untouched.
 */
export class DuplexReader {
  readonly #duplex: Duplex
  readonly #toError: (error: unknown) => Error
  #queue: Uint8Array[] = []
  #queued = 0
  #started = false
  #paused = false
  #discarding = false
  #end: { readonly error?: Error } | undefined
  #waiter: { resolve(chunk: Uint8Array | null): void; reject(error: Error): void } | undefined

  /** Reads `duplex`; `toError` makes the error to reject with of the stream's own. */
  constructor(duplex: Duplex, toError: (error: unknown) => Error) {
    this.#duplex = duplex
    this.#toError = toError
  }

  /** Whether a read waits and nothing is there for it. */
  get isWaiting(): boolean {
    return this.#waiter !== undefined
  }

  /** Whether the stream has ended in order, even if what came before is still unread. */
  get hasEnded(): boolean {
    return this.#end !== undefined && this.#end.error === undefined
  }

  /** Starts to listen; needed only for what must be processed although nobody reads. */
  start(): void {
    if (this.#started) return
    this.#started = true
    const duplex = this.#duplex
    if (duplex.errored) this.finish(duplex.errored)
    else if (duplex.readableEnded) this.finish()
    else if (duplex.destroyed) this.#onClose()
    else this.#listen()
  }

  #listen(): void {
    const duplex = this.#duplex
    duplex.on('data', this.#onData).on('end', this.#onEnd)
    duplex.on('error', this.#onError).on('close', this.#onClose)
    // Somebody may have paused it to hand it over (net.Server's pauseOnConnect).
    duplex.resume()
  }

  /** The next chunk, or `null` at the end. Never called while a read waits. */
  read(): Promise<Uint8Array | null> {
    this.start()
    const chunk = this.#queue.shift()
    if (chunk !== undefined) {
      this.#queued -= chunk.length
      if (this.#paused && this.#queued < HIGH_WATER_MARK) this.#flow()
      return Promise.resolve(chunk)
    }
    if (this.#end !== undefined) {
      return this.#end.error === undefined ? Promise.resolve(null) : Promise.reject(this.#end.error)
    }
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  /** Gives up the read that waits. @returns whether one did: otherwise it has its chunk already. */
  cancel(): boolean {
    const waited = this.#waiter !== undefined
    this.#waiter = undefined
    return waited
  }

  /** Takes back a chunk that nobody wanted in the end. */
  unread(chunk: Uint8Array): void {
    this.#queue.unshift(chunk)
    this.#queued += chunk.length
  }

  /** Throws away what is queued and what will come, but keeps the stream flowing. */
  discard(): void {
    this.#discarding = true
    this.#queue = []
    this.#queued = 0
    this.start()
    this.#flow()
  }

  /** Stops listening and puts what is queued back into the stream, for its next reader. */
  release(): void {
    const duplex = this.#duplex
    if (this.#started) {
      duplex.pause()
      duplex.off('data', this.#onData).off('end', this.#onEnd)
      duplex.off('error', this.#onError).off('close', this.#onClose)
    }
    if (this.#queued > 0) duplex.unshift(Buffer.concat(this.#queue))
    this.#queue = []
    this.#queued = 0
  }

  /** Ends reading, after what is queued, with an error or in order. */
  finish(error?: unknown): void {
    if (this.#end !== undefined) return
    this.#end = error === undefined ? {} : { error: this.#toError(error) }
    const waiter = this.#waiter
    this.#waiter = undefined
    if (this.#end.error === undefined) waiter?.resolve(null)
    else waiter?.reject(this.#end.error)
  }

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#discarding) return
    const waiter = this.#waiter
    if (waiter !== undefined) {
      this.#waiter = undefined
      waiter.resolve(chunk)
      return
    }
    this.#queue.push(chunk)
    this.#queued += chunk.length
    if (this.#queued >= HIGH_WATER_MARK) {
      this.#paused = true
      this.#duplex.pause()
    }
  }

  readonly #onEnd = (): void => this.finish()
  readonly #onError = (error: Error): void => this.finish(error)
  readonly #onClose = (): void => {
    if (this.#end !== undefined) return
    this.finish(this.#duplex.errored ?? codedError('ERR_STREAM_PREMATURE_CLOSE'))
  }

  #flow(): void {
    this.#paused = false
    this.#duplex.resume()
  }
}

function codedError(code: string): Error {
  return Object.assign(new Error('The stream was closed before its end.'), { code })
}
