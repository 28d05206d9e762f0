// Which real programs are here, and tests that skip, saying why, where one is not.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Scope } from './child.js'
import type { Peer } from './peer.js'
import type { Witness } from './resumption.js'

/** A program that serves, and tells whether it resumed. */
export interface ServerProgram {
  /** Has it answer and then end the connection. */
  readonly request: string
  /** All of its answer. */
  readonly answer: RegExp
  /** Starts it with these options. */
  start(scope: Scope, ...options: string[]): Promise<Witness & Peer>
}

/** Path of a program, also if it is in a folder for administrators; `undefined` without it. */
export function findProgram(name: string, more: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of [...path, '/usr/local/sbin', '/usr/sbin', '/sbin', ...more]) {
    const program = join(folder, name)
    if (isExecutable(program)) return program
  }
  return undefined
}

/** Adds a test below `real-peers/PEER/`. */
export type DefineTest = (title: string, body: (t: ExecutionContext) => Promise<void>) => void

/**
 * How the tests with a peer are added: they all skip, with the reason in the title, if one of the
 * programs they need was not found.
 */
export function testsWith(
  peer: string,
  programs: Readonly<Record<string, string | undefined>>,
): DefineTest {
  const missing = Object.keys(programs).filter((name) => programs[name] === undefined)
  const verb = missing.length === 1 ? 'is' : 'are'
  return (title, body) => {
    const path = `real-peers/${peer}/${title}`
    if (missing.length > 0) {
      test.skip(`${path} (${missing.join(' and ')} ${verb} not installed)`, body)
      return
    }
    test(path, async (t) => {
      t.timeout(30_000)
      await body(t)
    })
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
