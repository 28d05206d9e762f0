import { binaryOf } from './npm-runtime.js'
import type { Runtime } from './runtime.js'
import { runSuiteProcess } from './suite-process.js'

const version = '1.4.5'

/** Bun: it runs the compiled files as they are, with the node_modules of the workspace. */
export const bun: Runtime = {
  name: 'bun',
  label: `Bun ${version}`,
  async runSuite(context) {
    const binary = await binaryOf({ name: 'bun', version, binary: '@oven/*/bin/bun' })
    // What is missing is an error, not something to fetch; and nothing is kept in the home folder.
    const args = ['run', '--no-install']
    const env = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', DO_NOT_TRACK: '1' }
    await runSuiteProcess({ binary, args, env, runtime: 'bun' }, context)
  },
}
