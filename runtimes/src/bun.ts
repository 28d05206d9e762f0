import { binaryOf, type NpmRuntime } from './npm-runtime.js'
import type { Runtime } from './runtime.js'
import { runSuiteProcess } from './suite-process.js'

const version = '1.4.5'

/** Where it comes from. */
export const bunPackage: NpmRuntime = { name: 'bun', version, binary: '@oven/*/bin/bun' }

/** Nothing is kept in the home folder. */
export const bunEnvironment: Readonly<Record<string, string>> = {
  BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
  DO_NOT_TRACK: '1',
}

/** Bun: it runs the compiled files as they are, with the node_modules of the workspace. */
export const bun: Runtime = {
  name: 'bun',
  label: `Bun ${version}`,
  async runSuite(context) {
    const binary = await binaryOf(bunPackage)
    // What is missing is an error, not something to fetch.
    const args = ['run', '--no-install']
    await runSuiteProcess({ binary, args, env: bunEnvironment, runtime: 'bun' }, context)
  },
}
