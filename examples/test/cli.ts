// Runs the programs of this package as a shell would.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** How a program ended and what it said. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs `dist/PROGRAM.js`, with `environment` in place of our own. One that does not end by itself
 * is killed, and its status is then `null`.
 */
export async function runProgram(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Ended> {
  const path = fileURLToPath(import.meta.resolve(`#src/${program}.js`))
  const env = { PATH: process.env.PATH, ...environment }
  const child = spawn(process.execPath, [path, ...words], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { status, stdout, stderr }
}
