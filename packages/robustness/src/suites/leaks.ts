import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { Report } from '../connections-child.js'
import { within } from '../settle.js'
import type { Subject } from '../subject.js'

/** A thousand connections leave nothing behind. `module` exports the same `subject`, for a process of its own. */
export function leaks(subject: Subject, module: URL): void {
  const about = `robustness/${subject.name}/leaks`
  for (const transport of ['memory', 'tcp']) {
    for (const strictness of ['strict', 'lenient']) {
      test.serial(`${about}/1000-connections/${transport}/${strictness}`, async (t) => {
        t.timeout(120_000)
        const { samples, left } = await runChild(module, transport, strictness)
        for (const [what, most] of Object.entries(MOST_GROWTH)) {
          const key = what as keyof typeof MOST_GROWTH
          // Pools that have filled up are no leak, if the next connections leave them as they are.
          const [early, late] = key === 'resident' ? samples.slice(-2) : samples
          if (early === undefined || late === undefined) return t.fail('no measurement')
          const [from, to] = [early[key], late[key]].map((bytes) => Math.round(bytes / 1024))
          t.log(`${what}: ${from} KiB after ${early.total}, ${to} KiB after ${late.total}`)
          t.true(late[key] - early[key] < most, `${what} grew from ${from} KiB to ${to} KiB`)
        }
        t.is(samples.at(-1)?.alive, 0, 'connections that cannot be collected')
        t.deepEqual(left, [], 'open handles')
      })
    }
  }
}

/** Runs it to its own end: nothing may keep the process. */
async function runChild(module: URL, transport: string, strictness: string): Promise<Report> {
  const script = fileURLToPath(new URL('../connections-child.js', import.meta.url))
  const settings = [module.href, transport, strictness, String(MOST_GROWTH.resident)]
  const child = spawn(process.execPath, [...FLAGS, script, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  try {
    const code = await within(
      new Promise<number | null>((resolve, reject) => {
        child.on('error', reject).on('close', resolve)
      }),
      () => `the process does not end; it has said ${output}`,
      90_000,
    )
    if (code !== 0) throw new Error(`The process ended with ${code}: ${output}`)
    return JSON.parse(output) as Report
  } finally {
    child.kill('SIGKILL')
  }
}

/**
 * Without compiled code, which grows for as long as something becomes hot, and without a large nursery: what is
 * left is what connections leave.
 */
const FLAGS = [
  '--expose-gc',
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
  '--max-semi-space-size=1',
]

/** In bytes, for 900 connections: 300 bytes for each would be too many. Measured: about 80 KiB, once. */
const MOST_GROWTH = {
  heap: 262_144,
  external: 262_144,
  // Less than half of what OpenSSL has for so many, some 30 KiB for each; what is lost to malloc's pages is noise.
  resident: 12_582_912,
}
