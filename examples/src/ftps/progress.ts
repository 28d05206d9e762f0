import { Presets, SingleBar } from 'cli-progress'

/** Shows how far a transfer is. */
export interface Progress {
  /** That many bytes more were moved. */
  advance(bytes: number): void
  /** Takes it off the screen. */
  stop(): void
}

/** Shorter transfers are over before a bar can be read. */
const worthShowing = 1024 * 1024

const nothing: Progress = { advance: () => {}, stop: () => {} }

/** A bar on standard error, if that is a terminal and the transfer long; otherwise nothing. */
export function showProgress(name: string, total: number | undefined): Progress {
  if (!process.stderr.isTTY || total === undefined || total < worthShowing) return nothing
  const format = '{name} {bar} {percentage}% {value}/{total} bytes'
  const bar = new SingleBar(
    { format, clearOnComplete: true, stream: process.stderr },
    Presets.legacy,
  )
  bar.start(total, 0, { name })
  return { advance: (bytes) => bar.increment(bytes), stop: () => bar.stop() }
}
