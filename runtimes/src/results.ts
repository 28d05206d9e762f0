import type { ConformanceReport } from '@tlsio/conformance'
import type { TestCounts } from './runtime.js'
import type { CaseResult, Outcome, SuiteMessage } from './suite/messages.js'

/** One line of the table: a runtime and a backend. */
export interface Row {
  readonly runtime: string
  readonly backend: string
  readonly passed: number
  readonly refused: number
  readonly failed: number
  readonly expectedFailures: number
  /** What the figures do not say. */
  readonly note: string
}

/** Collects what one runtime tells. */
export class RuntimeResults {
  /** Its name, as shown. */
  runtime: string
  readonly #rows: Omit<Row, 'runtime'>[] = []
  readonly #absent: Omit<Row, 'runtime'>[] = []
  readonly #planned = new Map<string, number>()
  readonly #cases: CaseResult[] = []
  readonly #reports = new Map<string, ConformanceReport>()

  constructor(runtime: string) {
    this.runtime = runtime
  }

  /** How many cases have been planned. */
  get planned(): number {
    return [...this.#planned.values()].reduce((sum, cases) => sum + cases, 0)
  }

  /** The cases that were run. */
  get cases(): readonly CaseResult[] {
    return this.#cases
  }

  /** What the suite found on each backend that it came to the end of, by the backend's name. */
  get reports(): ReadonlyMap<string, ConformanceReport> {
    const { runtime } = this
    return new Map([...this.#reports].map(([backend, one]) => [backend, { ...one, runtime }]))
  }

  /** Takes what the runtime tells while it runs the suite. */
  add(message: SuiteMessage): void {
    if (message.kind === 'plan') this.#planned.set(message.backend, message.cases)
    else if (message.kind === 'report') this.#reports.set(message.backend, message.report)
    else if (message.kind === 'absence') this.#addNote(message.backend, message.reason)
    else this.#cases.push(message)
  }

  /** Takes what all tests of the project came to. */
  addTests({ passed, failed, skipped }: TestCounts): void {
    const note = skipped === 0 ? '' : `${skipped} skipped`
    this.#rows.push({ ...empty('(all tests)'), passed, failed, note })
  }

  /** Takes that the runtime is not here. */
  addAbsence(reason: string): void {
    this.#addNote('–', `not installed: ${reason}`)
  }

  /** Takes that the runtime, or what drives it, broke down. */
  addBreakdown(reason: string): void {
    this.#rows.push({ ...empty('–'), failed: 1, note: reason })
  }

  /** The lines of the table. A case that was planned and never ended has failed. */
  rows(): readonly Row[] {
    const { runtime } = this
    const suites = [...this.#planned].map(([backend, cases]) => this.#suiteRow(backend, cases))
    return [...this.#rows, ...suites, ...this.#absent].map((row) => ({ runtime, ...row }))
  }

  #addNote(backend: string, note: string): void {
    this.#absent.push({ ...empty(backend), note })
  }

  #suiteRow(backend: string, planned: number): Omit<Row, 'runtime'> {
    const ended = this.#cases.filter((one) => one.backend === backend)
    const count = (outcome: Outcome) => ended.filter((one) => one.outcome === outcome).length
    const lost = planned - ended.length
    const notRun = count('not-run')
    return {
      ...empty(backend),
      passed: count('passed'),
      refused: count('refused'),
      failed: count('failed') + lost,
      expectedFailures: count('expected-failure'),
      note: [
        ...(lost > 0 ? [`${lost} never ended`] : []),
        ...(notRun > 0 ? [`${notRun} not run`] : []),
      ].join(', '),
    }
  }
}

function empty(backend: string): Omit<Row, 'runtime'> {
  return { backend, passed: 0, refused: 0, failed: 0, expectedFailures: 0, note: '' }
}
