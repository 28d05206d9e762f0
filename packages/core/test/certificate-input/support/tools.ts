import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'

/** What a test does with a program: it runs in a folder of its own, which is removed afterwards. */
export interface Tool {
  readonly folder: string
  /** Runs the program there. @throws if it fails, with its error output. */
  run(...args: readonly string[]): void
}

/** Adds a test that skips, with the reason in its title, where the program is not installed. */
export function testWith(
  program: string,
  title: string,
  body: (t: ExecutionContext, tool: Tool) => Promise<void>,
): void {
  if (!isInstalled(program)) {
    test.skip(`${title} (${program} is not installed)`, async (t) => t.pass())
    return
  }
  // One after another: programs keep the processor, and each test has a time limit of its own.
  test.serial(title, async (t) => {
    t.timeout(120_000)
    const folder = mkdtempSync(join(tmpdir(), 'tlsio-tool-'))
    const run = (...args: readonly string[]) => {
      execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    }
    try {
      await body(t, { folder, run })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined
}
