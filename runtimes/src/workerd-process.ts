import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { bundle } from './bundle.js'
import type { NpmRuntime } from './npm-runtime.js'
import { compiled } from './places.js'

/** The runtime of Cloudflare's workers, and where it comes from. */
export const workerdPackage: NpmRuntime = {
  name: 'workerd',
  version: '1.20261117.1',
  binary: '@cloudflare/*/bin/workerd',
}

/** How a worker is run. */
export interface WorkerOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** Put behind the address of the request, for example `?name=value`. */
  readonly search?: string
}

/** Runs a compiled file as a worker; gives the lines that it answers a request with, as they come. */
export async function* runWorker(
  binary: string,
  entry: string,
  { signal, search = '' }: WorkerOptions,
): AsyncGenerator<string, void, void> {
  const folder = await mkdtemp(join(tmpdir(), 'tlsio-workerd-'))
  const config = join(folder, 'workerd.capnp')
  let stop = async () => {}
  try {
    await copyFile(compiled('../src/workerd.capnp'), config)
    await writeFile(join(folder, 'worker.js'), await bundle(entry, ['workerd', 'worker']))
    const child = spawn(binary, ['serve', '--control-fd=3', config], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      signal,
    })
    const gone = new Promise<never>((_, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`workerd ended with ${code}.`)))
    })
    gone.catch(() => {})
    stop = async () => {
      child.kill()
      await gone.catch(() => {})
    }
    const port = await Promise.race([portOf(child), gone])
    const response = await fetch(`http://127.0.0.1:${port}/${search}`, { signal })
    if (!response.ok || response.body === null) throw new Error(await response.text())
    yield* createInterface({ input: Readable.fromWeb(response.body) })
  } finally {
    await stop()
    await rm(folder, { recursive: true })
  }
}

/** The port that the system chose, which workerd tells on its control channel. */
async function portOf(child: ChildProcess): Promise<number> {
  const lines = createInterface({ input: child.stdio[3] as Readable })
  const [line] = (await once(lines, 'line')) as [string]
  lines.close()
  return (JSON.parse(line) as { port: number }).port
}
