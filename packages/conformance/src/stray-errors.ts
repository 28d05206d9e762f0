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
 * comes of a promise that was dropped, or of a callback, counts against the case that was running, or
 * against each, if several are.
 */
export class StrayErrors {
  #first: { readonly error: unknown } | undefined

  /** Begins to look out; `stop` ends it. */
  constructor() {
    if (listening.size === 0) listen()
    listening.add(this)
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

  /** From now on the runtime deals with them again, unless somebody else looks out. */
  stop(): void {
    listening.delete(this)
    if (listening.size === 0) unlisten()
  }

  /** Keeps the first that is told. */
  keep(error: unknown): void {
    this.#first ??= { error }
  }
}

const listening = new Set<StrayErrors>()
const runtime = globalThis as EventTargetLike & { readonly process?: ProcessLike }

const tell: Listener = (error) => {
  for (const one of listening) one.keep(error)
}

const onError = (event: Event): void => {
  event.preventDefault()
  tell((event as { error?: unknown }).error)
}

const onRejection = (event: Event): void => {
  event.preventDefault()
  tell((event as { reason?: unknown }).reason)
}

// One listener for all: Node warns of more than ten.
function listen(): void {
  runtime.process?.on?.('uncaughtException', tell)
  runtime.process?.on?.('unhandledRejection', tell)
  runtime.addEventListener?.('error', onError)
  runtime.addEventListener?.('unhandledrejection', onRejection)
}

function unlisten(): void {
  runtime.process?.off?.('uncaughtException', tell)
  runtime.process?.off?.('unhandledRejection', tell)
  runtime.removeEventListener?.('error', onError)
  runtime.removeEventListener?.('unhandledrejection', onRejection)
}

/** Runtimes tell when all that can go on at once has done so: before the next turn begins. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (done: () => void) => unknown }
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve)
    else setImmediate(resolve)
  })
}
