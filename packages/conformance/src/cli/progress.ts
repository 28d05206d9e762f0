import type { CaseReport } from '../run/conformance-report.js'
import type { Output } from './output.js'
import { printable } from './printable.js'

/** Shows how far a run is: one line that is drawn again, or on no terminal nothing but failures. */
export class Progress {
  readonly #output: Output
  readonly #heading: string
  readonly #total: number
  readonly #now: () => number
  #done = 0
  #shown = Number.NEGATIVE_INFINITY

  /** @param now - milliseconds since any time. */
  constructor(
    output: Output,
    heading: string,
    total: number,
    now: () => number = () => performance.now(),
  ) {
    this.#now = now
    this.#output = output
    this.#heading = heading
    this.#total = total
    if (output.columns === undefined) output.write(`${heading}: ${total} cases\n`)
    else this.#draw('')
  }

  /** A case is done. */
  next(result: CaseReport): void {
    this.#done++
    if (result.verdict === 'failed' || result.verdict === 'unexpected-pass') {
      this.#clear()
      this.#output.write(failureText(result, this.#output))
    }
    // Often enough to be seen, rarely enough to cost nothing.
    const now = this.#now()
    if (this.#output.columns !== undefined && now - this.#shown >= redrawEvery) {
      this.#shown = now
      this.#draw(result.name)
    }
  }

  /** The run is over. */
  stop(): void {
    this.#clear()
  }

  #draw(name: string): void {
    const { columns = 80, paint } = this.#output
    const filled = this.#total === 0 ? barWidth : Math.floor((this.#done / this.#total) * barWidth)
    const bar = '━'.repeat(filled)
    const rest = '─'.repeat(barWidth - filled)
    const count = ` ${this.#done}/${this.#total} `
    const left = columns - 1 - barWidth - count.length
    const words = `${this.#heading}  ${printable(name)}`.slice(0, Math.max(0, left))
    this.#clear()
    this.#output.write(`${paint.good(bar)}${paint.faint(rest)}${count}${paint.faint(words)}`)
  }

  #clear(): void {
    if (this.#output.columns !== undefined) this.#output.write('\r\u001b[K')
  }
}

const barWidth = 24
/** Milliseconds. */
const redrawEvery = 50

/** What is wrong with a case. */
export function failureText(result: CaseReport, { paint }: Pick<Output, 'paint'>): string {
  const why =
    result.verdict === 'unexpected-pass'
      ? `It passes, though it was expected to fail: ${result.expectedFailure ?? ''}`
      : (result.error ?? '')
  return `${paint.bad('✗')} ${printable(result.title)}\n  ${printable(why)}\n`
}
