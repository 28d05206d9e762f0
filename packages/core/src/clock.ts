/** Where core gets its time from; replace it in tests. All figures are milliseconds. */
export interface Clock {
  /** Time that never jumps, from an arbitrary start: ages and lifetimes are measured with it. */
  monotonicNow(): number
  /** Time since 1970-01-01T00:00:00Z: certificate validity is judged by it. */
  now(): number
  /** Calls `callback` once after `delay`; returns what cancels it. Keeps no process alive. */
  after(delay: number, callback: () => void): () => void
}

/** The platform's own clock. */
export const systemClock: Clock = Object.freeze({
  monotonicNow: () => performance.now(),
  now: () => Date.now(),
  after(delay: number, callback: () => void): () => void {
    const timer: unknown = setTimeout(callback, delay)
    // Node and Bun keep a process alive for a timer unless told otherwise; elsewhere it is a
    // number.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
      ;(timer as { unref(): void }).unref()
    }
    return () => clearTimeout(timer as number)
  },
})
