import { bun } from './bun.js'
import { deno } from './deno.js'

/** What is known to be wrong with a backend in a runtime. */
export interface KnownDefects {
  /**
   * Titles of cases that fail, or the first parts of titles, each with a reason. They are run, and
   * one that passes is a failure.
   */
  readonly failing?: Readonly<Record<string, string>> | undefined
  /** The same of cases that now fail and now pass. They are not run, which is shown. */
  readonly unstable?: Readonly<Record<string, string>> | undefined
}

/** Those of a runtime, by backend. */
export type RuntimeDefects = Readonly<Record<string, KnownDefects>>

/** By runtime, then by backend. */
export const knownDefects: Readonly<Record<string, RuntimeDefects>> = { bun, deno }
