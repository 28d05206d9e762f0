import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryOf } from './npm-runtime.js'
import { root } from './places.js'
import type { Runtime } from './runtime.js'
import { runSuiteProcess } from './suite-process.js'

const version = '2.9.6'

/** Deno: it runs the compiled files as they are, with the node_modules of the workspace. */
export const deno: Runtime = {
  name: 'deno',
  label: `Deno ${version}`,
  async runSuite(context) {
    const binary = await binaryOf({ name: 'deno', version, binary: '@deno/*/deno' })
    // Nothing but reading the repository is allowed, files of its own, and the trust anchors of the
    // system: no network, no questions.
    const resolution = ['--no-config', '--no-lock', '--no-remote', '--node-modules-dir=manual']
    const folder = tmpdir()
    const permissions = [
      '--no-prompt',
      `--allow-read=${root},${folder}`,
      `--allow-write=${folder}`,
      '--allow-env=TMPDIR,TMP,TEMP',
      '--allow-sys',
    ]
    const env = { DENO_DIR: join(root, '.cache/runtimes/deno/cache'), DENO_NO_UPDATE_CHECK: '1' }
    const args = ['run', ...resolution, ...permissions]
    await runSuiteProcess({ binary, args, env, runtime: 'deno' }, context)
  },
}
