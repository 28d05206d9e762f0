/**
 * The suite as tests of node:test.
 *
 * @module @tlsio/conformance/node-test
 */
import type { TestFunction } from '../options.js'

/** What is asked of node:test: its `test`. */
export type NodeTest = (title: string, body: () => Promise<void>) => unknown

/**
 * Adds the cases to node:test, for `conformance`. A test that is `todo` there may pass unnoticed, so
 * it is not used for those expected to fail: the suite turns their outcome around.
 */
export function nodeTest(test: NodeTest): TestFunction {
  return (title, body) => test(title, () => body())
}
