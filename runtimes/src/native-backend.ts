import { compiled } from './places.js'
import { runProcess } from './run-process.js'

/**
 * Why a backend that calls a native library cannot run on this machine; `undefined` if it can. Another
 * process is asked: the library stays out of this one.
 *
 * @param backend - its name.
 */
export async function whyNotOnThisMachine(backend: string): Promise<string | undefined> {
  let reason: string | undefined
  const end = await runProcess(process.execPath, [compiled('why-not-here.js'), backend], {
    signal: new AbortController().signal,
    onLine: (line) => {
      reason = line
    },
  })
  if (end === 0) return reason
  throw new Error(`Asked for ${backend}, a process ended with ${end}.`)
}
