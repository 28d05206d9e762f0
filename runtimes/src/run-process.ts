import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { root } from './places.js'

/** How a process is run. */
export interface ProcessOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Ends it. */
  readonly signal: AbortSignal
  /** Takes each line it prints. */
  onLine(line: string): void
}

/** Runs a process at the root of the repository to its end; gives its exit code, or its signal. */
export async function runProcess(
  binary: string,
  args: readonly string[],
  { env, signal, onLine }: ProcessOptions,
): Promise<number | string> {
  const child = spawn(binary, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  })
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'))
  })
  const [end] = await Promise.all([exited, eachLine(child.stdout, onLine)])
  return end
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) onLine(line)
}
