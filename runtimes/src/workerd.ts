import { reportLine } from './message-line.js'
import { reportMissing } from './node-backends.js'
import { binaryOf } from './npm-runtime.js'
import { compiled } from './places.js'
import type { Runtime } from './runtime.js'
import { runWorker, workerdPackage } from './workerd-process.js'

/** The runtime of Cloudflare's workers: no Node module, and no I/O outside a request. */
export const workerd: Runtime = {
  name: 'workerd',
  label: `workerd ${workerdPackage.version}`,
  async runSuite({ report, signal }) {
    const binary = await binaryOf(workerdPackage)
    const lines = runWorker(binary, compiled('suite/worker.js'), { signal })
    for await (const line of lines) reportLine(line, report)
    reportMissing(report)
  },
}
