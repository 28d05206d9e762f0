import type { Clock } from '@tlsio/core'

/**
 * A clock that a test moves. Certificates are judged by one of its two times, ages by the other.
 */
export class ManualClock implements Clock {
  #monotonic = 0
  #now: number
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>()

  /**
   * Makes a clock that stands still until it is moved.
   *
   * @param now - time of day to start with, in milliseconds since 1970. Default: the real one.
   */
  constructor(now: number = Date.now()) {
    this.#now = now
  }

  /** See {@link Clock.monotonicNow}. */
  monotonicNow(): number {
    return this.#monotonic
  }

  /** See {@link Clock.now}. */
  now(): number {
    return this.#now
  }

  /** See {@link Clock.after}. */
  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#monotonic + delay, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many callbacks wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets `milliseconds` pass on both, and calls what is due. */
  advance(milliseconds: number): void {
    this.#monotonic += milliseconds
    this.#now += milliseconds
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at <= this.#monotonic && this.#timers.delete(timer)) timer.callback()
    }
  }

  /** Sets the time of day alone, as an operator might. */
  setTimeOfDay(now: number): void {
    this.#now = now
  }
}
