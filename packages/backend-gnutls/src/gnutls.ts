import { isMainThread } from 'node:worker_threads'
import { Callbacks } from './ffi/callbacks.js'
import { Ledger } from './ffi/ledger.js'
import { type GnutlsLibrary, type LibrarySearch, loadLibrary } from './ffi/load-library.js'
import { Memory } from './ffi/memory.js'
import type { Address, GnutlsFunctions } from './ffi/symbols.js'
import { type Over, ThreadSockets } from './ffi/thread-sockets.js'
import { GnutlsError } from './tls-errors.js'

/** libgnutls in this thread: its functions, and what is needed to call them. */
export class Gnutls {
  readonly library: GnutlsLibrary
  readonly functions: GnutlsFunctions
  readonly memory: Memory
  readonly callbacks: Callbacks
  readonly ledger: Ledger = new Ledger()
  readonly #threadSockets = new Map<Over, ThreadSockets>()
  readonly #atLeast = new Map<string, boolean>()

  /** Registers the callbacks, once for each library. */
  constructor(library: GnutlsLibrary) {
    this.library = library
    this.functions = library.functions
    this.memory = new Memory(library)
    this.callbacks = new Callbacks(library, this.memory)
  }

  /** What libgnutls reads from in a worker thread; `undefined` where callbacks give it the bytes. */
  threadSockets(over: Over): ThreadSockets | undefined {
    if (isMainThread || process.platform === 'win32') return undefined
    let sockets = this.#threadSockets.get(over)
    if (sockets === undefined) {
      sockets = new ThreadSockets(this.library.koffi, over)
      this.#threadSockets.set(over, sockets)
    }
    return sockets
  }

  /** Frees all there is: nothing of libgnutls is used any more. */
  freeAll(): void {
    this.ledger.freeAll()
    for (const sockets of this.#threadSockets.values()) sockets.close()
    this.#threadSockets.clear()
  }

  /** For example `3.7.9`. */
  get version(): string {
    return this.library.version
  }

  /** Whether it is that version or a newer one. */
  isAtLeast(version: string): boolean {
    let isAtLeast = this.#atLeast.get(version)
    if (isAtLeast === undefined) {
      isAtLeast = this.functions.check_version(version) !== null
      this.#atLeast.set(version, isAtLeast)
    }
    return isAtLeast
  }

  /** The error that a return value stands for. */
  error(code: number): GnutlsError {
    const { strerror_name, strerror } = this.functions
    return new GnutlsError(code, strerror_name(code) ?? `GNUTLS_E_${code}`, strerror(code) ?? '')
  }

  /**
   * What a call returned, unless it failed.
   *
   * @throws {@link GnutlsError}
   */
  require(code: number): number {
    if (code < 0) throw this.error(code)
    return code
  }

  /** The handle that a call has made. @throws {@link GnutlsError} */
  handle(make: (handle: BigUint64Array) => number): Address {
    const handle = new BigUint64Array(1)
    this.require(make(handle))
    return handle[0] as bigint
  }

  /** A digest, at once. */
  digest(algorithm: number, length: number, bytes: Uint8Array): Uint8Array {
    const digest = new Uint8Array(length)
    this.require(this.functions.hash_fast(algorithm, bytes, bytes.length, digest))
    return digest
  }
}

/**
 * The library, the same one for the same search: it is bound once in a thread.
 *
 * @throws {@link TlsError} `TLS_UNAVAILABLE` with an account of what was tried.
 */
export function openGnutls(search: LibrarySearch = {}): Gnutls {
  const key = search.library ?? ''
  let gnutls = opened.get(key)
  if (gnutls === undefined) {
    gnutls = new Gnutls(loadLibrary(search))
    opened.set(key, gnutls)
    if (!isMainThread) freeAtExit(gnutls)
  }
  return gnutls
}

/** A thread may end while its process goes on: what it leaves would never be freed. */
function freeAtExit(gnutls: Gnutls): void {
  process.once('exit', () => gnutls.freeAll())
}

const opened = new Map<string, Gnutls>()
