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

/** What runs JavaScript: a program and its own options. */
export interface Runtime {
  readonly binary: string
  readonly args?: readonly string[] | undefined
}

/**
 * Runs `dist/PROGRAM.js`, with `environment` in place of our own. One that does not end by itself
 * is killed, and its status is then `null`.
 *
 * @param runtime - Node, unless another is given.
 */
export async function runProgram(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
  { binary, args = [] }: Runtime = { binary: process.execPath },
): Promise<Ended> {
  const path = fileURLToPath(import.meta.resolve(`#src/${program}.js`))
  const env = { PATH: process.env.PATH, ...environment }
  const child = spawn(binary, [...args, path, ...words], {
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
