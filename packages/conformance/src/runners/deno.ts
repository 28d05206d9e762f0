/**
 * The suite as tests of Deno.
 *
 * @module @tlsio/conformance/deno
 */
import type { TestFunction } from '../options.js'

/** What is asked of Deno: its `Deno.test`. */
export type DenoTest = (test: {
  readonly name: string
  readonly fn: () => Promise<void>
  readonly sanitizeResources: boolean
}) => unknown

/**
 * Adds the cases to `deno test`, for `conformance`. Deno is not to look for open resources: for it, a
 * cipher of node:crypto is one until it is collected.
 */
export function deno(test: DenoTest): TestFunction {
  return (name, body) => test({ name, fn: () => body(), sanitizeResources: false })
}
