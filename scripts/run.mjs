import { execFile } from 'node:child_process'
import { delimiter, resolve } from 'node:path'
import { promisify } from 'node:util'

const path = [resolve('node_modules/.bin'), process.env.PATH].join(delimiter)

/** Runs a program of the workspace and gives what it printed; if it fails, shows that and throws. */
export async function run(program, args, { cwd, env = {} } = {}) {
  try {
    const options = { cwd, env: { ...process.env, PATH: path, ...env }, maxBuffer: 2 ** 26 }
    return (await promisify(execFile)(program, args, options)).stdout
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}`)
    throw new Error(`${program} ${args.join(' ')} failed.`)
  }
}
