/**
 * Errors of this process that nobody caught count against the case that was running, rather than end
 * the run.
 */
export class StrayErrors {
  #first: { readonly error: unknown } | undefined
  readonly #keep = (error: unknown): void => {
    this.#first ??= { error }
  }

  constructor() {
    process.on('uncaughtException', this.#keep)
    process.on('unhandledRejection', this.#keep)
  }

  /** From now on they end the process again. */
  stop(): void {
    process.off('uncaughtException', this.#keep)
    process.off('unhandledRejection', this.#keep)
  }

  /** Rejects with the first since it was asked last. */
  readonly inspect = async (): Promise<void> => {
    // What is late shows within a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    const stray = this.#first
    this.#first = undefined
    if (stray !== undefined) {
      const { error } = stray
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      throw new Error(`Nobody caught this: ${what}`, { cause: error })
    }
  }
}
