import { ConformanceFailure } from './assertions.js'

type Listener = (error: unknown) => void

/** How Node, Deno and Bun tell of errors that nobody caught. */
interface ProcessLike {
  on?(event: 'uncaughtException' | 'unhandledRejection', listener: Listener): unknown
  off?(event: 'uncaughtException' | 'unhandledRejection', listener: Listener): unknown
}

/** How Deno, workers and pages do. */
interface EventTargetLike {
  addEventListener?(type: string, listener: (event: Event) => void): void
  removeEventListener?(type: string, listener: (event: Event) => void): void
}

/**
 * Looks out for errors that nobody caught, thrown or rejected, wherever the runtime tells of them: what
 * comes of a promise that was dropped, or of a callback, counts against the case that was running.
 */
export class StrayErrors {
  readonly #global = globalThis as EventTargetLike
  readonly #process = (globalThis as { process?: ProcessLike }).process
  #first: { readonly error: unknown } | undefined

  /** Begins to look out; `stop` ends it. */
  constructor() {
    this.#process?.on?.('uncaughtException', this.#keep)
    this.#process?.on?.('unhandledRejection', this.#keep)
    this.#global.addEventListener?.('error', this.#onError)
    this.#global.addEventListener?.('unhandledrejection', this.#onRejection)
  }

  /** Fails with the first since the last time. */
  async check(): Promise<void> {
    await turn()
    const stray = this.#first
    this.#first = undefined
    if (stray === undefined) return
    const { error } = stray
    throw new ConformanceFailure(`Nobody caught this: ${String(error)}`, { cause: error })
  }

  /** From now on the runtime deals with them again. */
  stop(): void {
    this.#process?.off?.('uncaughtException', this.#keep)
    this.#process?.off?.('unhandledRejection', this.#keep)
    this.#global.removeEventListener?.('error', this.#onError)
    this.#global.removeEventListener?.('unhandledrejection', this.#onRejection)
  }

  readonly #keep = (error: unknown): void => {
    this.#first ??= { error }
  }

  readonly #onError = (event: Event): void => {
    event.preventDefault()
    this.#keep((event as { error?: unknown }).error)
  }

  readonly #onRejection = (event: Event): void => {
    event.preventDefault()
    this.#keep((event as { reason?: unknown }).reason)
  }
}

/** Runtimes tell when all that can go on at once has done so: before the next turn begins. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (done: () => void) => unknown }
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve)
    else setImmediate(resolve)
  })
}
