import { fileURLToPath } from 'node:url'
import { bunEnvironment, bunPackage } from '#src/bun.js'
import { denoEnvironment, denoOptions, denoPackage } from '#src/deno.js'
import { installedBinaryOf } from '#src/npm-runtime.js'
import { workerdPackage } from '#src/workerd-process.js'

/** A runner, started on a file of this folder. */
export interface Runner {
  readonly name: string
  /** `undefined` if it is not on this machine. */
  readonly binary: string | undefined
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Where ava and vitest are, and find no configuration but what they are told. */
export const cwd: string = fileURLToPath(new URL('../../../', import.meta.url))

const file = (name: string) => `./dist/test/runners/${name}`

/** `undefined` if it is not on this machine. */
export const workerd: string | undefined = await installedBinaryOf(workerdPackage)

/** All that can be started as a process. */
export const runners: readonly Runner[] = [
  {
    name: 'ava',
    binary: process.execPath,
    args: ['node_modules/ava/entrypoints/cli.mjs', '--tap', file('with-ava.js')],
  },
  {
    name: 'node-test',
    binary: process.execPath,
    args: ['--test', '--test-reporter=tap', file('with-node-test.js')],
  },
  {
    name: 'vitest',
    binary: process.execPath,
    // Its configuration has a limit that every case is over.
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=tap-flat',
      `--config=${file('vitest.config.js')}`,
    ],
  },
  {
    name: 'bun',
    binary: await installedBinaryOf(bunPackage),
    args: ['test', '--timeout=1', file('with-bun.js')],
    env: bunEnvironment,
  },
  {
    name: 'deno',
    binary: await installedBinaryOf(denoPackage),
    args: ['test', '--no-check', ...denoOptions('TLSIO_SCENARIO'), file('with-deno.js')],
    env: denoEnvironment,
  },
]
