import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Part } from './parts.js'
import type { Figures } from './results.js'

/** What a process that measures tells. */
export type RowMessage = { readonly progress: string } | { readonly error: string } | MeasuredRow

/** What was measured of a comparison with one of its baselines. */
export interface MeasuredRow {
  readonly figures: Figures
  /** Which Chromium it ran in; `undefined` if in none. */
  readonly chromium: string | undefined
}

/** Which row of the report: the comparison by its name, the baseline by its index there. */
export interface Row {
  readonly part: Part
  readonly name: string
  readonly baseline: number
}

/**
 * Measures it in a process of its own.
 *
 * @throws what went wrong there.
 */
export function measureRow(
  { part, name, baseline }: Row,
  rounds: number,
  onProgress: (text: string) => void,
): Promise<MeasuredRow> {
  const path = fileURLToPath(new URL('row-process.js', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = fork(path, [part, name, String(baseline), String(rounds)])
    let measured: MeasuredRow | undefined
    let problem: string | undefined
    child.on('message', (message: RowMessage) => {
      if ('progress' in message) onProgress(message.progress)
      else if ('error' in message) problem = message.error
      else measured = message
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (measured !== undefined && code === 0) resolve(measured)
      else reject(new Error(problem ?? `The measuring process ended with ${signal ?? code}.`))
    })
  })
}
