/** What one round took. */
export interface Sample {
  /** Wall clock, in seconds. */
  readonly elapsed: number
  /**
   * Processor time of this process, all its threads, in seconds. Other processes disturb it little.
   * `undefined` if the work was not done in this process.
   */
  readonly cpu: number | undefined
}

/** Measures the part of a round that counts. */
export class Stopwatch {
  #sample: Sample | undefined

  /** Runs the work, once per round. */
  async time(work: () => Promise<void>): Promise<void> {
    const cpuBefore = process.cpuUsage()
    const before = performance.now()
    await work()
    const elapsed = (performance.now() - before) / 1e3
    const { user, system } = process.cpuUsage(cpuBefore)
    this.#sample = { elapsed, cpu: (user + system) / 1e6 }
  }

  /** Takes the wall clock, in seconds, of work that was done and measured in another process. */
  record(elapsed: number): void {
    this.#sample = { elapsed, cpu: undefined }
  }

  get sample(): Sample {
    if (this.#sample === undefined) throw new Error('A round measured nothing.')
    return this.#sample
  }
}
