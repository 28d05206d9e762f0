import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { bundle } from './bundle.js'
import { reportLine } from './message-line.js'
import { binaryOf } from './npm-runtime.js'
import { compiled } from './places.js'
import type { Runtime } from './runtime.js'

const version = '1.20261117.1'

/** The runtime of Cloudflare's workers: no Node module, and no I/O outside a request. */
export const workerd: Runtime = {
  name: 'workerd',
  label: `workerd ${version}`,
  async runSuite({ report, signal }) {
    const binary = await binaryOf({ name: 'workerd', version, binary: '@cloudflare/*/bin/workerd' })
    await writeFile(
      compiled('worker.bundle.js'),
      await bundle(compiled('suite/worker.js'), ['workerd', 'worker']),
    )
    const child = spawn(binary, ['serve', '--control-fd=3', compiled('../src/workerd.capnp')], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      signal,
    })
    const gone = new Promise<never>((_, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`workerd ended with ${code}.`)))
    })
    gone.catch(() => {})
    try {
      const port = await Promise.race([portOf(child), gone])
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal })
      if (!response.ok || response.body === null) throw new Error(await response.text())
      const lines = createInterface({ input: Readable.fromWeb(response.body) })
      for await (const line of lines) reportLine(line, report)
    } finally {
      child.kill()
      await gone.catch(() => {})
    }
  },
}

/** The port that the system chose, which workerd tells on its control channel. */
async function portOf(child: ChildProcess): Promise<number> {
  const lines = createInterface({ input: child.stdio[3] as Readable })
  const [line] = (await once(lines, 'line')) as [string]
  lines.close()
  return (JSON.parse(line) as { port: number }).port
}
