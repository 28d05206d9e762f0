// A pseudo terminal, which util-linux's `script` makes: what a person would see, and can type.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { Child, type Scope } from './child.js'
import { findProgram } from './programs.js'

/** The programs that it takes, for `testsWith`. */
export const terminalPrograms: Readonly<Record<string, string | undefined>> = {
  "util-linux's script": findScript(),
  stty: findProgram('stty'),
}

/**
 * Runs a shell's command line on a terminal of its own, which echoes what is typed, as terminals do.
 * The output is what the screen gets.
 */
export function startOnTerminal(scope: Scope, commandLine: string): Child {
  const program = findScript()
  if (program === undefined) throw new Error('There is no script of util-linux.')
  const command = `stty echo; ${commandLine}`
  return new Child(scope, [program, '-q', '-e', '-c', command, '/dev/null'], { cwd: tmpdir() })
}

/** Others of that name have other options. */
function findScript(): string | undefined {
  const program = findProgram('script')
  if (program === undefined) return undefined
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return stdout?.includes('util-linux') ? program : undefined
}
