import { IoError } from '../errors.js'
import type { IoOptions } from '../streams/io-stream.js'

/**
 * What has come and was not received yet. It has a limit, in bytes and in number: what comes beyond
 * is dropped, as a kernel does.
 */
export class DatagramQueue {
  readonly #waiting: Uint8Array[] = []
  #length = 0
  #end: { readonly error?: unknown } | undefined
  #receiver:
    | { resolve(datagram: Uint8Array | null): void; reject(error: unknown): void }
    | undefined

  /** Adds what has come. @returns whether there was room. */
  push(datagram: Uint8Array): boolean {
    if (this.#end !== undefined) return false
    if (this.#receiver !== undefined) {
      this.#takeReceiver()?.resolve(datagram)
      return true
    }
    const isFull = this.#waiting.length >= MOST_DATAGRAMS || this.#length >= MOST_BYTES
    if (isFull) return false
    this.#waiting.push(datagram)
    this.#length += datagram.length
    return true
  }

  /**
   * The next one, once there is one; `null` at the end.
   *
   * @throws the error that it ended with; {@link IoError} `IO_PENDING`; the reason of the signal.
   */
  async pull({ signal }: IoOptions = {}): Promise<Uint8Array | null> {
    signal?.throwIfAborted()
    if (this.#receiver !== undefined) {
      throw new IoError('IO_PENDING', 'Another datagram is being waited for.')
    }
    const next = this.#waiting.shift()
    if (next !== undefined) {
      this.#length -= next.length
      return next
    }
    if (this.#end !== undefined) {
      if ('error' in this.#end) throw this.#end.error
      return null
    }
    return this.#nextOne(signal)
  }

  /** Nothing more comes: what waits can still be received, then the end, or `error` if given. */
  end(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return
    this.#end = end
    const receiver = this.#takeReceiver()
    if ('error' in end) receiver?.reject(end.error)
    else receiver?.resolve(null)
  }

  /** Drops what waits. */
  clear(): void {
    this.#waiting.length = 0
    this.#length = 0
  }

  #nextOne(signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#takeReceiver()?.reject(signal?.reason)
      const settle = () => signal?.removeEventListener('abort', onAbort)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#receiver = {
        resolve: (datagram) => {
          settle()
          resolve(datagram)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
    })
  }

  #takeReceiver() {
    const receiver = this.#receiver
    this.#receiver = undefined
    return receiver
  }
}

/** Unreceived bytes from which on nothing is added. */
const MOST_BYTES = 65_536

/** Each costs memory of its own, however small it is. */
const MOST_DATAGRAMS = 1024
