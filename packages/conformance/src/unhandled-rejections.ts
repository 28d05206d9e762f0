import { ConformanceFailure } from './assertions.js'

/** A runtime's way to tell of rejections that nobody handles, as Node, Deno and Bun have it. */
interface ProcessLike {
  on?(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
  off?(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
}

/** The same, as Deno, workers and pages have it. */
interface EventTargetLike {
  addEventListener?(type: 'unhandledrejection', listener: (event: Event) => void): void
  removeEventListener?(type: 'unhandledrejection', listener: (event: Event) => void): void
}

/**
 * Looks out for rejections that nobody handles, wherever the runtime tells of them: what a promise that
 * was dropped had to say is said by the case that was running.
 */
export class UnhandledRejections {
  #first: { readonly reason: unknown } | undefined
  readonly #global = globalThis as EventTargetLike
  readonly #process = (globalThis as { process?: ProcessLike }).process

  /** Begins to look out; `stop` ends it. */
  constructor() {
    this.#process?.on?.('unhandledRejection', this.#onRejection)
    this.#global.addEventListener?.('unhandledrejection', this.#onEvent)
  }

  /** Fails if there has been one. */
  async check(): Promise<void> {
    await turn()
    if (this.#first === undefined) return
    const { reason } = this.#first
    throw new ConformanceFailure(`Nobody caught this: ${String(reason)}`, { cause: reason })
  }

  /** From now on the runtime deals with them again. */
  stop(): void {
    this.#process?.off?.('unhandledRejection', this.#onRejection)
    this.#global.removeEventListener?.('unhandledrejection', this.#onEvent)
  }

  readonly #onRejection = (reason: unknown): void => {
    this.#first ??= { reason }
  }

  readonly #onEvent = (event: Event): void => {
    event.preventDefault()
    this.#onRejection((event as { reason?: unknown }).reason)
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
