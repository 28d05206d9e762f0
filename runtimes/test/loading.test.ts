import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test from 'ava'

/** What workerd runs: it gives out no randomness and sets no timers while modules are loaded. */
const portable = [
  'core',
  'core/backend',
  'core/wire',
  'backend-forge',
  'backend-null',
  'conformance',
]

for (const name of portable) {
  test(`loading/${name}/asks-for-nothing`, async (t) => {
    const program = `
      const refuse = (what) => () => { throw new Error(what + ' while modules are loaded') }
      crypto.getRandomValues = refuse('randomness')
      crypto.randomUUID = refuse('randomness')
      globalThis.setTimeout = refuse('a timer')
      globalThis.setInterval = refuse('a timer')
      globalThis.fetch = refuse('a request')
      await import('@tlsio/${name}')
    `
    const options = ['--input-type=module', '--eval', program]
    const cwd = new URL('../..', import.meta.url)
    await t.notThrowsAsync(promisify(execFile)(process.execPath, options, { cwd }))
  })
}
