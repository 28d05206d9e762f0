import { Presets, SingleBar } from 'cli-progress'

/** A bar on stderr that shows how many cases are done; nothing where nobody watches. */
export class Progress {
  readonly #bar = new SingleBar(
    { format: 'vectors {bar} {value}/{total}', clearOnComplete: true, hideCursor: true },
    Presets.rect,
  )

  constructor(total: number) {
    this.#bar.start(total, 0)
  }

  advance(): void {
    this.#bar.increment()
  }

  stop(): void {
    this.#bar.stop()
  }
}
