import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryOf, type NpmRuntime } from './npm-runtime.js'
import { root } from './places.js'
import type { Runtime } from './runtime.js'
import { runSuiteProcess } from './suite-process.js'

const version = '2.9.6'

/** Where it comes from. */
export const denoPackage: NpmRuntime = { name: 'deno', version, binary: '@deno/*/deno' }

/** Nothing is kept in the home folder. */
export const denoEnvironment: Readonly<Record<string, string>> = {
  DENO_DIR: join(root, '.cache/runtimes/deno/cache'),
  DENO_NO_UPDATE_CHECK: '1',
}

/**
 * Options of `deno run` and `deno test`. Nothing but reading the repository is allowed, files of its
 * own, and the trust anchors of the system: no network, no questions.
 *
 * @param variables - of the environment that may be read.
 */
export function denoOptions(...variables: string[]): string[] {
  const folder = tmpdir()
  return [
    '--no-config',
    '--no-lock',
    '--no-remote',
    '--node-modules-dir=manual',
    '--no-prompt',
    `--allow-read=${root},${folder}`,
    `--allow-write=${folder}`,
    `--allow-env=${['TMPDIR', 'TMP', 'TEMP', ...variables].join(',')}`,
    '--allow-sys',
  ]
}

/** Deno: it runs the compiled files as they are, with the node_modules of the workspace. */
export const deno: Runtime = {
  name: 'deno',
  label: `Deno ${version}`,
  async runSuite(context) {
    const binary = await binaryOf(denoPackage)
    const args = ['run', ...denoOptions()]
    const nativeArgs = ['run', ...denoOptions('TLSIO_GNUTLS_LIBRARY'), '--allow-ffi']
    const env = denoEnvironment
    await runSuiteProcess({ binary, args, nativeArgs, env, runtime: 'deno' }, context)
  },
}
