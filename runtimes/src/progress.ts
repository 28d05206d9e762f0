import { Presets, SingleBar } from 'cli-progress'

/** A bar on stderr that shows how far a runtime is; nothing where nobody watches. */
export class Progress {
  readonly #bar: SingleBar

  constructor(runtime: string) {
    const format = `${runtime.padEnd(20)} {bar} {value}/{total}`
    this.#bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true }, Presets.rect)
  }

  show(done: number, total: number): void {
    if (!this.#bar.isActive) this.#bar.start(total, done)
    else {
      this.#bar.setTotal(total)
      this.#bar.update(done)
    }
  }

  stop(): void {
    this.#bar.stop()
  }
}
