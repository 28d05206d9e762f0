import { Worker } from 'node:worker_threads'
import type { CaseOutcome, Selection } from './run-suite.js'

/** The suite's word on a backend: what failed, and why. */
export interface SuiteRun {
  /** How many cases ran. */
  readonly ran: number
  /** Those that failed. */
  readonly failed: readonly CaseOutcome[]
  /** Why not all could run; `undefined` if they did. */
  readonly unfit?: string | undefined
}

/** What a thread is asked to do. */
export interface ThreadTask {
  /** Name of the mutant; `undefined` for the good backend. */
  readonly mutant: string | undefined
  /** What to run of the suite. */
  readonly selection: Selection
}

/** What it answers: each case as it ends, and then whether it is as it was before. */
export type ThreadAnswer = CaseOutcome | { readonly isReusable: boolean }

/**
 * Runs the suite on one mutant after another, in a thread that is warm from the one before, or in a new
 * one if that has changed the library.
 */
export class SuiteThread {
  #worker: Worker | undefined

  /** Runs the suite, or a part of it, on a mutant, by its name, or on the good backend. */
  async run(mutant: string | undefined, selection: Selection = {}): Promise<SuiteRun> {
    this.#worker ??= new Worker(new URL('./worker.js', import.meta.url))
    const worker = this.#worker
    const outcomes: CaseOutcome[] = []
    const { promise, resolve } = withResolvers<{ isReusable: boolean; unfit?: string }>()
    const hear = (answer: ThreadAnswer) => {
      if ('name' in answer) outcomes.push(answer)
      else resolve(answer)
    }
    const fail = (error: unknown) => resolve({ isReusable: false, unfit: String(error) })
    const exit = (status: number) => fail(`it ended with status ${status}`)
    worker.on('message', hear).on('error', fail).on('exit', exit)
    worker.postMessage({ mutant, selection } satisfies ThreadTask)
    const { isReusable, unfit } = await promise
    worker.off('message', hear).off('error', fail).off('exit', exit)
    if (!isReusable) await this.end()
    const failed = outcomes.filter(({ problem }) => problem !== undefined)
    return { ran: outcomes.length, failed, ...(unfit !== undefined && { unfit }) }
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    // Whatever a mutant has left behind is its own affair.
    worker?.on('error', () => {})
    await worker?.terminate()
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
