import type { Clock } from '@tlsio/core'

/** A clock that stands still until it is told otherwise. */
export class ManualClock implements Clock {
  #elapsed = 0
  readonly #start: number
  readonly #timers = new Set<{ at: number; callback: () => void }>()

  constructor(start = Date.UTC(2030, 0, 1)) {
    this.#start = start
  }

  monotonicNow(): number {
    return this.#elapsed
  }

  now(): number {
    return this.#start + this.#elapsed
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + delay, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many callbacks wait. */
  get pending(): number {
    return this.#timers.size
  }

  advance(milliseconds: number): void {
    this.#elapsed += milliseconds
    for (const timer of this.#timers) {
      if (timer.at > this.#elapsed) continue
      this.#timers.delete(timer)
      timer.callback()
    }
  }
}
