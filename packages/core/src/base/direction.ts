import { IoError } from '../errors.js'

/**
 * One direction of a connection: at most one operation at a time, and the direction's end.
 *
 * An operation that its caller gave up goes on in the engine. The next one waits for it, and a read
 * gets what it brought: nothing is lost.
 *
 * @see GIO `g_input_stream_set_pending()`
 */
export class Direction<T> {
  readonly #verb: 'read' | 'write'
  #busy = false
  #underway: Promise<T> | undefined
  #giveUp: ((reason: unknown) => void) | undefined
  #closedBy: (() => unknown) | undefined

  constructor(verb: 'read' | 'write') {
    this.#verb = verb
  }

  /** Whether this side has closed it. */
  get closed(): boolean {
    return this.#closedBy !== undefined
  }

  /** Marks the start of an operation. @throws {@link IoError} `IO_CLOSED` or `IO_PENDING`. */
  begin(): void {
    this.throwIfClosed()
    if (this.#busy) {
      throw new IoError('IO_PENDING', `Another ${this.#verb} is pending on this connection.`)
    }
    this.#busy = true
  }

  /** Marks its end. */
  end(): void {
    this.#busy = false
  }

  /** @throws what the direction was closed with. */
  throwIfClosed(): void {
    if (this.#closedBy !== undefined) throw this.#closedBy()
  }

  /** What an operation that was given up still has under way; it is handed over once. */
  takeUnderway(): Promise<T> | undefined {
    const underway = this.#underway
    this.#underway = undefined
    return underway
  }

  /**
   * Waits for the engine's `operation` until it settles, the direction closes or `signal` aborts.
   *
   * Every byte goes through here more than once, so that it makes no promise that it can do without.
   */
  run(operation: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    this.#underway = operation
    return new Promise((resolve, reject) => {
      const onAbort = (): void => giveUp(signal?.reason)
      const giveUp = (reason: unknown): void => {
        signal?.removeEventListener('abort', onAbort)
        this.#giveUp = undefined
        reject(reason)
      }
      this.#giveUp = giveUp
      operation.then(
        (result) => {
          // What was given up is the next one's to take.
          if (this.#giveUp !== giveUp) return
          signal?.removeEventListener('abort', onAbort)
          this.#underway = undefined
          resolve(result)
        },
        (error: unknown) => {
          signal?.removeEventListener('abort', onAbort)
          this.#underway = undefined
          reject(error)
        },
      )
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /**
   * Ends the direction for new operations, which reject with `reason()`; a pending one may finish.
   */
  refuse(reason: () => unknown): void {
    this.#closedBy ??= reason
  }

  /** Ends the direction: a pending operation and all later ones reject with `reason()`. */
  close(reason: () => unknown): void {
    this.#closedBy ??= reason
    if (this.#underway !== undefined) this.#giveUp?.(reason())
  }

  /** Resolves when nothing is under way in the engine, whatever became of it. */
  idle(): Promise<void> {
    return this.#underway === undefined ? settled : this.#underway.then(ignore, ignore)
  }
}

const settled: Promise<void> = Promise.resolve()

function ignore(): void {}

/**
 * Makes the error of operations on what this side has closed. Only when there is such an operation:
 * an error costs its stack trace, and most connections are closed and never touched again.
 */
export function closed(what: string): () => IoError {
  return () => new IoError('IO_CLOSED', `${what} is closed.`)
}
