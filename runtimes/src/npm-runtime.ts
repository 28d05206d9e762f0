import { execFile } from 'node:child_process'
import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './places.js'

/** A runtime that npm packages bring: the binary itself, no script to run after the install. */
export interface NpmRuntime {
  /** The package to install, and its version. */
  readonly name: string
  readonly version: string
  /**
   * The binary below `node_modules`. A `*` stands for the package of this platform, the only one
   * that npm installs of those it may choose from.
   */
  readonly binary: string
}

/** Path of the binary; it is installed on first use and kept in .cache/. */
export async function binaryOf(runtime: NpmRuntime): Promise<string> {
  const installed = await installedBinaryOf(runtime)
  if (installed !== undefined) return installed
  await install(folderOf(runtime), runtime)
  const binary = await installedBinaryOf(runtime)
  if (binary !== undefined) return binary
  throw new Error(`${runtime.name}@${runtime.version} has nothing for this platform.`)
}

/** Path of the binary if it was installed before. */
export async function installedBinaryOf(runtime: NpmRuntime): Promise<string | undefined> {
  const folder = folderOf(runtime)
  const { binary } = runtime
  try {
    const [scope, rest] = binary.split('/*/')
    let path = join(folder, 'node_modules', binary)
    if (scope !== undefined && rest !== undefined) {
      const [platform = ''] = await readdir(join(folder, 'node_modules', scope))
      path = join(folder, 'node_modules', scope, platform, rest)
    }
    await access(path)
    return path
  } catch {
    return undefined
  }
}

function folderOf({ name, version }: NpmRuntime): string {
  return join(root, '.cache/runtimes', name, version)
}

async function install(folder: string, { name, version }: NpmRuntime): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    await promisify(execFile)('npm', ['install', ...options, `${name}@${version}`], { cwd: folder })
  } catch (cause) {
    throw new Error(`${name}@${version} could not be installed.`, { cause })
  }
}
