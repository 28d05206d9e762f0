import { binaryOf } from './npm-runtime.js'
import { runProcess } from './run-process.js'
import type { Runtime, TestCounts, TestsContext } from './runtime.js'
import { runSuiteProcess } from './suite-process.js'

/** Node of one version: all tests of the project run there. */
export function node(version: string): Runtime {
  const name = `node-${process.platform}-${process.arch}`
  const binary = () => binaryOf({ name, version, binary: `${name}/bin/node` })
  return {
    name: `node${version.split('.')[0]}`,
    label: `Node ${version}`,
    runAllTests: async (context) => runAllTests(await binary(), context),
    runSuite: async (context) =>
      runSuiteProcess({ runtime: 'node', binary: await binary() }, context),
  }
}

async function runAllTests(binary: string, context: TestsContext): Promise<TestCounts> {
  const native = await runTests(binary, ['--config', 'ava.native.config.js'], context)
  const others = await runTests(binary, [], context)
  return {
    passed: native.passed + others.passed,
    failed: native.failed + others.failed,
    skipped: native.skipped + others.skipped,
  }
}

async function runTests(
  binary: string,
  args: readonly string[],
  { signal, short }: TestsContext,
): Promise<TestCounts> {
  let counts: TestCounts | undefined
  const end = await runProcess(binary, ['scripts/test.mjs', ...args], {
    signal,
    env: short ? { TLSIO_SHORT: '1' } : {},
    onLine(line) {
      counts = countsIn(line)
      console.log(line)
    },
  })
  if (counts === undefined || (end !== 0 && counts.failed === 0)) {
    throw new Error(`The tests ended with ${end}.`)
  }
  return counts
}

/** What the last line of scripts/test.mjs says. */
function countsIn(line: string): TestCounts | undefined {
  const found = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line)
  if (found === null) return undefined
  const [passed = 0, failed = 0, skipped = 0] = found.slice(1).map(Number)
  return { passed, failed, skipped }
}
