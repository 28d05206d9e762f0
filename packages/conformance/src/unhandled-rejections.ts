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

/** Looks out for rejections that nobody handles, wherever the runtime tells of them. */
export class UnhandledRejections {
  /** The reasons so far. */
  readonly reasons: unknown[] = []
  readonly #global = globalThis as EventTargetLike
  readonly #process = (globalThis as { process?: ProcessLike }).process

  /** Begins to look out; `stop` ends it. */
  constructor() {
    this.#process?.on?.('unhandledRejection', this.#onRejection)
    this.#global.addEventListener?.('unhandledrejection', this.#onEvent)
  }

  stop(): void {
    this.#process?.off?.('unhandledRejection', this.#onRejection)
    this.#global.removeEventListener?.('unhandledrejection', this.#onEvent)
  }

  readonly #onRejection = (reason: unknown): void => {
    this.reasons.push(reason)
  }

  readonly #onEvent = (event: Event): void => {
    event.preventDefault()
    this.reasons.push((event as { reason?: unknown }).reason)
  }
}
