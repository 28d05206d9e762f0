import { turn } from './settle.js'

/** Notes what Node says about rejections that nobody handles, and its warnings about listeners. */
export class Unhandled {
  readonly #seen: string[] = []

  /** Starts to listen; `stop` ends it. */
  constructor() {
    process.on('unhandledRejection', this.#onRejection).on('warning', this.#onWarning)
  }

  /** What was seen since the last time. Node tells at the end of a turn, so one is waited for. */
  async take(): Promise<readonly string[]> {
    await turn()
    return this.#seen.splice(0)
  }

  stop(): void {
    process.off('unhandledRejection', this.#onRejection).off('warning', this.#onWarning)
  }

  readonly #onRejection = (reason: unknown): void => {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)
    this.#seen.push(`unhandled rejection: ${text}`)
  }

  readonly #onWarning = (warning: Error): void => {
    if (warning.name === 'MaxListenersExceededWarning') this.#seen.push(String(warning))
  }
}
