import { ACKNOWLEDGED, WINDOW } from './protocol.js'

/** How far a writer is ahead of a server that acknowledges. */
export class Window {
  readonly #size: number
  #sent = 0
  #acknowledged = 0
  #wake: (() => void) | undefined

  /** Of a transfer of so many bytes. */
  constructor(size: number) {
    this.#size = size
  }

  /** Whether the server has acknowledged all. */
  get isOver(): boolean {
    return this.#acknowledged >= this.#size
  }

  /** Counts bytes that are about to be written. */
  send(bytes: number): void {
    this.#sent += bytes
  }

  /** Resolves when more may be written, or when all has arrived. */
  whenOpen(): Promise<void> | undefined {
    if (this.#isOpen) return undefined
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Counts acknowledgements. */
  acknowledge(count: number): void {
    this.#acknowledged += count * ACKNOWLEDGED
    if (this.#acknowledged > this.#sent)
      throw new Error('The server acknowledges what was not sent.')
    if (this.#isOpen) this.#wake?.()
  }

  get #isOpen(): boolean {
    if (this.#sent < this.#size) return this.#sent - this.#acknowledged < WINDOW
    return this.isOver
  }
}
